"""What of Lambda equals AWS, and what is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mwaactl.emulator.functions.api_errors import RESERVED_VARIABLES
from mwaactl.emulator.functions.interpreter import RUNTIMES
from mwaactl.emulator.parity.row import equal, listed, refused

if TYPE_CHECKING:
    from mwaactl.emulator.parity.row import Row


def equal_rows() -> tuple[Row, ...]:
    """Return what a function and its callers cannot tell from AWS."""
    return (
        equal("runtimes", listed(RUNTIMES)),
        equal("variables that a function cannot set", listed(f"`{name}`" for name in RESERVED_VARIABLES)),
        equal("an error of the handler", "is an answer with FunctionError, type, message and trace"),
        equal("timeout and memory limit", "end the process with Lambda's words"),
        equal("logs", "START, END and REPORT in a stream of `/aws/lambda/NAME` named by date and version"),
        equal(
            "asynchronous invocations",
            "are tried up to three times; failures go to the dead letter queue, records to destinations",
        ),
        equal("layers", "are found by Python, the later one first; versions, limits and deletions"),
        equal(
            "queues as event sources",
            "batches, windows, reported failures and redrive, as the function's role; mappings are checked",
        ),
        equal(
            "state machines",
            "run; a task invokes the function, by `arn:aws:states:::lambda:invoke` or by the function's ARN",
        ),
        equal("a function's role", "must trust Lambda, and may reach its dead letter queue and destinations"),
        equal("warm processes", "keep their modules and `/tmp` between invocations"),
    )


def refused_rows() -> tuple[Row, ...]:
    """Return what Lambda takes and the emulator refuses by name."""
    answer = "InvalidParameterValueException"
    return (
        refused("other runtimes", f"{answer} naming the runtime"),
        refused("container images", answer),
        refused(
            "event sources other than queues, and FilterCriteria", f"{answer} naming the source or member"
        ),
    )
