"""Runs an invocation from the event to the outcome, and writes its log as Lambda does."""

import time
from datetime import UTC, datetime
from math import ceil
from typing import TYPE_CHECKING

from mwaactl.emulator.credentials import OnBehalf
from mwaactl.emulator.functions.deployment_package import layers_root, task_root
from mwaactl.emulator.functions.handler_process import (
    DeadlineError,
    Event,
    HandlerProcess,
    process_environment,
)
from mwaactl.emulator.functions.outcomes import (
    Failed,
    Invocation,
    Outcome,
    Succeeded,
    response_too_large,
    timed_out,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from mwaactl.emulator.credentials import RoleCredentials
    from mwaactl.emulator.functions.definition import FunctionDefinition
    from mwaactl.emulator.functions.interpreter import Interpreters
    from mwaactl.emulator.functions.pool import HandlerPool
    from mwaactl.emulator.guardian import Guardian

PAYLOAD_LIMIT = 6_291_456
"""Bytes of a synchronous request or response: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html"""


def process_starter(
    directory: "Path", interpreters: "Interpreters", guardian: "Guardian", credentials: "RoleCredentials"
) -> "Callable[[FunctionDefinition], HandlerProcess]":
    """Return the function that starts a process for a definition.

    Args:
        directory: where unpacked packages and raw logs are kept.
        interpreters: the Python environments of the runtimes.
        guardian: who ends the processes if the emulator dies.
        credentials: who lets them act as their function's role.
    """

    def start(definition: "FunctionDefinition") -> HandlerProcess:
        root = task_root(definition, directory / "code")
        layers = layers_root(definition, directory / "layers")
        on_behalf = OnBehalf("lambda.amazonaws.com", definition.arn)
        role = credentials.environment_for(definition.role, definition.name, on_behalf)
        return HandlerProcess.start(
            definition,
            interpreters.python(definition.runtime),
            root,
            process_environment(definition, root, role, layers),
            directory / "logs",
            guardian,
        )

    return start


class Invoker:
    """Invokes functions on the processes of a pool."""

    def __init__(self, pool: "HandlerPool") -> None:
        self._pool = pool

    def invoke(
        self, definition: "FunctionDefinition", event: Event, reserved_concurrency: int | None = None
    ) -> Invocation:
        """Run a function on one event.

        Args:
            definition: the function as it is now.
            event: the event.
            reserved_concurrency: how many invocations of the function may run at once; None for no limit.

        Raises:
            ThrottledError: as many run already.
            InterpreterError: the runtime's Python environment cannot be built.
            zipfile.BadZipFile: the deployment package is not a zip file.
        """
        process, cold = self._pool.acquire(definition, reserved_concurrency)
        reusable = False
        try:
            failure = self._initialise(process, event) if cold else None
            started = time.monotonic()
            outcome = failure or self._handle(process, event)
            seconds = time.monotonic() - started
            reusable = outcome_keeps_process(outcome) and failure is None and process.alive()
            lines = log_lines(process, event.request_id, outcome, seconds, cold=cold)
            return Invocation(event.request_id, outcome, process.log_stream, lines)
        finally:
            self._pool.release(process, reusable=reusable)

    def retire(self, arn: str) -> None:
        """End the processes of a function that is gone."""
        self._pool.retire(arn)

    def _initialise(self, process: HandlerProcess, event: Event) -> Failed | None:
        try:
            return process.initialise(event.request_id)
        except DeadlineError:
            return timed_out(event.request_id, process.definition.timeout, _now())

    def _handle(self, process: HandlerProcess, event: Event) -> Outcome:
        try:
            outcome = process.handle(event)
        except DeadlineError:
            return timed_out(event.request_id, process.definition.timeout, _now())
        if isinstance(outcome, Succeeded) and (size := len(outcome.payload.encode())) > PAYLOAD_LIMIT:
            return response_too_large(size, PAYLOAD_LIMIT)
        return outcome


def outcome_keeps_process(outcome: Outcome) -> bool:
    """Tell whether the process may serve again: a handler's own error leaves it whole."""
    return isinstance(outcome, Succeeded) or not outcome.error["errorType"].startswith("Sandbox.")


def log_lines(
    process: HandlerProcess, request_id: str, outcome: Outcome, seconds: float, *, cold: bool
) -> tuple[str, ...]:
    """Return the log of an invocation: START, what the handler wrote, END, REPORT.

    Args:
        process: the process that ran it.
        request_id: the invocation's id.
        outcome: how it ended.
        seconds: how long the handler took.
        cold: whether the process was started for it.
    """
    definition = process.definition
    milliseconds = seconds * 1000
    report = [
        f"REPORT RequestId: {request_id}",
        f"Duration: {milliseconds:.2f} ms",
        f"Billed Duration: {ceil(milliseconds)} ms",
        f"Memory Size: {definition.memory_mb} MB",
        f"Max Memory Used: {process.memory_mb} MB",
        *([f"Init Duration: {process.init_seconds * 1000:.2f} ms"] if cold else []),
    ]
    platform = outcome.log_line.splitlines() if isinstance(outcome, Failed) else []
    return (
        f"START RequestId: {request_id} Version: {definition.version}",
        *process.new_log_lines(),
        *platform,
        f"END RequestId: {request_id}",
        "\t".join(report) + "\t",
    )


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
