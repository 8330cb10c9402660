"""What the Python files of a restored release take from each other, read from the versions that hold them."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from mwaactl.errors import MwaactlError
from mwaactl.executor.background import side_by_side
from mwaactl.executor.present_sources import WORKERS, present_facts, replaced_sources
from mwaactl.planner.window import window_of
from mwaactl.project.dag_files import placed
from mwaactl.project.source_facts import facts_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from mwaactl.desired import DesiredState
    from mwaactl.executor.gateways import Bucket
    from mwaactl.planner.actions import Action
    from mwaactl.planner.window import Window
    from mwaactl.project.source_facts import SourceFacts

MOST = 1000
"""Of more Python files, to read them would take longer than the window is."""
_SOURCE = ".py"


def window_of_rollback(
    state: DesiredState, actions: Iterable[Action], read: Callable[[str], bytes], bucket: Bucket
) -> Window | None:
    """Find the window of a rollback.

    Args:
        state: What is restored.
        actions: The plan's.
        read: Gives the restored content for a key.
        bucket: Holds what is there now.

    Returns:
        None where no Python file is written over or deleted, or where the release has too many of them.
    """
    actions = tuple(actions)
    keys = [each.key for each in state.dags if each.key.endswith(_SOURCE)]
    if len(keys) > MOST or not replaced_sources(actions):
        return None
    found = dict(zip(keys, side_by_side(lambda key: _facts(key, read), keys, WORKERS), strict=True))
    facts = {key: each for key, each in found.items() if each is not None}
    imports, _ = placed(facts)
    dags = (
        replace(each, facts=facts.get(each.key), imports=imports.get(each.key, ())) for each in state.dags
    )
    present: Mapping[str, SourceFacts] = {}
    with suppress(MwaactlError):
        present = present_facts(actions, bucket)
    return replace(window_of(replace(state, dags=tuple(dags)), actions, present), avoidable=False)


def _facts(key: str, read: Callable[[str], bytes]) -> SourceFacts | None:
    # A way back is not refused for what is only told: the file counts as not known.
    with suppress(MwaactlError):
        return facts_of(key, read(key))
    return None
