"""Step Functions whose executions run.

moto has an interpreter of the states language, but runs it only when a setting of the whole process says so,
and then in a set of backends of its own, which its CloudFormation models do not use. So the usual set gets
it. It costs 150 MB of memory, and is loaded when Step Functions is first used.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Self

from moto.stepfunctions.models import StepFunctionBackend, stepfunctions_backends

if TYPE_CHECKING:
    from mwaactl.emulator.settings import EmulatorSettings


class StateMachineBackend(StepFunctionBackend):
    """What moto is given to make backends of; what it makes is the class that runs executions."""

    def __new__(cls, region_name: str = "", account_id: str = "") -> Self:  # noqa: ARG004 - for __init__
        """Return a backend that runs executions, still to be filled."""
        from mwaactl.emulator.state_machines.running.models import RunningStateMachines

        made: Self = object.__new__(RunningStateMachines if cls is StateMachineBackend else cls)  # type: ignore[assignment]
        return made


def install(settings: EmulatorSettings) -> None:
    """Let executions run; to be called before the first request.

    Args:
        settings: Where tasks find the other services; moto's interpreter looks for the port here.
    """
    os.environ["MOTO_PORT"] = str(settings.port)
    stepfunctions_backends.backend = StateMachineBackend
