"""What pipelines' files become, for people and for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, assert_never

from mwaactl.quotation import quoted
from mwaactl.report.table import table
from typed_assets.spec.automation import AllOf, AnyOf, Eager, Not, OnCron, OnMissing, Updated
from typed_assets.spec.order import ordered
from typed_assets.spec.pipelines import AssetStep, OperatorStep, Pipeline, Step

if TYPE_CHECKING:
    from collections.abc import Sequence

    from typed_assets.spec.automation import Condition


def pipelines_text(pipelines: Sequence[Pipeline]) -> str:
    """Return what each pipeline is, step by step in their order."""
    return "\n\n".join(_text(each) for each in pipelines)


def _text(pipeline: Pipeline) -> str:
    lines = [f"{pipeline.id}: {quoted(pipeline.description)}" if pipeline.description else pipeline.id]
    lines.append(f"runs {schedule_words(pipeline.schedule)}")
    rows = [(step.id, _what(step), ", ".join(step.after)) for step in ordered(pipeline)]
    return "\n".join([*lines, "", table(("STEP", "WHAT", "AFTER"), rows)])


def _what(step: Step) -> str:
    match step:
        case OperatorStep():
            mapped = f" for each of {', '.join(step.expand)}" if step.expand else ""
            return f"{step.operator.rpartition('.')[2]}{mapped}"
        case AssetStep():
            return f"makes {', '.join(asset.name for asset in step.assets)}"
    assert_never(step)


def schedule_words(condition: Condition | None) -> str:
    """Return when a pipeline runs, in words."""
    match condition:
        case None:
            words = "only when it is asked to"
        case Eager():
            words = "whenever an upstream asset has been published"
        case OnCron(cron, timezone):
            words = f"at `{cron}` ({timezone})"
        case OnMissing(cron):
            words = f"while partitions are missing, looked at `{cron}`"
        case Updated(asset):
            words = f"when `{asset}` has been published"
        case AllOf(parts):
            words = f"when all hold: {'; '.join(schedule_words(part) for part in parts)}"
        case AnyOf(parts):
            words = f"when one holds: {'; '.join(schedule_words(part) for part in parts)}"
        case Not(part):
            words = f"unless: {schedule_words(part)}"
        case _:
            assert_never(condition)
    return words


def pipelines_data(pipelines: Sequence[Pipeline]) -> dict[str, Any]:
    """Return the same as JSON values, with arguments and places."""
    return {"pipelines": [_data(each) for each in pipelines]}


def _data(pipeline: Pipeline) -> dict[str, Any]:
    return {
        "id": pipeline.id,
        "description": pipeline.description,
        "schedule": schedule_words(pipeline.schedule),
        "start": None if pipeline.start is None else pipeline.start.isoformat(),
        "tags": list(pipeline.tags),
        "owners": list(pipeline.owners),
        "steps": [_step_data(step) for step in ordered(pipeline)],
    }


def _step_data(step: Step) -> dict[str, Any]:
    found: dict[str, Any] = {"id": step.id, "after": list(step.after)}
    found |= {"place": None if step.place is None else str(step.place)}
    match step:
        case OperatorStep():
            arguments = {name: _plain(value) for name, value in step.arguments.items()}
            expand = {name: _plain(value) for name, value in step.expand.items()}
            return {**found, "operator": step.operator, "arguments": arguments, "expand": expand}
        case AssetStep():
            return {**found, "make": str(step.make), "assets": [asset.name for asset in step.assets]}
    assert_never(step)


def _plain(value: Any) -> Any:  # noqa: ANN401 - whatever an operator takes
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return value if isinstance(value, (str, int, float, bool, type(None))) else str(value)
