"""Runs many trials, as many at once as there are laboratories."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence


def failures[S](
    scenes: Sequence[S], trials: Mapping[str, Callable[[S], Sequence[str]]]
) -> dict[str, Sequence[str]]:
    """Return what is wrong, by the name of the trial; trials with nothing wrong are left out.

    Args:
        scenes: Where trials take place, one at a time in each.
        trials: Name to trial; it returns what is wrong.
    """
    free = SimpleQueue[S]()
    for each in scenes:
        free.put(each)

    def carry_out(trial: Callable[[S], Sequence[str]]) -> Sequence[str]:
        scene = free.get()
        try:
            return trial(scene)
        finally:
            free.put(scene)

    with ThreadPoolExecutor(len(scenes)) as pool:
        outcomes = dict(zip(trials, pool.map(carry_out, trials.values()), strict=True))
    return {name: wrong for name, wrong in outcomes.items() if wrong}
