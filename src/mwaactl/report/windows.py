"""The window of a change as text and as JSON."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any, assert_never

from mwaactl.planner.hazards import Hazard, Reason
from mwaactl.planner.window import Window
from mwaactl.project.needs import Moment

# How many hazards one reads before one looks for a way around them all.
SHOWN = 10
_REMEDY = "`--zero-window` deploys the DAGs as one archive instead"
_SUBJECTS = {Moment.AT_IMPORT: "a parse", Moment.LATER: "a task"}


def window_text(window: Window) -> str:
    """Return what may fail between the writes of a change, and when; empty for an additive change."""
    if window.is_additive:
        return ""
    lines = [f"  {hazard_text(each)}" for each in window.hazards[:SHOWN]]
    if len(window.hazards) > SHOWN:
        lines.append(f"  and {len(window.hazards) - SHOWN} more")
    head = f"not additive: {_when(window)} {_what(window.hazards)} may fail"
    return "\n".join([head, *lines, *([f"  {_REMEDY}"] if window.avoidable else [])])


def window_data(window: Window) -> dict[str, Any]:
    """Return a window as JSON values."""
    return {
        "additive": window.is_additive,
        "writes": window.writes,
        "first": window.first or None,
        "last": window.last or None,
        "hazards": [
            {**asdict(each), "reason": each.reason.value, "moment": each.moment.value}
            for each in window.hazards
        ],
    }


def hazard_text(hazard: Hazard) -> str:
    """Return in one sentence what a file does not find."""
    importer, module, name = hazard.importer, hazard.module, hazard.name
    takes = f"`{importer}` takes `{name}` from `{module}`" if name else f"`{importer}` imports `{module}`"
    match hazard.reason:
        case Reason.NOT_YET:
            return f"{takes}, which does not have it yet" if name else f"{takes}, which is not there yet"
        case Reason.GONE:
            return f"{takes}, which no longer has it" if name else f"{takes}, which goes away"
        case Reason.UNSURE:
            return f"{takes}, which may no longer have it"
        case Reason.MISSING:
            return f"{takes}, which does not have it" if name else f"{takes}, which is not there"
        case Reason.CIRCLE:
            return f"`{importer}` and `{module}` are in a circle of imports, partly old and partly new"
        case Reason.UNKNOWN:
            return f"what `{importer}` takes at present is not known, while something goes away"
        case _:
            assert_never(hazard.reason)


def _when(window: Window) -> str:
    if window.last is None:
        return f"from write {window.first} of {window.writes} on"
    return f"between write {window.first} and write {window.last} of {window.writes}"


def _what(hazards: Iterable[Hazard]) -> str:
    moments = {each.moment for each in hazards}
    words = [word for moment, word in _SUBJECTS.items() if moment in moments]
    return " or ".join(words)
