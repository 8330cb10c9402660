"""The forms of a schedule: a cron expression, a preset, `eager`, or a mapping with one key."""

from collections.abc import Callable, Mapping
from typing import Any
from zoneinfo import ZoneInfo

from typed_assets.spec.automation import AllOf, AnyOf, Condition, Eager, Not, OnCron, OnMissing, Updated
from typed_assets.spec.errors import SpecError, nearest
from typed_assets.spec.names import asset_name
from typed_assets.yaml.cron_expressions import cron_fault
from typed_assets.yaml.documents import Path
from typed_assets.yaml.problems import Problem, shown

EAGER = "eager"
_FORMS = ("cron", "timezone", "missing", "updated", "all", "any", "not")
_FORM = (
    "write a cron expression, `eager`, or a mapping with `cron`, `missing`, `updated`, `all`, `any` or `not`"
)

SCHEMA: Mapping[str, Any] = {
    "description": "when it runs: a cron expression, a preset, `eager`, or a condition",
    "anyOf": [
        {"type": "null"},
        {"type": "string", "examples": ["30 6 * * *", "@daily", EAGER]},
        {
            "type": "object",
            "properties": {
                "cron": {"type": "string", "description": "five fields, or a preset"},
                "timezone": {"type": "string", "description": "a name such as `Europe/Berlin`"},
            },
            "required": ["cron"],
            "additionalProperties": False,
        },
        *(
            {"type": "object", "properties": {key: inner}, "required": [key], "additionalProperties": False}
            for key, inner in (
                ("missing", {"type": "string", "description": "looks for missing partitions at these times"}),
                ("updated", {"type": "string", "description": "the name of an asset"}),
                ("all", {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/Schedule"}}),
                ("any", {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/Schedule"}}),
                ("not", {"$ref": "#/$defs/Schedule"}),
            )
        ),
    ],
}


class ScheduleError(Exception):
    """A mistake in a schedule, with its path."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(problem[1])


def condition(value: Any, path: Path = ("schedule",)) -> Condition:  # noqa: ANN401 - any JSON value
    """Return the condition that a schedule says.

    Raises:
        ScheduleError: it says none.
    """
    if isinstance(value, str):
        return Eager() if value == EAGER else OnCron(_cron(value, path))
    if not isinstance(value, dict):
        raise ScheduleError((path, f"must be a schedule, not {shown(value)}", _FORM))
    for key in value:
        if key not in _FORMS:
            hint = nearest(key, _FORMS) or _FORM
            raise ScheduleError(((*path, key), f"there is no key `{key}` here", hint))
    form = next((key for key in value if key != "timezone"), None)
    if form is None or len(value) != 1 + ("timezone" in value) or ("timezone" in value and form != "cron"):
        raise ScheduleError((path, "must have one of the forms of a schedule", _FORM))
    return _READERS[form](value, (*path, form))


def _on_cron(value: Mapping[str, Any], path: Path) -> OnCron:
    zone = value.get("timezone", "UTC")
    try:
        ZoneInfo(zone)
    except (TypeError, ValueError, OSError, KeyError):
        place = (*path[:-1], "timezone")
        raise ScheduleError((place, f"{shown(zone)} is no time zone", "write `Europe/Berlin`")) from None
    return OnCron(_cron(value["cron"], path), zone)


def _on_missing(value: Mapping[str, Any], path: Path) -> OnMissing:
    return OnMissing(_cron(value["missing"], path))


def _updated(value: Mapping[str, Any], path: Path) -> Updated:
    try:
        return Updated(asset_name(str(value["updated"])))
    except SpecError as error:
        raise ScheduleError((path, error.message, error.hint)) from None


def _all(value: Mapping[str, Any], path: Path) -> AllOf:
    return AllOf(_parts(value["all"], path))


def _any(value: Mapping[str, Any], path: Path) -> AnyOf:
    return AnyOf(_parts(value["any"], path))


def _not(value: Mapping[str, Any], path: Path) -> Not:
    return Not(condition(value["not"], path))


def _parts(value: Any, path: Path) -> tuple[Condition, ...]:  # noqa: ANN401 - any JSON value
    if not isinstance(value, list) or not value:
        raise ScheduleError((path, f"must be a list of schedules, not {shown(value)}", None))
    return tuple(condition(each, (*path, number)) for number, each in enumerate(value))


def _cron(value: Any, path: Path) -> str:  # noqa: ANN401 - any JSON value
    if not isinstance(value, str):
        raise ScheduleError((path, f"must be a cron expression, not {shown(value)}", None))
    if (fault := cron_fault(value)) is not None:
        raise ScheduleError((path, *fault))
    return value


_READERS: Mapping[str, Callable[[Mapping[str, Any], Path], Condition]] = {
    "cron": _on_cron,
    "missing": _on_missing,
    "updated": _updated,
    "all": _all,
    "any": _any,
    "not": _not,
}
