"""Narrows an execution role: updates stacks under the lock of deployments, and waits until that is done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mwaactl.executor.availability import await_available
from mwaactl.executor.lock.session import LockSession
from mwaactl.executor.stack_changes import update_stack

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mwaactl.executor.gateways import Gateways
    from mwaactl.planner.actions import UpdateParameters


def harden(
    environment: str,
    actions: Sequence[UpdateParameters],
    gateways: Gateways,
    on_detail: Callable[[str], None],
) -> None:
    """Carry the updates out.

    Args:
        environment: Name of the environment, which keeps running: only its role's policy changes.
        actions: The updates, one after the other.
        gateways: Every way out.
        on_detail: Told of each status.

    Raises:
        DeploymentConflict: If someone deploys at this moment.
        ApplyError: If an update failed; its stack is then as before.
    """
    with LockSession(gateways, on_detail) as lock:
        if gateways.bucket.exists():
            lock.hold("`mwaactl harden`", gateways.identity.caller().arn)
        for action in actions:
            lock.check()
            since = gateways.now()
            update_stack(action, {}, gateways)
            await_available(environment, action.stack, since, gateways, on_detail)
