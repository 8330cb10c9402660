"""The DAG folder between two writes: which files it has at that moment, and which of their two versions."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from mwaactl.project.module_names import packages_of
from mwaactl.project.source_facts import SourceFacts
from mwaactl.project.top_level import Names

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

# What is not known may have any name, and needs nothing that could be named.
UNKNOWN = SourceFacts(parsed=True, names=Names(dynamic=True))


@dataclass(frozen=True, slots=True)
class Step:
    """A write or a delete of a Python file.

    Attributes:
        key: The file.
        group: Writes of a lower group come first; within one, order is free.
        old: What it was; None where the write creates it.
        new: What it becomes; None where it is deleted.
    """

    key: str
    group: int
    old: SourceFacts | None
    new: SourceFacts | None


@dataclass(frozen=True, slots=True)
class TreeState:
    """A moment: all groups below one are written, and of that one the files named."""

    group: int
    written: frozenset[str] = frozenset()

    def has_new(self, step: Step) -> bool:
        """Tells whether a step is done."""
        return step.group < self.group or (step.group == self.group and step.key in self.written)


START = TreeState(0)


@dataclass(frozen=True, slots=True)
class ModuleTree:
    """Every Python file that the folder has at some moment.

    Attributes:
        unchanged: Files that no step touches.
        steps: The others, by key.
        writes: For each group the numbers of its first and last write, counted from 1 over all files.
    """

    unchanged: Mapping[str, SourceFacts]
    steps: Mapping[str, Step]
    writes: Sequence[tuple[int, int]]
    _folders: Mapping[str, frozenset[str]] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_folders", _folders(self.unchanged, self.steps))

    @property
    def end(self) -> TreeState:
        """The moment when all is done."""
        return TreeState(len(self.writes))

    def facts(self, key: str, state: TreeState) -> SourceFacts | None:
        """Returns a file's facts at a moment; None where it is not there."""
        step = self.steps.get(key)
        if step is None:
            return self.unchanged.get(key)
        return step.new if state.has_new(step) else step.old

    def has_folder(self, dotted: str, state: TreeState) -> bool:
        """Tells whether a folder holds Python files, so that it can be imported without an `__init__.py`."""
        inside = self._folders.get(dotted)
        if inside is None:
            return False
        return not inside or any(self.facts(key, state) is not None for key in inside)

    def changing_in(self, dotted: str) -> frozenset[str]:
        """Returns the changing files that decide whether a folder is there."""
        return self._folders.get(dotted, frozenset())

    def ever_has(self, dotted: str) -> bool:
        """Tells whether a dotted name is a module or a folder of the tree at any moment."""
        return dotted in self._folders or any(self.ever_file(key) for key in files_named(dotted))

    def ever_file(self, key: str) -> bool:
        """Tells whether a file is there at any moment."""
        return key in self.unchanged or key in self.steps


def files_named(dotted: str) -> tuple[str, str]:
    """Returns the two files that a dotted name may mean; Python takes the package before the module."""
    path = dotted.replace(".", "/")
    return f"dags/{path}/__init__.py", f"dags/{path}.py"


def _folders(unchanged: Iterable[str], steps: Iterable[str]) -> Mapping[str, frozenset[str]]:
    """Maps each folder to the changing files in it; to none where it always holds an unchanging one."""
    changing: dict[str, set[str]] = {}
    for key in steps:
        for folder in packages_of(key):
            changing.setdefault(folder, set()).add(key)
    found = {folder: frozenset(keys) for folder, keys in changing.items()}
    for key in unchanged:
        found.update(dict.fromkeys(packages_of(key), frozenset[str]()))
    return found
