"""Classes of Airflow and its providers by name: `module.Class`."""

from collections.abc import Mapping
from importlib import import_module
from typing import Any

from typed_assets.spec.errors import SpecError, nearest


def imported_class(name: str) -> type[Any]:
    """Return the class that `module.Class` names.

    Raises:
        SpecError: there is none; the message says whether the module or the class is missing.
    """
    module_name, _, class_name = name.rpartition(".")
    try:
        module = import_module(module_name)
    except (ModuleNotFoundError, ValueError) as error:
        message = f"`{name}` cannot be imported: {error}"
        raise SpecError(message, hint="is its package in requirements.txt?") from error
    found = getattr(module, class_name, None)
    if not isinstance(found, type):
        message = f"module `{module_name}` has no class `{class_name}`"
        raise SpecError(message, hint=nearest(class_name, vars(module)))
    return found


def constructed(name: str, arguments: Mapping[str, Any]) -> Any:  # noqa: ANN401 - an object of that class
    """Return an object of the class that `module.Class` names.

    Raises:
        SpecError: there is no such class, or it does not take these arguments.
    """
    kind = imported_class(name)
    try:
        return kind(**arguments)
    except TypeError as error:
        message = f"`{name}` does not take these arguments: {error}"
        raise SpecError(message) from error
