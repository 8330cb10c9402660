"""Waits until an environment is AVAILABLE, and tells the ways of failing apart."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from mwaactl.catalog.limits import limits
from mwaactl.desired import WorkerReplacement
from mwaactl.errors import ApplyError
from mwaactl.executor.tolerance import PAUSE, Tolerance
from mwaactl.planner.statuses import EXPLANATIONS, REMEDIES, Meaning, is_running, meaning_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from mwaactl.executor.gateways import Gateways
    from mwaactl.observed import ObservedEnvironment, ObservedStack

# Creation takes 20 to 40 minutes, a change of version up to two hours; running tasks that are let end come on
# top of it.
DEADLINE = timedelta(hours=2, minutes=30)
# The longer it takes, the less often it is asked.
SHORTEST_INTERVAL = 1.0
LONGEST_INTERVAL = 20.0


def await_available(
    name: str,
    stack: str | None,
    since: datetime,
    gateways: Gateways,
    on_detail: Callable[[str], None],
) -> None:
    """Wait until stack and environment have settled.

    Args:
        name: The environment.
        stack: Its CloudFormation stack, which settles after it; None where this deployment leaves the stack
            alone, so that how an earlier change of it ended does not matter.
        since: When the change began.
        gateways: AWS, clock and sleep.
        on_detail: Told of each new status.

    Raises:
        ApplyError: If the change failed, or nothing settled before the deadline.
    """
    told, tolerance, deadline = "", Tolerance(gateways.now), DEADLINE
    while True:
        if (seen := tolerance.ask(lambda: _look(name, stack, gateways))) is not None:
            owner, environment = seen
            status, deadline = environment.status if environment else "absent", _deadline(environment)
            if status != told:
                meaning = f": {EXPLANATIONS[status]}" if status in EXPLANATIONS else ""
                on_detail(f"environment {name} is {status}{meaning}")
                told = status
            if _has_settled(owner, environment):
                break
        if gateways.now() - since > deadline:
            message = f"environment `{name}` is still {told or 'unknown'} after {deadline}"
            hint = "look at `mwaactl env show`, then run the command again"
            meanwhile = "it goes on from there"
            raise ApplyError(message, hint=hint, meanwhile=meanwhile, code="apply.not-available")
        elapsed = (gateways.now() - since).total_seconds()
        shortest = PAUSE if seen is None else SHORTEST_INTERVAL
        gateways.sleep(min(max(elapsed / 10, shortest), LONGEST_INTERVAL))
    _judge(name, owner, environment, gateways.stacks.failures(stack, since) if stack else ())


def _deadline(environment: ObservedEnvironment | None) -> timedelta:
    if environment is None or environment.replacement != WorkerReplacement.GRACEFUL:
        return DEADLINE
    return DEADLINE + timedelta(seconds=limits().graceful_update_seconds)


def _look(
    name: str, stack: str | None, gateways: Gateways
) -> tuple[ObservedStack | None, ObservedEnvironment | None]:
    return gateways.stacks.find(stack) if stack else None, gateways.environments.find(name)


def _has_settled(stack: ObservedStack | None, environment: ObservedEnvironment | None) -> bool:
    busy = stack is not None and stack.status.endswith("_IN_PROGRESS")
    return not busy and (environment is None or meaning_of(environment.status) is not Meaning.BUSY)


def _judge(
    name: str,
    stack: ObservedStack | None,
    environment: ObservedEnvironment | None,
    reasons: tuple[str, ...],
) -> None:
    status = environment.status if environment else "absent"
    complete = stack is None or stack.status in ("CREATE_COMPLETE", "UPDATE_COMPLETE", "IMPORT_COMPLETE")
    if environment is not None and meaning_of(status) is Meaning.READY and complete:
        return
    error = environment.update_error if environment else None
    why = (
        error
        or (reasons[0] if reasons else None)
        or (f"stack is {stack.status}" if stack else "no reason given")
    )
    runs = environment is not None and is_running(status)
    what = "was not changed and runs as before" if runs else f"is {status}"
    hint = "mend the cause and deploy again" if runs else REMEDIES.get(status)
    context = {"status": status, "reasons": "; ".join(reasons)}
    message = f"environment `{name}` {what}: {why}"
    raise ApplyError(message, hint=hint, code="apply.environment-failed", context=context)
