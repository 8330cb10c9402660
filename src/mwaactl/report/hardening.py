"""What `mwaactl harden` is about to do and has done, as text and as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mwaactl.report.actions import action_data, subject_of, verb_of

if TYPE_CHECKING:
    from mwaactl.planner.actions import UpdateParameters


def hardening_text(environment: str, action: UpdateParameters | None) -> str:
    """Return the plan for reading."""
    if action is None:
        return f"{environment}: nothing to do"
    return f"{environment}: 1 action\n  {verb_of(action)} {subject_of(action)}  {action.reason}"


def hardening_data(environment: str, queue: str | None, action: UpdateParameters | None) -> dict[str, Any]:
    """Return the plan as JSON values.

    Args:
        environment: Name in the configuration.
        queue: ARN of the one queue.
        action: What is to be done; None for nothing.
    """
    actions = [] if action is None else [action_data(action)]
    return {"environment": environment, "changes": bool(actions), "queue": queue, "actions": actions}
