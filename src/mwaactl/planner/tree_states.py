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
    _folders: Mapping[str, Step | None] = field(init=False)

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
        if dotted not in self._folders:
            return False
        step = self._folders[dotted]
        return step is None or state.has_new(step) == (step.old is None)

    def deciding(self, dotted: str) -> str | None:
        """Returns the file whose write or delete decides whether a folder is there; None where none does."""
        step = self._folders.get(dotted)
        return None if step is None else step.key

    def ever_folder(self, dotted: str) -> bool:
        """Tells whether a folder holds Python files at any moment."""
        return dotted in self._folders

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


def _folders(unchanged: Iterable[str], steps: Mapping[str, Step]) -> Mapping[str, Step | None]:
    """Maps each folder to the step that decides whether it is there: the first write, or the last delete.

    A folder is there all the time, and nothing decides, where a file stays in it, or some come and others go:
    deletes are last.
    """
    found: dict[str, Step | None] = {}
    for step in sorted(steps.values(), key=lambda step: (step.group, step.key)):
        for folder in packages_of(step.key):
            before = found.setdefault(folder, step)
            if before is not None and (step.old is None) != (step.new is None):
                comes, came = step.old is None, before.old is None
                found[folder] = None if comes != came else before if comes else step
            else:
                found[folder] = None
    for key in unchanged:
        found.update(dict.fromkeys(packages_of(key), None))
    return found
