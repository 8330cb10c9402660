"""An environment that runs other artifacts than its stack names: someone changed it past CloudFormation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mwaactl.planner.actions import RestoreArtifacts
from mwaactl.planner.artifact_changes import kinds_of, listed
from mwaactl.planner.replacement import replacement_past_stack
from mwaactl.planner.statuses import is_running

if TYPE_CHECKING:
    from mwaactl.desired import WorkerReplacement
    from mwaactl.observed import ObservedState
    from mwaactl.planner.actions import StackParameter


def plan_restoration(
    observed: ObservedState,
    wanted: tuple[StackParameter, ...],
    replacement: WorkerReplacement | None = None,
) -> RestoreArtifacts | None:
    """Give the environment what its stack names where it runs something else.

    CloudFormation cannot: its parameters are as wanted, so it sees nothing to update.

    Raises:
        Conflict: If workers cannot be replaced as asked.
    """
    environment = observed.environment
    if environment is None or environment.artifacts is None:
        return None
    if not is_running(environment.status):
        return None
    present = environment.artifacts
    differing = tuple(each for each in wanted if present.get(each.name, "") != each.value)
    if not differing:
        return None
    parameters = (*differing, *replacement_past_stack(environment, replacement))
    reason = f"its stack names another version of {listed(kinds_of(differing))}"
    return RestoreArtifacts(environment.name, parameters, reason)
