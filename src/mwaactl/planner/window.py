"""The window of a change: the moments between its writes at which a file meets another's wrong version.

MWAA may copy the folder between any two writes, so what Airflow parses may be old here and new there. An
additive change has no window: names are added, names that are taken are kept, and what goes away is taken by
nothing. Of any other change this says which file takes what from where, and between which writes it fails.

It compares text, and takes the safe side where the text does not tell: a name that is there only under a
condition, or made up by `__getattr__`, `globals()`, `exec` or a star import, is less than one that is there
in any case, and more than none. An import whose failure the file handles is no hazard.

What it cannot see: a function whose parameters changed, a class whose methods did, a module that is imported
by a computed name, what packages and plugins have, and files that no release of the project wrote.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import groupby
from typing import TYPE_CHECKING

from mwaactl.planner.actions import DeleteObject, PutObject
from mwaactl.planner.circles import hazards_in_circles
from mwaactl.planner.hazards import Hazard, Reason, hazards_of
from mwaactl.planner.tree_states import UNKNOWN, ModuleTree, Step
from mwaactl.project.module_names import module_of
from mwaactl.project.needs import Moment

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from mwaactl.desired import DesiredState
    from mwaactl.project.source_facts import SourceFacts

_SOURCE = ".py"


@dataclass(frozen=True, slots=True)
class Window:
    """What is known of the moments between the writes of a change.

    Attributes:
        hazards: What is not there while a file takes it, by file.
        writes: How many files of the DAG folder are written and deleted.
        avoidable: Whether the same change can be made in one write.
    """

    hazards: tuple[Hazard, ...]
    writes: int
    avoidable: bool = True

    @property
    def is_additive(self) -> bool:
        """Whether every moment between two writes leaves files that fit together."""
        return not self.hazards

    @property
    def first(self) -> int:
        """Number of the write with which the window begins, from 1; 0 where there is none."""
        return min((each.first for each in self.hazards), default=0)

    @property
    def last(self) -> int | None:
        """Number of the write with which the window ends; None where it stays open."""
        ends = [each.last for each in self.hazards]
        return None if None in ends else max((end for end in ends if end is not None), default=0)


def window_of(
    desired: DesiredState,
    actions: Iterable[object],
    before: Mapping[str, SourceFacts],
) -> Window:
    """Finds the window of a plan.

    Args:
        desired: What the plan leads to.
        actions: The plan's actions; of them the writes and deletes of DAG files count, in their order.
        before: Facts of the Python files that are written over or deleted, by key, as the bucket has them.
            What is left out is taken as not known.
    """
    dags = {each.key: each for each in desired.dags}
    written = [
        each
        for each in actions
        if isinstance(each, DeleteObject) or (isinstance(each, PutObject) and each.key in dags)
    ]
    after = {each.key: each.facts or UNKNOWN for each in desired.dags if each.key.endswith(_SOURCE)}
    tree = _tree(written, before, after)
    if all(step.old is None for step in tree.steps.values()) and not tree.unchanged:
        # Nothing is old, so nothing meets its wrong version.
        return Window((), len(written))
    files = sorted(_concerned(tree, {each.key: each.imports for each in desired.dags}))
    hazards = {hazard for key in files for hazard in hazards_of(key, tree)}
    hazards.update(hazards_in_circles(tree))
    hazards.update(_of_unknown_files(tree, before))
    return Window(tuple(_merged(hazards)), len(written))


def _tree(
    written: Sequence[PutObject | DeleteObject],
    before: Mapping[str, SourceFacts],
    after: Mapping[str, SourceFacts],
) -> ModuleTree:
    """Numbers the writes; those of one stage are made together, and deletes one after the other."""
    steps: dict[str, Step] = {}
    numbers: list[tuple[int, int]] = []
    begin = 1
    for _, members in groupby(written, key=lambda each: each.stage if isinstance(each, PutObject) else each):
        actions = list(members)
        for each in actions:
            if each.key.endswith(_SOURCE):
                steps[each.key] = Step(each.key, len(numbers), _old(each, before), _new(each, after))
        numbers.append((begin, begin + len(actions) - 1))
        begin += len(actions)
    unchanged = {key: facts for key, facts in after.items() if key not in steps}
    return ModuleTree(unchanged, steps, numbers)


def _old(action: PutObject | DeleteObject, before: Mapping[str, SourceFacts]) -> SourceFacts | None:
    if isinstance(action, PutObject) and action.replaces is None:
        return None
    return before.get(action.key, UNKNOWN)


def _new(action: PutObject | DeleteObject, after: Mapping[str, SourceFacts]) -> SourceFacts | None:
    return after[action.key] if isinstance(action, PutObject) else None


def _concerned(tree: ModuleTree, imports: Mapping[str, Collection[str]]) -> set[str]:
    """Returns the changing files, and those that take something from one, directly or not."""
    importers: dict[str, list[str]] = {}
    for key, imported in imports.items():
        for each in imported:
            importers.setdefault(each, []).append(key)
    gone = {module_of(key) for key, step in tree.steps.items() if step.new is None}
    found = set(tree.steps) | {
        key for key, facts in tree.unchanged.items() if gone and _names_one(facts, gone)
    }
    waiting = list(found)
    while waiting:
        for key in importers.get(waiting.pop(), ()):
            if key not in found:
                found.add(key)
                waiting.append(key)
    return found


def _names_one(facts: SourceFacts, modules: set[str]) -> bool:
    return any(
        dotted.removeprefix("dags.") in modules
        for need in facts.needs
        for dotted in (need.module, f"{need.module}.{need.name}".strip("."))
    )


def _of_unknown_files(tree: ModuleTree, before: Mapping[str, SourceFacts]) -> Iterator[Hazard]:
    """Yields a hazard for each file of which it is not known what it takes, while something goes away."""
    losing = [step for step in tree.steps.values() if _loses(step)]
    for key, step in tree.steps.items():
        if step.old is None or key in before:
            continue
        lost = [each for each in losing if each.key != key and each.group <= step.group]
        if lost:
            first = min(tree.writes[each.group][0] for each in lost)
            last = tree.writes[step.group][1]
            yield Hazard(key, "", "", Reason.UNKNOWN, Moment.AT_IMPORT, first, last)


def _loses(step: Step) -> bool:
    if step.old is None:
        return False
    return step.new is None or step.old is UNKNOWN or not set(step.old.names.sure) <= set(step.new.names.sure)


def _merged(hazards: Iterable[Hazard]) -> Iterator[Hazard]:
    """Sorts hazards, and joins those that differ only in how and when the same thing is taken."""
    for _, group in groupby(sorted(hazards, key=_order), key=_subject):
        same = list(group)
        ends = [each.last for each in same if each.last is not None]
        last = max(ends) if len(ends) == len(same) else None
        yield replace(same[0], first=min(each.first for each in same), last=last)


def _subject(hazard: Hazard) -> tuple[str, str, str, str]:
    return (hazard.importer, hazard.module, hazard.name, hazard.reason.value)


def _order(hazard: Hazard) -> tuple[tuple[str, str, str, str], str, int]:
    return (_subject(hazard), hazard.moment.value, hazard.first)
