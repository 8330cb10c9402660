"""The order in which files are written: what a file imports comes before the file.

MWAA copies the bucket every 30 seconds and Airflow parses what it finds, so every moment between two writes
must leave a folder that parses. Files of one stage import nothing of one another and are written together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

    from mwaactl.project.import_graph import Graph

DATA = 0


def stages_of(
    graph: Graph, at_once: Callable[[str], Iterable[str]], dags: Collection[str]
) -> Mapping[str, int]:
    """Gives each Python file its stage, from 1; data files are written before them, in stage 0.

    Modules come by the depth of their imports, then the files that define DAGs and whatever imports those.

    Args:
        graph: Every file and the files it imports, at whatever moment.
        at_once: Gives what a file imports as it is imported itself: this decides within a circle.
        dags: Files that define DAGs.
    """
    circles = [_within(circle, at_once) for circle in strongly_connected(graph)]
    late = _late(circles, graph, frozenset(dags))
    stages: dict[str, int] = {}
    for wanted in (False, True):
        lowest = max(stages.values(), default=DATA) + 1
        for circle in circles:
            if (circle[0] in late) is wanted:
                _place(circle, graph, stages, lowest)
    return stages


def strongly_connected(graph: Graph) -> Iterator[list[str]]:
    """Yields the circles of a graph, each after what it imports; a file in no circle is one of its own.

    Tarjan's algorithm without recursion: a chain of imports may be longer than Python's stack.
    """
    numbers: dict[str, int] = {}
    lowest: dict[str, int] = {}
    path: list[str] = []
    on_path: set[str] = set()
    for start in sorted(graph):
        walk = [] if start in numbers else [(start, iter(graph[start]))]
        while walk:
            key, imported = walk[-1]
            if key not in numbers:
                numbers[key] = lowest[key] = len(numbers)
                path.append(key)
                on_path.add(key)
            for each in imported:
                if each not in numbers:
                    walk.append((each, iter(graph[each])))
                    break
                if each in on_path:
                    lowest[key] = min(lowest[key], numbers[each])
            else:
                walk.pop()
                if walk:
                    lowest[walk[-1][0]] = min(lowest[walk[-1][0]], lowest[key])
                if lowest[key] == numbers[key]:
                    yield sorted(_taken_off(path, on_path, key))


def _taken_off(path: list[str], on_path: set[str], key: str) -> Iterator[str]:
    """Takes everything off a path down to a key."""
    while key in on_path:
        on_path.discard(path[-1])
        yield path.pop()


def _within(circle: list[str], at_once: Callable[[str], Iterable[str]]) -> list[str]:
    """Orders a circle by what is imported at once; where that is a circle too, by name."""
    if len(circle) == 1:
        return circle
    members = frozenset(circle)
    inner = {key: tuple(each for each in at_once(key) if each in members) for key in circle}
    return [key for part in strongly_connected(inner) for key in part]


def _late(circles: Iterable[list[str]], graph: Graph, dags: frozenset[str]) -> set[str]:
    """Returns the files that define DAGs, and those that import one, directly or not."""
    late: set[str] = set()
    for circle in circles:
        if any(key in dags or not late.isdisjoint(graph[key]) for key in circle):
            late.update(circle)
    return late


def _place(circle: list[str], graph: Graph, stages: dict[str, int], lowest: int) -> None:
    """Places a circle's files one after the other, each after all that it imports outside."""
    for key in circle:
        lowest = max(lowest, *(stages[each] + 1 for each in graph[key] if each in stages), 0)
        stages[key] = lowest
        lowest += 1 if len(circle) > 1 else 0
