"""Finds what a file takes that is not there at some moment between two writes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from itertools import combinations
from typing import TYPE_CHECKING

from mwaactl.planner.grades import Grade, View, below_dags, is_ours
from mwaactl.planner.tree_states import START, TreeState, files_named
from mwaactl.project.needs import Kind, Moment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from mwaactl.planner.tree_states import ModuleTree
    from mwaactl.project.needs import Need
    from mwaactl.project.source_facts import SourceFacts

# Of more files of one group that one need depends on, not every order is tried.
_TRIED_TOGETHER = 6


class Reason(Enum):
    """Why a need is not met."""

    NOT_YET = "not yet"
    """It is written after the file that takes it."""
    GONE = "gone"
    """It goes away while a file still takes it."""
    UNSURE = "unsure"
    """It was there in any case, and then only under a condition or made up as the code runs."""
    MISSING = "missing"
    """It is not there in the end either."""
    CIRCLE = "circle"
    """Two files that import one another both change, and half a new circle may not load."""
    UNKNOWN = "unknown"
    """What the file takes at present is not known, and something that it may take goes away."""


@dataclass(frozen=True, slots=True)
class Hazard:
    """A moment at which a file does not find what it takes.

    Attributes:
        importer: Key of the file that takes it.
        module: Key of the file that it is taken from, or the module's dotted name where no file has it; empty
            where it is not known.
        name: What is taken; empty for the module itself.
        reason: Why it is not there.
        moment: Whether parsing the file fails, or a task that runs it.
        first: Number of the write that begins the window, from 1, counted over writes and deletes.
        last: Number of the write that ends it; None where it stays open.
    """

    importer: str
    module: str
    name: str
    reason: Reason
    moment: Moment
    first: int
    last: int | None


def hazards_of(key: str, tree: ModuleTree) -> Iterator[Hazard]:
    """Yields the hazards of what one file takes, in each version that it has."""
    step = tree.steps.get(key)
    if step is None:
        yield from _hazards(key, tree.unchanged[key], tree, lambda _: True, START)
        return
    if step.old is not None:
        yield from _hazards(key, step.old, tree, lambda state: not state.has_new(step), START)
    if step.new is not None:
        yield from _hazards(key, step.new, tree, lambda state: state.has_new(step), tree.end)


def _hazards(
    key: str,
    facts: SourceFacts,
    tree: ModuleTree,
    exists: Callable[[TreeState], bool],
    home: TreeState,
) -> Iterator[Hazard]:
    """Yields the hazards of one version of a file.

    Args:
        key: The file.
        facts: The version.
        tree: All files.
        exists: Tells whether the file is in this version at a moment.
        home: The moment with which this version agrees: all is old, or all is new.
    """
    for need in facts.needs:
        if need.moment is Moment.NEVER or not is_ours(need, tree):
            continue
        expected = View(tree, home).grade(need)
        if expected is Grade.NO and (home is START or _was_missing(key, need, tree)):
            continue
        trial = _Trial(key, need, tree, max(expected, Grade.PERHAPS))
        relevant = trial.relevant(exists)
        if failing := trial.failing(relevant, exists):
            yield trial.hazard(relevant, failing)


def _was_missing(key: str, need: Need, tree: ModuleTree) -> bool:
    """Tells whether a need was not met before either, so that something unseen meets it, or nothing.

    What is taken as an attribute may be anything; an import statement says for sure that it takes it.
    """
    if need.kind in (Kind.ATTRIBUTE, Kind.MEMBER) or (need.kind is Kind.STAR and need.name != "*"):
        return True
    old = tree.steps[key].old
    return old is not None and need in old.needs and View(tree, START).grade(need) is Grade.NO


@dataclass(frozen=True, slots=True)
class _Trial:
    """One need, tried at every moment that may decide it.

    Attributes:
        key: The file that has the need.
        need: The need.
        tree: All files.
        expected: The grade below which it fails.
    """

    key: str
    need: Need
    tree: ModuleTree
    expected: Grade

    def relevant(self, exists: Callable[[TreeState], bool]) -> frozenset[str]:
        """Returns the changing files that decide whether the need is met, and the file itself if it does."""
        found = frozenset({self.key}) & self.tree.steps.keys()
        while True:
            consulted = set[str]()
            for state in self._states(found):
                if exists(state):
                    self._grade(state, consulted)
            if consulted <= found:
                return found
            found |= consulted

    def failing(self, relevant: frozenset[str], exists: Callable[[TreeState], bool]) -> list[TreeState]:
        """Returns the moments at which the need is not met while the file exists, in order."""
        states = (state for state in self._states(relevant) if exists(state))
        return [state for state in states if self._grade(state, set()) < self.expected]

    def hazard(self, relevant: frozenset[str], failing: list[TreeState]) -> Hazard:
        """Describes a need that fails at these moments, the first one first."""
        module, name = self._subject(failing[0])
        return Hazard(
            self.key,
            module,
            name,
            self._reason(failing[0]),
            self.need.moment,
            self.tree.writes[failing[0].group][0],
            self._last(relevant, failing[-1]),
        )

    def _grade(self, state: TreeState, consulted: set[str]) -> Grade:
        return View(self.tree, state, consulted).grade(self.need)

    def _states(self, relevant: frozenset[str]) -> Iterator[TreeState]:
        """Yields the moments that differ in these files: each part of each group may be written first."""
        yield START
        groups: dict[int, list[str]] = {}
        for key in sorted(relevant):
            groups.setdefault(self.tree.steps[key].group, []).append(key)
        for group in sorted(groups):
            for written in _subsets(groups[group]):
                yield TreeState(group, frozenset(written))

    def _reason(self, state: TreeState) -> Reason:
        if self._grade(state, set()) is not Grade.NO:
            return Reason.UNSURE
        if self._grade(self.tree.end, set()) is not Grade.NO:
            return Reason.NOT_YET
        step = self.tree.steps.get(self.key)
        return Reason.MISSING if step is not None and state.has_new(step) else Reason.GONE

    def _subject(self, state: TreeState) -> tuple[str, str]:
        """Returns the file that lacks something, and what it lacks; a module that is absent lacks all."""
        view, name = View(self.tree, state), self.need.name.strip("*")
        module, parts = below_dags(self.need.module, self.tree), name.split(".") if name else []
        while parts and (behind := view.module_behind(f"{module}.{parts[0]}".strip("."))) is not None:
            module, parts = behind, parts[1:]
        below = f"{module}.{parts[0]}".strip(".") if parts else module
        if view.module(below) is Grade.NO and (key := self._ever_file(below)) is not None:
            return key, ""
        absent = view.module(module) is Grade.NO
        return self._ever_file(module) or module, "" if absent else ".".join(parts)

    def _ever_file(self, dotted: str) -> str | None:
        return next((key for key in files_named(dotted) if self.tree.ever_file(key)), None)

    def _last(self, relevant: frozenset[str], state: TreeState) -> int | None:
        """Returns the write by which the last failure ends: in its group, or the next that decides."""
        groups = sorted({self.tree.steps[key].group for key in relevant})
        open_in = [key for key in relevant if self.tree.steps[key].group == state.group]
        if not state.written.issuperset(open_in):
            return self.tree.writes[state.group][1]
        following = next((group for group in groups if group > state.group), None)
        return None if following is None else self.tree.writes[following][1]


def _subsets(keys: list[str]) -> Iterator[tuple[str, ...]]:
    """Yields what may be written of a group: any part; of a large one each alone, all but each, and all."""
    sizes = range(1, len(keys) + 1)
    if len(keys) > _TRIED_TOGETHER:
        sizes = range(0)
        yield from ((key,) for key in keys)
        yield from (tuple(each for each in keys if each != key) for key in keys)
        yield tuple(keys)
    for size in sizes:
        yield from combinations(keys, size)
