"""A plan, and what came of it, as text and as JSON."""

from typing import Any

from mwaactl.observed import Release
from mwaactl.planner.actions import Plan
from mwaactl.report.actions import action_data, count_of, subject_of, verb_of


def plan_text(plan: Plan) -> str:
    """Return a plan for reading: one line per action with its reason."""
    if plan.is_empty:
        return f"{plan.environment}: nothing to do"
    width = max(len(subject_of(each)) for each in plan.actions)
    lines = [f"  {verb_of(each):<6} {subject_of(each):<{width}}  {each.reason}" for each in plan.actions]
    return "\n".join([f"{plan.environment}: {count_of(len(plan.actions), 'action')}", *lines])


def plan_data(plan: Plan) -> dict[str, Any]:
    """Return a plan as JSON values."""
    return {
        "environment": plan.environment,
        "changes": not plan.is_empty,
        "actions": [action_data(each) for each in plan.actions],
    }


def outcome_text(plan: Plan, release: Release | None) -> str:
    """Return in one line what a deployment brought about."""
    if plan.is_empty:
        return f"{plan.environment}: nothing to do"
    if release is None:
        return (
            f"{plan.environment}: written, not verified; run `mwaactl deploy` again to verify and record it"
        )
    return f"{plan.environment}: release {release.id} is deployed, {count_of(len(release.files), 'file')}"


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
        }
    verified = release is not None or plan.is_empty
    return {**plan_data(plan), "release": recorded, "verified": verified}
