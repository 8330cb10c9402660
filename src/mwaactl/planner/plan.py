"""The plan: every resource's actions in the order in which they are safe.

Stacks → artifacts → the environment's update → modules → DAGs → deletes → verification → the record. The
environment comes before the DAG files, so that a new DAG never meets an environment without its packages, and
an update which fails leaves everything as it was. A new environment finds its DAG files in the bucket.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mwaactl.errors import Conflict
from mwaactl.planner.actions import Action, CreateStack, Plan, RecordRelease, UpdateParameters
from mwaactl.planner.objects import plan_artifacts, plan_dags, plan_deletes
from mwaactl.planner.stacks import STUCK, exists, plan_environment_stack, plan_foundations
from mwaactl.planner.statuses import REMEDIES, Meaning, meaning_of
from mwaactl.planner.verification import plan_await, plan_parsed, plan_requirements

if TYPE_CHECKING:
    from mwaactl.desired import DesiredState
    from mwaactl.observed import ObservedStack, ObservedState


def plan(desired: DesiredState, observed: ObservedState) -> Plan:
    """Compare what should be with what is.

    Raises:
        Conflict: If a stack is busy with another change, or the environment cannot take one.
    """
    _refuse_what_cannot_change(desired, observed)
    artifacts = tuple(plan_artifacts(desired, observed))
    dags = tuple(plan_dags(desired, observed))
    deletes = tuple(plan_deletes(desired, observed))
    change = plan_environment_stack(desired, observed, artifacts)
    if isinstance(change, UpdateParameters):
        _refuse_stuck(observed.stacks[change.stack])
    waiting = _present(
        change, plan_await(desired, observed, change), plan_requirements(desired, observed, change)
    )
    written: tuple[Action, ...] = (*dags, *deletes)
    ordered = (*written, *waiting) if isinstance(change, CreateStack) else (*waiting, *written)
    actions: tuple[Action, ...] = (*plan_foundations(desired, observed), *artifacts, *ordered)
    if not actions and _is_released(desired, observed):
        return Plan(desired.names.environment, ())
    parsed = plan_parsed(desired, change, dags, deletes)
    record = RecordRelease(desired.digest, observed.current_etag, _record_reason(observed))
    return Plan(desired.names.environment, (*actions, parsed, record))


def _present(*actions: Action | None) -> tuple[Action, ...]:
    return tuple(each for each in actions if each is not None)


def _is_released(desired: DesiredState, observed: ObservedState) -> bool:
    return observed.current is not None and observed.current.digest == desired.digest


def _record_reason(observed: ObservedState) -> str:
    if observed.unfinished:
        return f"release {observed.unfinished[-1].id} was not finished"
    return "it is the first release" if observed.current is None else "the current release holds other files"


def _refuse_what_cannot_change(desired: DesiredState, observed: ObservedState) -> None:
    for name in (*desired.foundation_stacks, desired.names.environment_stack):
        stack = observed.stacks.get(name)
        if exists(stack) and stack is not None and stack.status.endswith("_IN_PROGRESS"):
            _refuse(f"stack `{name}` is {stack.status}", "wait until it is done, then run the command again")
    environment = observed.environment
    if environment is not None and meaning_of(environment.status) in (Meaning.BROKEN, Meaning.GONE):
        why = f": {environment.update_error}" if environment.update_error else ""
        _refuse(
            f"environment `{environment.name}` is {environment.status}{why}", REMEDIES[environment.status]
        )


def _refuse_stuck(stack: ObservedStack) -> None:
    if stack.status in STUCK:
        _refuse(f"stack `{stack.name}` is {stack.status}, so it takes no update", STUCK[stack.status])


def _refuse(message: str, hint: str) -> None:
    raise Conflict(
        message, service="mwaa", operation="GetEnvironment", error_code="ResourceConflict", hint=hint
    )
