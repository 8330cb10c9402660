"""Takes a condition apart: what starts a run, and what must hold then.

A clock and a publication are moments: they start runs. `Not` is a state: it can hold a run back that
something else started, and can start none itself.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import assert_never

from typed_assets.spec.automation import AllOf, AnyOf, Condition, Eager, Not, OnCron, OnMissing, Updated
from typed_assets.spec.errors import SpecError

type Publications = Updated | AllOf | AnyOf
"""A condition in which nothing but publications occurs."""


@dataclass(frozen=True, slots=True)
class Start:
    """What starts runs, and what must hold for one that has been started.

    Attributes:
        times: clocks; any of them starts a run.
        publications: starts a run when it has become true, or None.
        missing: the clock by which missing partitions are looked for, or None.
        holds: what must be true then, of publications since the last one of the pipeline itself, or None.
    """

    times: tuple[OnCron, ...] = ()
    publications: Publications | None = None
    missing: OnMissing | None = None
    holds: Condition | None = None


def start_of_runs(condition: Condition, upstream: tuple[str, ...]) -> Start:
    """Return what a condition says, in parts that Airflow knows.

    Args:
        condition: as the author wrote it.
        upstream: assets of other pipelines that the pipeline's own are made of; `Eager` waits for these.

    Raises:
        SpecError: nothing in Airflow can stand for it.
    """
    match condition:
        case OnCron():
            return Start(times=(condition,))
        case OnMissing():
            return Start(missing=condition)
        case Updated() | Eager():
            return Start(publications=_publications(condition, upstream))
        case AnyOf(parts):
            return _any_of(parts, upstream)
        case AllOf(parts):
            return _all_of(parts, upstream)
        case Not():
            message = "`Not` alone starts no run: there is no moment at which it becomes true"
            hint = "put it into `AllOf`, beside `OnCron`, `Updated` or `Eager`"
            raise SpecError(message, hint=hint)
        case _:
            assert_never(condition)


def names_in(condition: Condition) -> Iterator[str]:
    """Yield the names of the assets whose publication a condition asks for."""
    match condition:
        case Updated(asset):
            yield asset
        case AllOf(parts) | AnyOf(parts):
            for part in parts:
                yield from names_in(part)
        case Not(part):
            yield from names_in(part)
        case Eager() | OnCron() | OnMissing():
            return
        case _:
            assert_never(condition)


def _any_of(parts: tuple[Condition, ...], upstream: tuple[str, ...]) -> Start:
    starts = [start_of_runs(part, upstream) for part in _filled(parts, "AnyOf")]
    if any(start.holds or start.missing for start in starts):
        message = "`AnyOf` can join clocks and publications only"
        hint = "a condition that holds runs back belongs to all of them: put `AnyOf` inside `AllOf`"
        raise SpecError(message, hint=hint)
    found = tuple(start.publications for start in starts if start.publications is not None)
    times = tuple(time for start in starts for time in start.times)
    _check_zones(times)
    return Start(times=times, publications=_joined(AnyOf, found))


def _check_zones(clocks: tuple[OnCron, ...]) -> None:
    """Refuse clocks of several zones: a timetable of Airflow with several cron expressions has one."""
    zones = sorted({clock.timezone for clock in clocks})
    if len(zones) > 1:
        message = f"`AnyOf` cannot join clocks of different zones: {', '.join(f'`{zone}`' for zone in zones)}"
        raise SpecError(message, hint="write all of them in one zone")


def _all_of(parts: tuple[Condition, ...], upstream: tuple[str, ...]) -> Start:
    _filled(parts, "AllOf")
    clocks = [part for part in parts if isinstance(part, OnCron | OnMissing)]
    barred = tuple(_state(part, upstream) for part in parts if isinstance(part, Not))
    rest = [part for part in parts if not isinstance(part, Not | OnCron | OnMissing)]
    if len(clocks) > 1:
        message = "`AllOf` has two clocks, which need never strike together"
        raise SpecError(message, hint="write one cron expression, or `AnyOf`")
    if not clocks and not rest:
        message = "`Not` alone starts no run: there is no moment at which it becomes true"
        raise SpecError(message, hint="add `OnCron`, `Updated` or `Eager` to `AllOf`")
    published = tuple(_publications(part, upstream) for part in rest)
    if not clocks:
        return Start(publications=_joined(AllOf, published), holds=_joined(AllOf, barred))
    holds = _joined(AllOf, (*published, *barred))
    match clocks[0]:
        case OnCron() as clock:
            return Start(times=(clock,), holds=holds)
        case OnMissing():
            message = "`OnMissing` cannot be joined with other conditions"
            raise SpecError(message, hint="it already waits for all partitions that one is made of")
        case other:
            assert_never(other)


def _publications(condition: Condition, upstream: tuple[str, ...]) -> Publications:
    match condition:
        case Updated():
            return condition
        case Eager():
            if not upstream:
                message = "`Eager` waits for assets of other pipelines, and there are none upstream"
                raise SpecError(message, hint="use `OnCron`, or name upstream assets")
            return _joined(AnyOf, tuple(Updated(name) for name in upstream)) or Updated(upstream[0])
        case AllOf(parts):
            found = tuple(_publications(part, upstream) for part in _filled(parts, "AllOf"))
            return _joined(AllOf, found) or found[0]
        case AnyOf(parts):
            found = tuple(_publications(part, upstream) for part in _filled(parts, "AnyOf"))
            return _joined(AnyOf, found) or found[0]
        case OnCron() | OnMissing() | Not():
            message = f"`{type(condition).__name__}` cannot stand so deep in a condition"
            hint = (
                "clocks stand alone, in `AnyOf` or in the outermost `AllOf`; `Not` in the outermost `AllOf`"
            )
            raise SpecError(message, hint=hint)
        case _:
            assert_never(condition)


def _state(condition: Condition, upstream: tuple[str, ...]) -> Condition:
    if isinstance(condition, OnCron | OnMissing):
        message = "`Not` cannot bar a moment of a clock"
        raise SpecError(message, hint="write a cron expression that leaves it out")
    if isinstance(condition, Not):
        inner = _state(condition.part, upstream)
        return inner.part if isinstance(inner, Not) else Not(inner)
    return _publications(condition, upstream)


def _filled(parts: tuple[Condition, ...], name: str) -> tuple[Condition, ...]:
    if not parts:
        message = f"`{name}` has no parts"
        raise SpecError(message)
    return parts


def _joined[C: Condition](join: type[AllOf] | type[AnyOf], parts: tuple[C, ...]) -> C | AllOf | AnyOf | None:
    return join(parts) if len(parts) > 1 else (parts[0] if parts else None)
