"""What a plan may do only where the caller has said so: empty the DAG folder, delete many DAGs."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from mwaactl.observed import ReleaseState
from mwaactl.planner.actions import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from collections.abc import Set as AbstractSet

    from mwaactl.desired import DesiredObject, DesiredState
    from mwaactl.observed import ObservedState, ReleasedFile

ALLOW_EMPTY = "--allow-empty"
ALLOW_DELETES = "--allow-deletes"
# A wrong folder or a broken checkout deletes many; a change of the project deletes few.
DELETED_SHARE = 0.2


def needed_consent(desired: DesiredState, observed: ObservedState) -> Iterator[Refusal]:
    """Yield what the caller has to allow before the desired state is brought about."""
    if not desired.dags:
        yield Refusal("`dags/` is empty", ALLOW_EMPTY)
        return
    present = {
        name: digest
        for each in _released(observed)
        if each.defines_dag and each.key in observed.objects
        for name, digest in _digests(each)
    }
    kept = {_bare(name) for each in desired.dags for name in (each.key, *each.holds)}
    gone = len(present.keys() - kept)
    gone -= _moved(desired, present, kept) if gone else 0
    if gone > DELETED_SHARE * len(present):
        yield Refusal(f"the release deletes {gone} of {len(present)} DAG files", ALLOW_DELETES)


def _moved(desired: DesiredState, present: Mapping[str, str], kept: AbstractSet[str]) -> int:
    """Return how many of the DAGs that go come again from a new place, with the same content."""
    new = {name: digest for each in desired.dags for name, digest in _digests(each) if name not in present}
    gone = (digest for name, digest in present.items() if digest and name not in kept)
    return (Counter(gone) & Counter(new.values())).total()


def _released(observed: ObservedState) -> Iterator[ReleasedFile]:
    """Yield the files of what runs; what only an unfinished release wrote was never a part of it.

    A release that was complete counts also where nothing names it: where its deployment died before it was
    promoted, or `current.json` is gone.
    """
    complete = (each for each in observed.releases if each.state is ReleaseState.RELEASED)
    return (file for each in complete for file in each.files)


def _digests(file: DesiredObject | ReleasedFile) -> Iterator[tuple[str, str]]:
    """Yield the DAG files that a file is, or holds, with the digest of their content."""
    for name, digest in (file.holds or {file.key: file.sha256}).items():
        yield _bare(name), digest


def _bare(name: str) -> str:
    """Return the key that a DAG file has, or would have outside its archive."""
    archive, _, inner = name.partition(".zip/")
    return f"{archive.rpartition('/')[0]}/{inner}" if inner else name
