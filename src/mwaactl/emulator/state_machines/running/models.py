"""moto's interpreter of state machines as the backend of Step Functions."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from moto.core.exceptions import AWSError
from moto.stepfunctions.parser.models import StepFunctionsParserBackend

from mwaactl.emulator.state_machines.models import StateMachineBackend

if TYPE_CHECKING:
    from collections.abc import Iterator


class RunningStateMachines(StateMachineBackend, StepFunctionsParserBackend):
    """A backend whose executions run, and whose refusals carry the code that clients raise by."""

    def create_state_machine(self, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - moto's many
        """Create a state machine whose definition can be read."""
        with _by_its_code():
            return super().create_state_machine(*args, **kwargs)

    def update_state_machine(self, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401
        """Change a state machine."""
        with _by_its_code():
            return super().update_state_machine(*args, **kwargs)

    def start_execution(self, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401
        """Start an execution."""
        with _by_its_code():
            return super().start_execution(*args, **kwargs)

    def send_task_success(self, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401
        """Take the result of a task that waits for its token."""
        with _by_its_code():
            return super().send_task_success(*args, **kwargs)

    def send_task_failure(self, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401
        """Take the error of a task that waits for its token."""
        with _by_its_code():
            return super().send_task_failure(*args, **kwargs)


@contextmanager
def _by_its_code() -> Iterator[None]:
    """Give an error of the interpreter its code, which moto loses on the way: it is the class's name."""
    try:
        yield
    except AWSError as error:
        if error.TYPE:
            raise
        raise AWSError(error.message, type(error).__name__) from error
