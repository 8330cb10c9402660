"""Deploys generated changes and really imports the DAG folder as it is between any two writes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import HealthCheck, event, given, note, settings

from mwaactl.planner.window import window_of
from tests.fakes.deployments import Deployments, facts, state_of
from tests.fakes.examples import examples
from tests.fakes.generated_trees import Folder, additive_changes, changes, sources
from tests.fakes.imported_sources import failures

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mwaactl.planner.window import Window

# Sixty changes in the suite; MWAACTL_EXAMPLES=20000 looks for longer.
EXAMPLES = settings(
    max_examples=examples(60),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)


def deployed(old: Folder, new: Folder) -> tuple[Window, list[tuple[int, str, str]]]:
    """Deploys two folders one after the other; returns the window, and what failed after which write."""
    before, after = sources(old), sources(new)
    assert not list(failures(before))
    assert not list(failures(after))
    deployments = Deployments()
    deployments.deploy(before)
    plan, writes = deployments.deploy(after)
    known = {f"dags/{name}": facts(f"dags/{name}", source) for name, source in before.items()}
    window = window_of(state_of(after), plan.actions, known)
    assert window.writes == len(writes)
    note(f"{writes}\n{window}")
    return window, list(_failing(before, after, writes))


def _failing(
    before: dict[str, str], after: dict[str, str], writes: list[str]
) -> Iterator[tuple[int, str, str]]:
    folder = dict(before)
    for number, write in enumerate(writes, 1):
        verb, key = write.split()
        name = key.removeprefix("dags/")
        if verb == "put":
            folder[name] = after[name]
        else:
            del folder[name]
        for failed, error in failures(folder):
            yield number, failed, error
    assert folder == after


@EXAMPLES
@given(additive_changes())
def test_an_additive_change_parses_after_every_write_and_no_window_is_named(
    change: tuple[Folder, Folder],
) -> None:
    window, failed = deployed(*change)
    assert failed == []
    assert window.hazards == ()


@EXAMPLES
@given(changes())
def test_where_a_write_leaves_what_does_not_parse_a_window_is_named(change: tuple[Folder, Folder]) -> None:
    window, failed = deployed(*change)
    event(f"fails: {bool(failed)}, window: {not window.is_additive}")
    numbers = [number for number, _, _ in failed]
    if numbers:
        assert window.hazards
        assert window.first <= min(numbers)
        assert window.last is None or max(numbers) < window.last
