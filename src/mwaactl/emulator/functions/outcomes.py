"""How an invocation ends, with the payloads that AWS Lambda answers with."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Succeeded:
    """The handler returned; `payload` is its result as JSON text."""

    payload: str


@dataclass(frozen=True, slots=True)
class Failed:
    """The handler raised or its process ended.

    Attributes:
        error: `errorMessage`, `errorType` and, from a handler, `requestId` and `stackTrace`.
        log_line: what the platform writes to the log about it; empty if the handler's own log tells.
    """

    error: dict[str, Any]
    log_line: str = ""


Outcome = Succeeded | Failed


@dataclass(frozen=True, slots=True)
class Invocation:
    """An invocation that has ended.

    Attributes:
        request_id: its id.
        outcome: how it ended.
        log_stream: the stream of the process that ran it.
        log_lines: everything to be written there.
    """

    request_id: str
    outcome: Outcome
    log_stream: str
    log_lines: tuple[str, ...]


def timed_out(request_id: str, seconds: float, now: str) -> Failed:
    """The process was killed at the function's timeout; `now` is an ISO 8601 timestamp in UTC."""
    text = f"Task timed out after {seconds:.2f} seconds"
    return Failed(
        {"errorType": "Sandbox.Timedout", "errorMessage": f"RequestId: {request_id} Error: {text}"},
        f"{now} {request_id} {text}",
    )


def out_of_memory(request_id: str) -> Failed:
    """The process was killed because it used more memory than the function has."""
    text = f"RequestId: {request_id} Error: Runtime exited with error: signal: killed"
    return Failed({"errorType": "Runtime.OutOfMemory", "errorMessage": text}, f"{text}\nRuntime.OutOfMemory")


def exited(request_id: str, returncode: int | None) -> Failed:
    """The process ended by itself; `returncode` is negative for a signal, as in subprocess."""
    if not returncode:
        how = "Runtime exited without providing a reason"
    elif returncode < 0:
        how = "Runtime exited with error: signal: " + ("killed" if returncode == -9 else str(-returncode))  # noqa: PLR2004
    else:
        how = f"Runtime exited with error: exit status {returncode}"
    text = f"RequestId: {request_id} Error: {how}"
    return Failed({"errorType": "Runtime.ExitError", "errorMessage": text}, f"{text}\nRuntime.ExitError")


def response_too_large(size: int, limit: int) -> Failed:
    """The handler's result does not fit into an answer."""
    text = f"Response payload size ({size} bytes) exceeded maximum allowed payload size ({limit} bytes)."
    return Failed(
        {"errorType": "Function.ResponseSizeTooLarge", "errorMessage": text}, f"LAMBDA_RUNTIME {text}"
    )
