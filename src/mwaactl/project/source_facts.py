"""What one Python file says about itself: what it takes from other modules, and what it has for them.

Everything that compares files (the order of writes, the window of a change) works on these facts, so that a
file is read and parsed once. They are small: a tree of 100,000 files is held in memory as facts.
"""

from __future__ import annotations

import ast
import warnings
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, cast

from mwaactl.project.dag_definitions import defines_dag
from mwaactl.project.reading_needs import needs_of
from mwaactl.project.top_level import Names, names_of

if TYPE_CHECKING:
    from collections.abc import Collection

    from mwaactl.project.needs import Need

_NONE = Names()


@dataclass(frozen=True, slots=True)
class SourceFacts:
    """The facts of one Python file.

    Attributes:
        parsed: Whether it is Python; the facts of a file that is none are empty.
        defines_dag: Whether importing it makes a DAG.
        names: What it has at its top level once it was imported.
        needs: What it takes from other modules, in a fixed order.
    """

    parsed: bool = False
    defines_dag: bool = False
    names: Names = _NONE
    needs: tuple[Need, ...] = ()


def facts_of(key: str, content: bytes, roots: Collection[str] | None = None) -> SourceFacts:
    """Reads the facts of a Python file; pure.

    Args:
        key: Key in the source bucket, for example `dags/lib/tables.py`: relative imports start from it.
        content: The source.
        roots: Top-level modules of the DAG folder, where they are known: what is taken of others is not
            looked for beyond the import.

    Returns:
        The facts; empty ones with `parsed` False where the content is no Python.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(content)
        names = names_of(tree, key, content)
        return SourceFacts(
            parsed=True,
            defines_dag=(b"dag" in content.lower() or b"typed_assets" in content) and defines_dag(tree),
            names=names,
            needs=needs_of(tree, key, content, roots),
        )
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return SourceFacts()


# Files that are alike lie near one another: what is held to be found again need not be much.
_HELD = 20_000


class SharedFacts:
    """Holds equal parts of facts once: many files of a tree import the same modules."""

    def __init__(self) -> None:
        self._parts: dict[object, object] = {}

    def of(self, facts: SourceFacts) -> SourceFacts:
        """Returns equal facts, made of parts that are held already."""
        if len(self._parts) > _HELD:
            self._parts.clear()
        needs = tuple(self._once(each) for each in facts.needs)
        return self._once(replace(facts, names=self._once(facts.names), needs=self._once(needs)))

    def _once[Part](self, part: Part) -> Part:
        return cast(Part, self._parts.setdefault(part, part))
