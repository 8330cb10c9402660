"""Operators as they are installed where Airflow runs: their arguments, from their classes."""

import inspect
import pkgutil
from importlib import import_module
from types import ModuleType
from typing import Any

from typed_assets.spec.errors import SpecError
from typed_assets.yaml.operator_arguments import OperatorArguments, no_operator
from typed_assets.yaml.signatures import arguments_of_class


class InstalledOperators:
    """Imports an operator when a pipeline names it, and keeps what its class says."""

    def __init__(self) -> None:
        self._known: dict[str, OperatorArguments | SpecError] = {}

    def arguments_of(self, operator: str) -> OperatorArguments:
        """Return the arguments of an operator, or of another class that a pipeline names.

        Raises:
            SpecError: there is no such class, or its module cannot be imported.
        """
        if operator not in self._known:
            self._known[operator] = _read(operator)
        found = self._known[operator]
        if isinstance(found, SpecError):
            raise SpecError(found.message, hint=found.hint)
        return found


def _read(operator: str) -> OperatorArguments | SpecError:
    module_name, _, name = operator.rpartition(".")
    if not module_name:
        return no_operator(operator, (), ())
    try:
        module = import_module(module_name)
    except ModuleNotFoundError as error:
        if error.name is None or not f"{module_name}.".startswith(f"{error.name}."):
            return _broken(operator, error)
        return no_operator(operator, (), _beside(module_name))
    except Exception as error:  # noqa: BLE001 - a module may raise anything
        return _broken(operator, error)
    found = getattr(module, name, None)
    if not isinstance(found, type):
        return no_operator(operator, _operators_of(module), ())
    return arguments_of_class(found, operator)


def _broken(operator: str, error: Exception) -> SpecError:
    return SpecError(f"`{operator}` cannot be imported: {type(error).__name__}: {error}")


def _operators_of(module: ModuleType) -> list[str]:
    """Return the operators that a module itself defines."""
    from airflow.sdk import BaseOperator

    def own(value: Any) -> bool:  # noqa: ANN401 - whatever a module holds
        return (
            inspect.isclass(value) and issubclass(value, BaseOperator) and value.__module__ == module.__name__
        )

    return [name for name, _ in inspect.getmembers(module, own) if not name.startswith("_")]


def _beside(module: str) -> list[str]:
    """Return the modules that lie in the same package, where there is one."""
    package, _, _ = module.rpartition(".")
    try:
        found = import_module(package) if package else None
    except ImportError:
        return []
    paths = getattr(found, "__path__", ())
    return [each.name for each in pkgutil.iter_modules(paths, f"{package}.")]
