"""Observes an environment once its stacks have settled: what a dead deployment began goes on by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mwaactl.executor.availability import DEADLINE, LONGEST_INTERVAL, SHORTEST_INTERVAL
from mwaactl.executor.lock.acquire import refuse_locked
from mwaactl.executor.observe import observe
from mwaactl.planner.conflicts import busy_stack

if TYPE_CHECKING:
    from collections.abc import Callable

    from mwaactl.desired import DesiredState
    from mwaactl.executor.gateways import Gateways
    from mwaactl.executor.survey import Survey
    from mwaactl.observed import ObservedState


def observe_settled(
    desired: DesiredState, gateways: Gateways, on_detail: Callable[[str], None], surveyed: Survey
) -> ObservedState:
    """Read what there is; wait first while a stack is changing that nobody deploys just now.

    Args:
        desired: Names the stacks and the objects to look at.
        gateways: Every way out.
        on_detail: Told what is waited for.
        surveyed: What was read ahead.

    Returns:
        What there is; with a stack that is still changing, which no plan can be made for, after the deadline
        and where the stack is being deleted.

    Raises:
        DeploymentConflict: If another deployment changes it.
    """
    began, told = gateways.elapsed(), ""
    observed = observe(desired, gateways, surveyed)
    while True:
        busy, waited = busy_stack(desired, observed), gateways.elapsed() - began
        if busy is None or busy.status.startswith("DELETE") or waited > DEADLINE.total_seconds():
            return observed
        if observed.bucket_exists:
            refuse_locked(gateways)
        if busy.status != told:
            on_detail(f"stack {busy.name} is {busy.status}: waiting until it is done")
            told = busy.status
        gateways.sleep(min(max(waited / 10, SHORTEST_INTERVAL), LONGEST_INTERVAL))
        observed = observe(desired, gateways)
