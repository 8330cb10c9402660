"""What `mwaactl harden` is about to do and has done, as text and as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mwaactl.report.actions import action_data, subject_of, verb_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mwaactl.planner.actions import UpdateParameters


def hardening_text(environment: str, actions: Sequence[UpdateParameters]) -> str:
    """Return the plan for reading."""
    if not actions:
        return f"{environment}: nothing to do"
    count = f"{len(actions)} action{'s' if len(actions) > 1 else ''}"
    lines = [f"  {verb_of(each)} {subject_of(each)}  {each.reason}" for each in actions]
    return "\n".join([f"{environment}: {count}", *lines])


def hardening_data(
    environment: str, queue: str | None, actions: Sequence[UpdateParameters]
) -> dict[str, Any]:
    """Return the plan as JSON values.

    Args:
        environment: Name in the configuration.
        queue: ARN of the one queue.
        actions: What is to be done.
    """
    return {
        "environment": environment,
        "changes": bool(actions),
        "queue": queue,
        "actions": [action_data(each) for each in actions],
    }
