"""Carries out a deployment under the lock, and goes back to the release before it where that is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mwaactl.cli.progress import shown_progress
from mwaactl.cli.restoring import restoring
from mwaactl.errors import ApplyError, MwaactlError, ProjectError
from mwaactl.executor.apply import Outcome
from mwaactl.executor.events import Detail
from mwaactl.executor.lock.acquire import sweep
from mwaactl.executor.lock.session import LockSession
from mwaactl.quotation import quoted
from mwaactl.report.windows import window_text

if TYPE_CHECKING:
    from collections.abc import Collection

    from mwaactl.cli.console import Console
    from mwaactl.cli.deployment import Deployment
    from mwaactl.cli.options import Execution
    from mwaactl.executor.events import Listener
    from mwaactl.planner.actions import Plan

INTERRUPTED = (
    "what was written stays, and what MWAA has begun goes on: run the command again, "
    "which takes it up from there"
)


def carry_out(deployment: Deployment, console: Console, execution: Execution) -> Outcome:
    """Carry out the plan of a deployment, and show what happens.

    Args:
        deployment: What was prepared.
        console: Shows the progress.
        execution: How it is carried out.

    Raises:
        ApplyError: If an action fails.
    """
    if deployment.plan.is_empty:
        sweep(deployment.gateways)
        return Outcome(None, (), verified=True)
    if deployment.window and (hazards := window_text(deployment.window)):
        console.status(hazards)
    with (
        shown_progress(console) as listener,
        LockSession(deployment.gateways, lambda text: listener(Detail(text, lasting=True))) as lock,
    ):
        executor = deployment.executor(lock, listener, execution.minutes)
        try:
            return executor.apply(deployment.plan, wait=execution.wait)
        except KeyboardInterrupt:
            if executor.has_begun or executor.changes.written:
                listener(Detail(INTERRUPTED, lasting=True))
            raise
        except ApplyError as error:
            if not execution.rollback_on_failure or not executor.has_begun:
                raise
            raise _rolled_back(deployment, lock, listener, error, execution.minutes) from error


def refuse_without_consent(plan: Plan, given: Collection[str]) -> None:
    """Refuse a plan that needs a flag which was not given.

    Raises:
        ProjectError: The hint names the flag.
    """
    for refusal in plan.refusals:
        if refusal.flag not in given:
            hint = f"nothing was written; if that is meant, run the command again with `{refusal.flag}`"
            raise ProjectError(refusal.message, hint=hint, code="plan.needs-consent")


def _rolled_back(
    deployment: Deployment, lock: LockSession, listener: Listener, error: ApplyError, minutes: float | None
) -> ApplyError:
    """Bring the current release back; return the error that says both."""
    current = deployment.observed.current
    if current is None:
        return _told(error, "there is no earlier release to go back to")
    listener(Detail(f"it failed: {quoted(error.message)}; going back to release {current.id}", lasting=True))
    try:
        back = restoring(
            deployment.root, deployment.environment, deployment.gateways, deployment.caller, current
        )
        back.executor(lock, listener, minutes).apply(back.plan)
    except MwaactlError as second:
        return _told(error, f"going back to release {current.id} failed too: {second.message}")
    return _told(error, f"release {current.id} is back", restored=True)


def _told(error: ApplyError, what: str, *, restored: bool = False) -> ApplyError:
    return ApplyError(
        f"{error.message}; {what}",
        action=error.action,
        results=error.results,
        hint=error.remedy,
        meanwhile=None if restored else error.meanwhile,
        code=error.code,
        context=error.context,
    )
