"""Plans to narrow an execution role, and an endpoint of SQS, to their environment's own Celery queue."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mwaactl.errors import OperationError
from mwaactl.planner.actions import CreateStack, StackParameter, UpdateParameters
from mwaactl.planner.conflicts import refuse_stuck
from mwaactl.planner.stacks import exists
from mwaactl.planner.statuses import Meaning, meaning_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mwaactl.desired import DesiredState
    from mwaactl.observed import ObservedEnvironment, ObservedStack, ObservedState
    from mwaactl.planner.actions import EnvironmentChange

QUEUE_PARAMETER = "CeleryQueueArn"
"""CloudFormation parameter for the queue; while it is empty the role may use the queues of every account."""


def plan_hardening(
    name: str, stack: ObservedStack | None, environment: ObservedEnvironment
) -> UpdateParameters | None:
    """Give the environment's stack the queue that MWAA names; None if it has it.

    Args:
        name: Name of the environment's stack.
        stack: The stack as it is; None if there is none.
        environment: The environment as MWAA describes it.

    Raises:
        OperationError: If the queue is not known yet, or the stack cannot take the parameter.
        Conflict: If an update would leave the stack as it is, with an error.
    """
    queue = _queue_of(environment)
    given = _present(name, stack).get(QUEUE_PARAMETER)
    if given is None:
        message = f"the template of stack `{name}` does not know the parameter {QUEUE_PARAMETER}"
        hint = f"bring the stack up to date with `npx cdk deploy {name}`, then run the command again"
        raise OperationError(message, hint=hint, code="harden.template-too-old")
    if given == queue:
        return None
    before = f"the queue {given}, which is another one," if given else "every account's Celery queues"
    return UpdateParameters(
        name, (StackParameter(QUEUE_PARAMETER, queue),), f"the execution role may use {before}"
    )


def plan_endpoint_hardening(
    name: str, stack: ObservedStack | None, environment: ObservedEnvironment
) -> UpdateParameters | None:
    """Give the network's stack the queue; None if it has it, has no endpoint of SQS, or does not exist.

    Args:
        name: Name of the network's stack.
        stack: The stack as it is; None if the environment stands in somebody else's VPC.
        environment: The environment as MWAA describes it.

    Raises:
        OperationError: If the queue is not known yet, or the stack is changing.
        Conflict: If an update would leave the stack as it is, with an error.
    """
    queue = _queue_of(environment)
    if stack is None or QUEUE_PARAMETER not in stack.parameters:
        return None
    given = _present(name, stack)[QUEUE_PARAMETER]
    if given == queue:
        return None
    leads = f"the queue {given}, which is another one" if given else "every account's Celery queues"
    return UpdateParameters(
        name, (StackParameter(QUEUE_PARAMETER, queue),), f"the endpoint of SQS leads to {leads}"
    )


def plan_reopening(
    desired: DesiredState, observed: ObservedState, change: EnvironmentChange | None
) -> Iterator[UpdateParameters]:
    """Open the network's endpoint of SQS again for an environment that is made anew, with another queue.

    Nothing unless the environment's stack is created while the network's stack still names a queue.
    """
    network = observed.stacks.get(desired.names.network_stack)
    if not isinstance(change, CreateStack) or network is None or not exists(network):
        return
    if network.parameters.get(QUEUE_PARAMETER):
        reason = "the new environment has another Celery queue than the endpoint of SQS leads to"
        yield UpdateParameters(network.name, (StackParameter(QUEUE_PARAMETER, ""),), reason)


def _queue_of(environment: ObservedEnvironment) -> str:
    if environment.celery_queue and meaning_of(environment.status) not in (Meaning.BROKEN, Meaning.GONE):
        return environment.celery_queue
    message = f"environment `{environment.name}` is {environment.status} and names no Celery queue"
    hint = "run the command again when it is AVAILABLE"
    raise OperationError(message, hint=hint, code="harden.no-queue")


def _present(name: str, stack: ObservedStack | None) -> dict[str, str]:
    if stack is None or not exists(stack):
        message = f"stack `{name}` does not exist, so the role of its environment is not its own"
        hint = "create it with `mwaactl deploy`"
        raise OperationError(message, hint=hint, code="harden.no-stack")
    if stack.status.endswith("_IN_PROGRESS"):
        message = f"stack `{name}` is {stack.status}"
        hint = "wait until it is done, then run the command again"
        raise OperationError(message, hint=hint, code="harden.busy")
    refuse_stuck(stack)
    return dict(stack.parameters)
