"""What no plan can be made for: stacks that are busy or stuck, an environment that is broken or going."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mwaactl.errors import Conflict
from mwaactl.planner.stacks import STUCK, exists
from mwaactl.planner.statuses import REMEDIES, Meaning, meaning_of

if TYPE_CHECKING:
    from mwaactl.desired import DesiredState
    from mwaactl.observed import ObservedStack, ObservedState

_DELETED = "DELETED"


def refuse_what_cannot_change(desired: DesiredState, observed: ObservedState) -> None:
    """Refuse while a stack is changing or the environment cannot take a change.

    Raises:
        Conflict: The message says what it is, the hint what to do.
    """
    if (busy := busy_stack(desired, observed)) is not None:
        message = f"stack `{busy.name}` is {busy.status}"
        _refuse(message, "wait until it is done, then run the command again")
    environment = observed.environment
    if environment is None or environment.status == _DELETED:
        _refuse_lost(desired, observed)
    elif meaning_of(environment.status) in (Meaning.BROKEN, Meaning.GONE):
        why = f": {environment.update_error}" if environment.update_error else ""
        _refuse(
            f"environment `{environment.name}` is {environment.status}{why}", REMEDIES[environment.status]
        )


def busy_stack(desired: DesiredState, observed: ObservedState) -> ObservedStack | None:
    """Return a stack that is changing, or None."""
    for name in (*desired.foundation_stacks, desired.names.environment_stack):
        stack = observed.stacks.get(name)
        if stack is not None and exists(stack) and stack.status.endswith("_IN_PROGRESS"):
            return stack
    return None


def refuse_stuck(stack: ObservedStack, region: str | None = None) -> None:
    """Refuse an update of a stack that takes none; where its region is known, the remedy names it.

    Raises:
        Conflict: The message says what it is, the hint what to do.
    """
    if stack.status in STUCK:
        remedy = STUCK[stack.status].format(options=_options(stack.name, region))
        _refuse(f"stack `{stack.name}` is {stack.status}, so it takes no update", remedy)


def _refuse_lost(desired: DesiredState, observed: ObservedState) -> None:
    """Refuse where CloudFormation takes an environment for granted that is no more."""
    stack = desired.names.environment_stack
    if exists(observed.stacks.get(stack)):
        message = (
            f"environment `{desired.names.environment_name}` does not exist, and its stack `{stack}` does"
        )
        command = f"aws cloudformation delete-stack {_options(stack, desired.names.region)}"
        hint = f"it was deleted past CloudFormation: delete the stack too (`{command}`) and deploy again"
        _refuse(message, hint)


def _options(stack: str, region: str | None) -> str:
    """Return what names a stack for the AWS CLI, whose own region may be another."""
    return f"--stack-name {stack}" + (f" --region {region}" if region else "")


def _refuse(message: str, hint: str) -> None:
    raise Conflict(
        message, service="mwaa", operation="GetEnvironment", error_code="ResourceConflict", hint=hint
    )
