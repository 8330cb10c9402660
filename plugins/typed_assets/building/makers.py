"""Finds the function that makes an asset, and calls it with what it asks for."""

import inspect
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

from typed_assets.context import AssetContext
from typed_assets.spec.errors import SpecError, nearest
from typed_assets.spec.pipelines import AssetStep

_BY_PLACE = {
    inspect.Parameter.POSITIONAL_ONLY,
    inspect.Parameter.POSITIONAL_OR_KEYWORD,
    inspect.Parameter.VAR_POSITIONAL,
}

type Make = Callable[..., Any]


def maker(step: AssetStep) -> Make:
    """Return the function of a step; `module:function` is imported now, a SQL file becomes its path.

    Raises:
        SpecError: there is no such function, or the text is neither.
    """
    if callable(step.make):
        return step.make
    if step.make.endswith(".sql"):
        path = Path(step.make)
        return lambda: path
    try:
        return imported(step.make)
    except SpecError as error:
        raise SpecError(error.message, hint=error.hint, place=step.place) from error


def imported(name: str) -> Make:
    """Return the function that `module:function` names.

    Raises:
        SpecError: there is none; an error within the module is raised as it is.
    """
    module_name, colon, function_name = name.partition(":")
    if not colon:
        message = f"`{name}` names no function"
        raise SpecError(message, hint="write `module:function`, or the path of a .sql file")
    try:
        module = import_module(module_name)
    except ModuleNotFoundError as error:
        if error.name is None or not f"{module_name}.".startswith(f"{error.name}."):
            raise  # the module is there and imports another that is not
        message = f"there is no module `{error.name}`"
        raise SpecError(message, hint="name it as a DAG file would import it") from error
    found = getattr(module, function_name, None)
    if not callable(found):
        message = f"module `{module_name}` has no function `{function_name}`"
        raise SpecError(message, hint=nearest(function_name, vars(module)))
    make: Make = found
    return make


def call(function: Make, context: AssetContext) -> Any:  # noqa: ANN401 - what an author returns
    """Call a function with the context, or with nothing if it takes nothing."""
    kinds = {each.kind for each in inspect.signature(function).parameters.values()}
    return function(context) if kinds & _BY_PLACE else function()
