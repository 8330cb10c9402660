"""Names of a package that are imported when they are used first, so that the package itself costs nothing."""

import sys
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any


def lazy_names(package: str, modules: Mapping[str, str]) -> Callable[[str], Any]:
    """Return the `__getattr__` of a package.

    Args:
        package: its name.
        modules: the module that gives each name.

    Returns:
        What imports a name and keeps it in the package.
    """

    def find(name: str) -> Any:  # noqa: ANN401 - whatever stands there
        if name not in modules:
            message = f"module `{package}` has no attribute `{name}`"
            raise AttributeError(message)
        value = getattr(import_module(modules[name]), name)
        setattr(sys.modules[package], name, value)
        return value

    return find
