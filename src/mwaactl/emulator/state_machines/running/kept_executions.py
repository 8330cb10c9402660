"""Executions as the state keeps them: what they were and what happened in them, without their threads."""

from __future__ import annotations

import copyreg
from datetime import UTC, datetime
from typing import Any

from moto.stepfunctions.parser.api import ExecutionStatus, GetExecutionHistoryOutput
from moto.stepfunctions.parser.backend.execution import Execution


class EndedExecution(Execution):
    """An execution of an earlier process of the emulator.

    Attributes:
        history: Its events.
    """

    history: list[Any]

    def to_history_output(self) -> GetExecutionHistoryOutput:
        """Return its events."""
        return GetExecutionHistoryOutput(events=self.history)


def reduce_execution(execution: Execution) -> tuple[Any, ...]:
    """Write an execution; one that runs cannot go on after a restart, and counts as aborted."""
    state = {
        **execution.__dict__,
        "exec_worker": None,
        "_cloud_watch_logging_session": None,
        "history": list(execution.to_history_output()["events"]),
    }
    if state["exec_status"] is ExecutionStatus.RUNNING:
        state["exec_status"] = ExecutionStatus.ABORTED
        state["stop_date"] = datetime.now(tz=UTC)
    return copyreg._reconstructor, (EndedExecution, object, None), state  # type: ignore[attr-defined]  # noqa: SLF001
