"""The task of an operator step."""

from collections.abc import Mapping
from typing import Any

from typed_assets.building.imports import imported_class
from typed_assets.spec.errors import SpecError
from typed_assets.spec.pipelines import OperatorStep, Output


def operator_task(step: OperatorStep, tasks: Mapping[str, Any]) -> Any:  # noqa: ANN401 - an operator
    """Return the operator of a step, mapped where the step is expanded.

    Args:
        step: what it is.
        tasks: the operators of earlier steps, whose outputs its arguments may name.

    Raises:
        SpecError: there is no such operator, or it does not take these arguments.
    """
    kind = imported_class(step.operator)
    arguments = {name: _resolved(value, tasks) for name, value in step.arguments.items()}
    expand = {name: _resolved(value, tasks) for name, value in step.expand.items()}
    try:
        if expand:
            return kind.partial(task_id=step.id, **arguments).expand(**expand)
        return kind(task_id=step.id, **arguments)
    except SpecError:
        raise
    except TypeError as error:
        message = f"`{step.operator}` does not take these arguments: {error}"
        raise SpecError(message) from error
    except Exception as error:
        message = f"Airflow refuses it: {type(error).__name__}: {error}"
        raise SpecError(message) from error


def _resolved(value: Any, tasks: Mapping[str, Any]) -> Any:  # noqa: ANN401 - whatever an operator takes
    match value:
        case Output(step):
            return tasks[step].output
        case dict():
            return {name: _resolved(part, tasks) for name, part in value.items()}
        case list():
            return [_resolved(part, tasks) for part in value]
        case _:
            return value
