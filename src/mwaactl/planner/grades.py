"""How surely a need of a file is met at one moment between two writes."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum
from typing import TYPE_CHECKING

from mwaactl.planner.tree_states import files_named
from mwaactl.project.needs import Failure, Kind, Moment

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mwaactl.planner.tree_states import ModuleTree, TreeState
    from mwaactl.project.needs import Need
    from mwaactl.project.source_facts import SourceFacts


class Grade(IntEnum):
    """How surely something is there."""

    NO = 0
    PERHAPS = 1
    """Under a condition, or made up as the code runs: its text does not tell."""
    SURE = 2


@dataclass(frozen=True, slots=True)
class View:
    """The tree at one moment.

    Attributes:
        tree: The files.
        state: The moment.
        consulted: Gathers the keys of changing files that an answer depended on.
    """

    tree: ModuleTree
    state: TreeState
    consulted: set[str] = field(default_factory=set)

    def grade(self, need: Need) -> Grade:
        """Grades a need of a file; one whose failure the file handles is always met."""
        if need.instead:
            tried = min(self.grade(each) if is_ours(each, self.tree) else Grade.NO for each in need.instead)
            if tried is Grade.SURE:
                return Grade.SURE
        module = below_dags(need.module, self.tree)
        if module and self.module(module) is Grade.NO:
            # An attribute is taken of a module that an import statement asks for first.
            handled = need.handled & Failure.ABSENT_MODULE or need.kind in (Kind.ATTRIBUTE, Kind.MEMBER)
            return Grade.SURE if handled else Grade.NO
        return Grade.SURE if _is_handled(need) else self._taken(need, module)

    def _taken(self, need: Need, module: str) -> Grade:
        match need.kind:
            case Kind.MODULE:
                return Grade.SURE
            case Kind.STAR:
                return Grade.SURE if need.name == "*" else self._starred(module, need.name, frozenset())
            case Kind.NAME:
                return self.name(module, need.name)
            case Kind.ATTRIBUTE | Kind.MEMBER:
                return self._chain(module, need.name.split("."), imported=need.kind is Kind.MEMBER)

    def module(self, dotted: str) -> Grade:
        """Grades whether a module can be found: each package on its way, and itself."""
        parts = dotted.split(".")
        for end in range(1, len(parts) + 1):
            key = self.file(".".join(parts[:end]))
            if not (self._has_folder(parts, end) if key is None else self._can_be_imported(key, parts, end)):
                return Grade.NO
        return Grade.SURE

    def file(self, dotted: str) -> str | None:
        """Returns the file that a dotted name means now."""
        return next((key for key in files_named(dotted) if self._facts(key) is not None), None)

    def name(self, module: str, name: str, *, imported: bool = True) -> Grade:
        """Grades whether a module has a name.

        Args:
            module: A module that is there.
            name: The name.
            imported: Whether an import statement asks for it, which also looks for a module of that name.
        """
        if not module:
            return self.module(name)
        key = self.file(module)
        facts = self._facts(key) if key else None
        submodule = self.module(f"{module}.{name}") if facts is None or _is_package(key) else Grade.NO
        if not imported:
            # Some file must have imported it before, and which one did is not known.
            submodule = min(submodule, Grade.PERHAPS)
        return submodule if facts is None else max(submodule, self._has(facts, name, frozenset({module})))

    def module_behind(self, dotted: str, seen: frozenset[str] = frozenset()) -> str | None:
        """Returns the module that a name of a module stands for, also through files that pass it on."""
        dotted = below_dags(dotted, self.tree)
        module, _, name = dotted.rpartition(".")
        key = self.file(module) if module else None
        facts = self._facts(key) if key else None
        origins = list(_origins(facts, name)) if facts else []
        if not origins or dotted in seen:
            return dotted if self.tree.ever_has(dotted) and self.module(dotted) is Grade.SURE else None
        return self.module_behind(origins[0], seen | {dotted})

    def _can_be_imported(self, key: str, parts: list[str], end: int) -> bool:
        """Tells whether a file is Python, and a package where more is asked of it."""
        facts = self._facts(key)
        return facts is not None and facts.parsed and (end == len(parts) or _is_package(key))

    def _has_folder(self, parts: list[str], end: int) -> bool:
        """Tells whether a folder is there; one on the way to a module is, if the module is."""
        dotted = ".".join(parts[:end])
        if end < len(parts):
            return self.tree.ever_folder(dotted)
        if (key := self.tree.deciding(dotted)) is not None:
            self.consulted.add(key)
        return self.tree.has_folder(dotted, self.state)

    def _facts(self, key: str) -> SourceFacts | None:
        if key in self.tree.steps:
            self.consulted.add(key)
        return self.tree.facts(key, self.state)

    def _has(self, facts: SourceFacts, name: str, seen: frozenset[str]) -> Grade:
        if not facts.parsed:
            return Grade.NO
        if name in facts.names.sure:
            return Grade.SURE
        uncertain = name in facts.names.perhaps or facts.names.dynamic
        stars = [each.module for each in facts.needs if each.name == "*" and each.moment is Moment.AT_IMPORT]
        found = (self._starred(below_dags(each, self.tree), name, seen) for each in stars)
        return max(Grade.PERHAPS if uncertain else Grade.NO, *found, Grade.NO)

    def _starred(self, module: str, name: str, seen: frozenset[str]) -> Grade:
        """Grades whether `from module import *` gives a name."""
        if not self.tree.ever_has(module):
            return Grade.PERHAPS
        key = None if module in seen else self.file(module)
        facts = self._facts(key) if key else None
        if facts is None:
            return Grade.NO
        exports, has = facts.names.exports, self._has(facts, name, seen | {module})
        if exports is not None:
            return has if name in exports else Grade.NO
        if "__all__" in (*facts.names.sure, *facts.names.perhaps):
            return min(has, Grade.PERHAPS)
        return Grade.NO if name.startswith("_") else has

    def _chain(self, module: str, parts: list[str], *, imported: bool) -> Grade:
        """Grades `module.a.b`: the first name, and what follows as long as the names are modules."""
        grade = self.name(module, parts[0], imported=imported)
        if len(parts) == 1 or grade is Grade.NO:
            return grade
        behind = self.module_behind(f"{module}.{parts[0]}".strip("."))
        return grade if behind is None else min(grade, self._chain(behind, parts[1:], imported=False))


def _origins(facts: SourceFacts, name: str) -> Iterator[str]:
    """Yields the dotted names that import statements bind a name to."""
    yield from (origin for bound, origin in facts.names.origins if bound == name)
    for need in facts.needs:
        if need.kind is Kind.NAME and need.name == name:
            yield f"{need.module}.{name}".strip(".")
        elif need.kind is Kind.MODULE and need.module.partition(".")[0] == name:
            yield name


def is_ours(need: Need, tree: ModuleTree) -> bool:
    """Tells whether a need means a file of the tree.

    A folder without `__init__.py` may have the name of an installed package, which Python then prefers: what
    such a folder never holds is taken from the package.
    """
    parts = [part for part in f"{below_dags(need.module, tree)}.{need.name}".split(".") if part.strip("*")]
    for end in range(1, len(parts) + 1):
        dotted = ".".join(parts[:end])
        if any(tree.ever_file(key) for key in files_named(dotted)):
            return True
        if not tree.ever_has(dotted):
            return False
    return bool(parts)


def below_dags(dotted: str, tree: ModuleTree) -> str:
    """Takes `dags.lib` for `lib`, unless the DAG folder has a folder of its own name."""
    if tree.ever_has("dags"):
        return dotted
    return "" if dotted == "dags" else dotted.removeprefix("dags.")


def _is_handled(need: Need) -> bool:
    match need.kind:
        case Kind.NAME:
            return Failure.ABSENT_NAME in need.handled
        case Kind.ATTRIBUTE | Kind.MEMBER:
            return Failure.ABSENT_ATTRIBUTE in need.handled
        case Kind.MODULE | Kind.STAR:
            return False


def _is_package(key: str | None) -> bool:
    return key is not None and key.endswith("/__init__.py")
