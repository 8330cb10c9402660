"""Dotted names of modules: of a file in the DAG folder, and of what an import statement means by it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ast

_DAGS = "dags/"
_INIT = "__init__"
# Their names cannot be taken by a file of the DAG folder: the check `shadowed-module` refuses it.
FOREIGN = sys.stdlib_module_names | {"airflow"}


def module_of(key: str) -> str:
    """Returns what an import calls a file: `lib.tables` for `dags/lib/tables.py`, `lib` for its package."""
    parts = _below(key).removesuffix(".py").split("/")
    return ".".join(parts[:-1] if parts[-1] == _INIT else parts)


def package_of(key: str) -> str:
    """Returns the package that one leading dot means in a file; empty at the top of the DAG folder."""
    return ".".join(_below(key).split("/")[:-1])


def packages_of(key: str) -> tuple[str, ...]:
    """Returns the packages that a file lies in, the outermost first."""
    parts = _below(key).split("/")[:-1]
    return tuple(".".join(parts[:end]) for end in range(1, len(parts) + 1))


def base_of(key: str, node: ast.ImportFrom) -> str:
    """Returns the module that `from … import` names, with its leading dots resolved."""
    return absolute(key, node.module or "", node.level)


def absolute(key: str, module: str, level: int) -> str:
    """Returns the absolute name of a module that is named with leading dots.

    Args:
        key: The file in which it is named.
        module: The name behind the dots.
        level: How many dots; 0 for a name that is absolute already.
    """
    if not level:
        return module
    package = package_of(key).split(".")
    kept = package[: max(len(package) - (level - 1), 0)]
    return ".".join(part for part in (*kept, module) if part)


def is_foreign(module: str) -> bool:
    """Tells whether a module is surely not in the DAG folder: Python's own, or Airflow's."""
    return module.partition(".")[0] in FOREIGN


def _below(key: str) -> str:
    return key.removeprefix(_DAGS)
