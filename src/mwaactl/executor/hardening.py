"""Narrows an execution role: updates the environment's stack and waits until that is done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mwaactl.executor.availability import await_available
from mwaactl.executor.lock.acquire import refuse_locked
from mwaactl.executor.stack_changes import update_stack

if TYPE_CHECKING:
    from collections.abc import Callable

    from mwaactl.executor.gateways import Gateways
    from mwaactl.planner.actions import UpdateParameters


def harden(
    environment: str, action: UpdateParameters, gateways: Gateways, on_detail: Callable[[str], None]
) -> None:
    """Carry the update out.

    Args:
        environment: Name of the environment, which keeps running: only its role's policy changes.
        action: The update.
        gateways: Every way out.
        on_detail: Told of each status.

    Raises:
        DeploymentConflict: If someone deploys at this moment.
        ApplyError: If the update failed; the stack is then as before.
    """
    if gateways.bucket.exists():
        refuse_locked(gateways)
    since = gateways.now()
    update_stack(action, {}, gateways)
    await_available(environment, action.stack, since, gateways, on_detail)
