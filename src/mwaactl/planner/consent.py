"""What a plan may do only where the caller has said so: empty the DAG folder, delete many DAGs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mwaactl.planner.actions import DeleteObject, Refusal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mwaactl.desired import DesiredState
    from mwaactl.observed import ObservedState
    from mwaactl.planner.actions import Action

ALLOW_EMPTY = "--allow-empty"
ALLOW_DELETES = "--allow-deletes"
# A wrong folder or a broken checkout deletes many; a change of the project deletes few.
DELETED_SHARE = 0.2


def needed_consent(
    desired: DesiredState, observed: ObservedState, actions: Iterable[Action]
) -> Iterator[Refusal]:
    """Yield what the caller has to allow before this is carried out."""
    if not desired.dags:
        yield Refusal("`dags/` is empty", ALLOW_EMPTY)
        return
    # What only an unfinished release wrote was never a part of what runs.
    released = observed.current.files if observed.current else ()
    present = {each.key for each in released if each.defines_dag} & observed.objects.keys()
    gone = len(present & {each.key for each in actions if isinstance(each, DeleteObject)})
    if gone > DELETED_SHARE * len(present):
        yield Refusal(f"the release deletes {gone} of {len(present)} DAG files", ALLOW_DELETES)
