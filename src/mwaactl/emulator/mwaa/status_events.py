"""What EventBridge is told of an environment's status.

AWS documents the source and the kind of the event, and nothing of what stands in it:
https://docs.aws.amazon.com/eventbridge/latest/ref/events-ref-airflow.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mwaactl.emulator.event_bus.emission import emit

if TYPE_CHECKING:
    from mwaactl.emulator.mwaa.environment import Environment

KIND = "MWAA Environment Status Change"


def tell_status(environment: Environment) -> None:
    """Send an environment's new status to its account's default bus."""
    detail = {"name": environment.name, "arn": environment.arn, "status": str(environment.status)}
    emit(environment.account_id, environment.region, "aws.airflow", KIND, detail, environment.arn)
