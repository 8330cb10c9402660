"""Creates stacks through the CDK and gives them new parameters, and says why that failed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mwaactl.errors import ApplyError
from mwaactl.executor.cdk_progress import progress_of
from mwaactl.executor.parameter_values import parameter_values

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from mwaactl.executor.events import Listener
    from mwaactl.executor.gateways import Gateways
    from mwaactl.observed import StoredObject
    from mwaactl.planner.actions import CreateStack, UpdateParameters


def create_stacks(
    actions: Sequence[CreateStack],
    stored: Mapping[str, StoredObject],
    gateways: Gateways,
    listener: Listener,
) -> None:
    """Deploy stacks together.

    Args:
        actions: One per stack.
        stored: Key to object, for what was uploaded before.
        gateways: The CDK, CloudFormation and the clock.
        listener: Told what the CDK does.

    Raises:
        ApplyError: If one fails; the message is CloudFormation's reason where it gives one.
    """
    since = gateways.now()
    given = (each for each in actions if each.parameters)
    parameters = {each.stack: parameter_values(each.parameters, stored) for each in given}

    def tell(line: str) -> None:
        if (event := progress_of(line)) is not None:
            listener(event)

    try:
        gateways.cdk.deploy(tuple(each.stack for each in actions), parameters, tell)
    except ApplyError as error:
        reason = _reason(actions, since, gateways)
        if reason is None:
            raise
        raise ApplyError(reason, hint=error.hint, code=error.code, context=error.context) from error


def update_stack(action: UpdateParameters, stored: Mapping[str, StoredObject], gateways: Gateways) -> bool:
    """Give a stack its new parameters; return whether that changes anything."""
    values = parameter_values(action.parameters, stored)
    return gateways.stacks.update_parameters(action.stack, values)


def _reason(actions: Sequence[CreateStack], since: datetime, gateways: Gateways) -> str | None:
    for each in actions:
        for reason in gateways.stacks.failures(each.stack, since)[:1]:
            return f"stack `{each.stack}` failed: {reason}"
    return None
