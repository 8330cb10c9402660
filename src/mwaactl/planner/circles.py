"""Circles of files that import one another as they are imported, between two writes.

Python loads a circle by handing out modules that are not complete yet. Whether that works depends on the
order of statements, on which the halves of a circle need not agree while one is old and one is new. Files in
no circle cannot get into one by being written, because what a new file imports is new already, unless that is
a file which is only there because deletes come last: the `__init__.py` of a package that becomes a plain
folder is imported by whatever imports a part of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mwaactl.planner.hazards import Hazard, Reason
from mwaactl.project.import_graph import Modules, imports_of
from mwaactl.project.needs import Moment
from mwaactl.project.stages import strongly_connected

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from mwaactl.planner.tree_states import ModuleTree
    from mwaactl.project.import_graph import Graph
    from mwaactl.project.source_facts import SourceFacts

_AT_ONCE = frozenset({Moment.AT_IMPORT})


def hazards_in_circles(tree: ModuleTree) -> Iterator[Hazard]:
    """Yields a hazard for each circle that may load in the old tree and in the new one, and not between."""
    yield from _of_halves(tree)
    yield from _of_leftovers(tree)


def _of_halves(tree: ModuleTree) -> Iterator[Hazard]:
    """Yields a hazard for each circle in which two files or more are replaced."""
    replaced = {key for key, step in tree.steps.items() if step.old is not None and step.new is not None}
    if len(replaced) < 2:  # noqa: PLR2004 - a circle has two halves
        return
    after = _after(tree)
    for circle in strongly_connected(_graph(after, Modules(after))):
        changing = sorted((key for key in circle if key in replaced), key=lambda key: tree.steps[key].group)
        if len(circle) > 1 and len(changing) > 1:
            yield _circle(tree, changing[0], changing[-1], changing[0], changing[-1])


def _of_leftovers(tree: ModuleTree) -> Iterator[Hazard]:
    """Yields a hazard for each circle that a new file closes through one that is to be deleted."""
    leftovers = {key for key, step in tree.steps.items() if step.new is None}
    before = {key: step.old for key, step in tree.steps.items() if step.old is not None}
    after = _after(tree)
    modules = Modules((*after, *before)) if leftovers else Modules(())
    new = _graph(after, modules) if leftovers else {}
    reached = {key: left for key, imported in new.items() if (left := leftovers.intersection(imported))}
    if not reached:
        return
    old = _graph(before, modules)
    every = {key: tuple({*old.get(key, ()), *new.get(key, ())}) for key in (*after, *before)}
    for circle in strongly_connected(every):
        members = frozenset(circle)
        written = sorted(key for key in circle if key in tree.steps and key not in leftovers)
        closed = [(key, each) for key in circle for each in sorted(reached.get(key, ())) if each in members]
        if closed and written:
            first = min(written, key=lambda key: tree.steps[key].group)
            yield _circle(tree, *closed[0], first, closed[0][1])


def _circle(tree: ModuleTree, importer: str, imported: str, first: str, last: str) -> Hazard:
    begin, end = tree.writes[tree.steps[first].group], tree.writes[tree.steps[last].group]
    return Hazard(importer, imported, "", Reason.CIRCLE, Moment.AT_IMPORT, begin[0], end[1])


def _after(tree: ModuleTree) -> Mapping[str, SourceFacts]:
    written = {key: step.new for key, step in tree.steps.items() if step.new is not None}
    return {**tree.unchanged, **written}


def _graph(files: Mapping[str, SourceFacts], modules: Modules) -> Graph:
    return {key: imports_of(key, facts.needs, modules, _AT_ONCE) for key, facts in files.items()}
