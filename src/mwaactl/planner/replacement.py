"""How an update replaces the environment's workers, with MWAA's rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mwaactl.catalog.changes import graceful_replacement
from mwaactl.desired import REPLACEMENT_PARAMETER, WorkerReplacement
from mwaactl.errors import Conflict
from mwaactl.planner.actions import StackParameter

if TYPE_CHECKING:
    from mwaactl.observed import ObservedEnvironment, ObservedStack, ObservedState


def plan_replacement(
    observed: ObservedState, stack: ObservedStack, wanted: WorkerReplacement | None
) -> tuple[StackParameter, ...]:
    """Return the parameter that says how this update replaces workers, where it has to change.

    Raises:
        Conflict: If MWAA would not do it that way, or the stack cannot say it.
    """
    value = wanted.value if wanted else ""
    present = stack.parameters.get(REPLACEMENT_PARAMETER)
    if present is None and wanted is not None:
        message = f"stack `{stack.name}` has no parameter `{REPLACEMENT_PARAMETER}`"
        raise _refusal(
            message, f"run `npx cdk deploy {stack.name}` once, which gives it the present template"
        )
    if wanted is WorkerReplacement.GRACEFUL and observed.environment is not None:
        _refuse_ungraceful(observed.environment)
    return (StackParameter(REPLACEMENT_PARAMETER, value),) if (present or "") != value else ()


def replacement_past_stack(
    environment: ObservedEnvironment, wanted: WorkerReplacement | None
) -> tuple[StackParameter, ...]:
    """Return how an update of the environment itself replaces workers, where that was said.

    Raises:
        Conflict: If MWAA would not do it that way.
    """
    if wanted is None:
        return ()
    if wanted is WorkerReplacement.GRACEFUL:
        _refuse_ungraceful(environment)
    return (StackParameter(REPLACEMENT_PARAMETER, wanted.value),)


def _refuse_ungraceful(environment: ObservedEnvironment) -> None:
    region = environment.arn.split(":")[3] if environment.arn else ""
    if not graceful_replacement().exists_in(environment.airflow_version, region):
        message = f"MWAA does not replace workers gracefully in {region}"
        raise _refusal(message, "leave `--worker-replacement` out, or say `forced`")
    if environment.replacement is None:
        message = "MWAA replaces workers gracefully only after one forced update"
        raise _refusal(message, "run this deployment with `--worker-replacement forced`")


def _refusal(message: str, hint: str) -> Conflict:
    return Conflict(
        message, service="mwaa", operation="UpdateEnvironment", error_code="ValidationException", hint=hint
    )
