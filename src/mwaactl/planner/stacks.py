"""Plans the stacks: those that must exist first, and the parameters of the environment's own."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from mwaactl.desired import ArtifactKind, DesiredArtifact, DesiredState
from mwaactl.planner.actions import (
    CreateStack,
    PutObject,
    StackParameter,
    UpdateParameters,
    VersionOf,
)
from mwaactl.planner.artifact_changes import change_of
from mwaactl.planner.environment_drift import plan_restoration
from mwaactl.planner.objects import artifact_version
from mwaactl.planner.replacement import plan_replacement

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from mwaactl.desired import WorkerReplacement
    from mwaactl.observed import ObservedStack, ObservedState
    from mwaactl.planner.actions import EnvironmentChange

# A stack whose first creation failed exists, yet holds nothing: it can only be deleted and created anew,
# which `cdk deploy` does.
UNBORN = frozenset({"ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "CREATE_FAILED", "REVIEW_IN_PROGRESS"})

# An update leaves these as they are, with an error; the options name the stack for the AWS CLI.
STUCK: Mapping[str, str] = MappingProxyType(
    {
        "UPDATE_ROLLBACK_FAILED": "finish its rollback with "
        "`aws cloudformation continue-update-rollback {options}`",
        "DELETE_FAILED": "delete it in full, then deploy again to create it",
    }
)


def exists(stack: ObservedStack | None) -> bool:
    """Tell whether a stack was ever created in full."""
    return stack is not None and stack.status not in UNBORN


def plan_foundations(desired: DesiredState, observed: ObservedState) -> Iterator[CreateStack]:
    """Create the stacks that must exist before the upload and do not; `cdk deploy` updates the others."""
    for name in desired.foundation_stacks:
        stack = observed.stacks.get(name)
        if not exists(stack):
            reason = "the stack does not exist" if stack is None else f"the stack is {stack.status}"
            yield CreateStack(name, (), reason)


def plan_environment_stack(
    desired: DesiredState,
    observed: ObservedState,
    uploads: tuple[PutObject, ...],
    replacement: WorkerReplacement | None = None,
) -> EnvironmentChange | None:
    """Create the environment's stack, or give it the artifacts' present versions, or leave it.

    An environment that runs other artifacts than its stack names is given those.

    Raises:
        Conflict: If workers cannot be replaced as asked.
    """
    name = desired.names.environment_stack
    wanted = artifact_parameters(desired, observed, uploads)
    stack = observed.stacks.get(name)
    if stack is None or not exists(stack):
        reason = "the stack does not exist" if stack is None else f"the stack is {stack.status}"
        return CreateStack(name, wanted, reason)
    differing = tuple(each for each in wanted if stack.parameters.get(each.name, "") != each.value)
    if not differing:
        return plan_restoration(observed, wanted, replacement)
    parameters = (*differing, *plan_replacement(observed, stack, replacement))
    return UpdateParameters(name, parameters, change_of(differing))


def plan_observability(desired: DesiredState, change: EnvironmentChange | None) -> CreateStack | None:
    """Create the stack that watches an environment, once there is something to watch."""
    if not isinstance(change, CreateStack):
        return None
    return CreateStack(desired.names.observability_stack, (), "it watches the new environment")


def artifact_parameters(
    desired: DesiredState, observed: ObservedState, uploads: tuple[PutObject, ...]
) -> tuple[StackParameter, ...]:
    """Return key and version of each artifact; both are empty for one that the project does not have."""
    uploaded = frozenset(each.key for each in uploads)
    present = {artifact.kind: artifact for artifact in desired.artifacts}
    return tuple(
        parameter
        for kind in ArtifactKind
        for parameter in _parameters(kind, present.get(kind), observed, uploaded)
    )


def _parameters(
    kind: ArtifactKind, artifact: DesiredArtifact | None, observed: ObservedState, uploaded: frozenset[str]
) -> tuple[StackParameter, StackParameter]:
    if artifact is None:
        return StackParameter(kind.key_parameter, ""), StackParameter(kind.version_parameter, "")
    key = artifact.object.key
    known = None if key in uploaded else artifact_version(artifact.object, observed)
    version = VersionOf(key) if known is None else known
    return StackParameter(kind.key_parameter, key), StackParameter(kind.version_parameter, version)
