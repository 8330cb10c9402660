"""A plan, and what came of it, as text and as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mwaactl.catalog.changes import durations
from mwaactl.planner.actions import DeleteObject, PutObject
from mwaactl.project.portable_names import printable
from mwaactl.report.actions import action_data, change_of, count_of, subject_of, verb_of
from mwaactl.report.cost_differences import cost_difference_data, cost_difference_text
from mwaactl.report.windows import window_data, window_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mwaactl.config.names import Names
    from mwaactl.cost.difference import CostDifference
    from mwaactl.observed import Release
    from mwaactl.planner.actions import Plan
    from mwaactl.planner.window import Window

# How many files one reads before one looks at the totals.
SHOWN_FOREIGN = 5
# A longer name moves its own reason to the right and not those of all others.
_WIDEST = 72
_FORMAT = 1


def plan_text(plan: Plan, window: Window | None = None, cost: CostDifference | None = None) -> str:
    """Return a plan for reading: a line for each action, the totals, and what it costs in time and money."""
    if plan.is_empty:
        return "\n".join([f"{plan.environment}: nothing to do", *_cost(cost), *_notes(plan)])
    width = min(max(len(subject_of(each)) for each in plan.actions), _WIDEST)
    lines = [f"  {verb_of(each):<6} {subject_of(each):<{width}}  {each.reason}" for each in plan.actions]
    head = f"{plan.environment}: {count_of(len(plan.actions), 'action')}"
    figures = (*_summary(plan), *_cost(cost), *_window(window))
    return "\n".join([head, *lines, *figures, *_notes(plan), *_refusals(plan)])


def notes_text(plan: Plan) -> str:
    """Return what one should know of an environment beside the plan: a line for each; empty for nothing."""
    return "\n".join(_notes(plan))


def plan_data(plan: Plan, window: Window | None = None, cost: CostDifference | None = None) -> dict[str, Any]:
    """Return a plan as JSON values."""
    return {
        "environment": plan.environment,
        "changes": not plan.is_empty,
        "actions": [action_data(each) for each in plan.actions],
        "totals": _totals(plan),
        "effect": plan.effect.value,
        "duration": durations()[plan.effect.value],
        "refusals": [{"message": each.message, "flag": each.flag} for each in plan.refusals],
        "foreign": list(plan.foreign),
        "notes": list(plan.notes),
        "window": window_data(window) if window else None,
        "cost": cost_difference_data(cost) if cost else None,
    }


def kept_plan(
    plan: Plan, names: Names, flags: Sequence[str], digest: str, base: str | None
) -> dict[str, Any]:
    """Return a plan as it is kept in a file.

    Args:
        plan: The plan.
        names: Of what it is for.
        flags: The options that it was made with.
        digest: Of what it leads to.
        base: Id of the release that was current when it was made.
    """
    where = {"environment": plan.environment, "account": names.account, "region": names.region}
    made = {"options": list(flags), "base": base, "digest": digest}
    return {"format": _FORMAT, **where, **made, "actions": [action_data(each) for each in plan.actions]}


def moved_since(kept: dict[str, Any], now: dict[str, Any]) -> str | None:
    """Return in words why a kept plan is not the one that would be made now, or None if it is.

    Raises:
        KeyError: If what was kept is no plan.
    """
    if elsewhere := _made_elsewhere(kept, now):
        return elsewhere
    if kept["options"] != now["options"]:
        return f"it was made {_with(kept['options'])}, and this deployment goes {_with(now['options'])}"
    if kept["digest"] != now["digest"]:
        return "the project's files are not those that it was made from"
    if kept["base"] != now["base"]:
        return f"release {now['base']} was deployed since"
    before, after = ([_without_reason(each) for each in plan["actions"]] for plan in (kept, now))
    new = [each for each in after if each not in before]
    differing = new or [each for each in before if each not in after]
    if differing:
        return f"`{differing[0]['action']} {differing[0]['subject']}` is not as it was"
    return None if before == after else "its actions stand in another order"


def _without_reason(action: dict[str, Any]) -> dict[str, Any]:
    """Return what an action does: another version of mwaactl may give the same reason in other words."""
    return {name: value for name, value in action.items() if name != "reason"}


def _made_elsewhere(kept: dict[str, Any], now: dict[str, Any]) -> str | None:
    if kept["format"] != now["format"]:
        return "another version of mwaactl made it, which keeps plans in another form"
    names = (name for name in ("environment", "account", "region") if kept[name] != now[name])
    return next((f"it is for {name} `{kept[name]}`, and this is `{now[name]}`" for name in names), None)


def outcome_text(plan: Plan, release: Release | None) -> str:
    """Return in one line what a deployment brought about."""
    if plan.is_empty:
        return f"{plan.environment}: nothing to do"
    if release is None:
        return (
            f"{plan.environment}: written, not verified; run `mwaactl deploy` again to verify and record it"
        )
    files = count_of(len(release.files), "file")
    if release.restores:
        return f"{plan.environment}: release {release.restores} is back as {release.id}, {files}"
    return f"{plan.environment}: release {release.id} is deployed, {files}"


def outcome_data(plan: Plan, release: Release | None) -> dict[str, Any]:
    """Return a deployment's outcome as JSON values."""
    recorded = None
    if release is not None:
        recorded = {
            "id": release.id,
            "digest": release.digest,
            "git_commit": release.git_commit,
            "who": release.who,
            "when": release.when,
            "restores": release.restores,
            "replaces": release.replaces,
        }
    verified = release is not None or plan.is_empty
    return {**plan_data(plan), "release": recorded, "verified": verified}


def _with(flags: Sequence[str]) -> str:
    return f"with `{' '.join(flags)}`" if flags else "without options"


def _totals(plan: Plan) -> dict[str, int]:
    uploads = [change_of(each) for each in plan.actions if isinstance(each, PutObject)]
    deletes = sum(isinstance(each, DeleteObject) for each in plan.actions)
    return {"create": uploads.count("create"), "change": uploads.count("change"), "delete": deletes}


def _summary(plan: Plan) -> Iterator[str]:
    totals = _totals(plan)
    size = sum(each.size for each in plan.actions if isinstance(each, PutObject))
    yield (
        f"files: {totals['create']} to create, {totals['change']} to change, "
        f"{totals['delete']} to delete, {size:,} bytes"
    )
    yield f"time:  {durations()[plan.effect.value]}"


def _cost(cost: CostDifference | None) -> Iterator[str]:
    if cost:
        yield cost_difference_text(cost)


def _window(window: Window | None) -> Iterator[str]:
    if window and (text := window_text(window)):
        yield text


def _notes(plan: Plan) -> Iterator[str]:
    # Whoever can write to the bucket must not steer the terminal of whoever plans.
    yield from (f"note:  {printable(each)}" for each in plan.notes)
    if plan.foreign:
        shown = ", ".join(map(printable, plan.foreign[:SHOWN_FOREIGN]))
        more = len(plan.foreign) - SHOWN_FOREIGN
        rest = f" and {more} more" if more > 0 else ""
        yield f"note:  not of any release, and left alone: {shown}{rest}"


def _refusals(plan: Plan) -> Iterator[str]:
    for each in plan.refusals:
        yield f"note:  `mwaactl deploy` refuses this without `{each.flag}`: {each.message}"
