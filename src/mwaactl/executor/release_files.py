"""The files of a release, each with the version and ETag under which the bucket holds it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mwaactl.observed import ReleasedFile

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mwaactl.desired import DesiredObject, DesiredState
    from mwaactl.observed import ObservedState, StoredObject


def released_files(
    desired: DesiredState, observed: ObservedState, stored: Mapping[str, StoredObject]
) -> tuple[ReleasedFile, ...]:
    """Return all files of the release that leads to `desired`.

    Args:
        desired: What is released.
        observed: What was there before.
        stored: Key to object, for what this deployment has written so far.
    """
    dags = (_file(each, observed, stored, pinned=False) for each in desired.dags)
    artifacts = (_file(each.object, observed, stored, pinned=True) for each in desired.artifacts)
    return (*dags, *artifacts)


def _file(
    wanted: DesiredObject, observed: ObservedState, stored: Mapping[str, StoredObject], *, pinned: bool
) -> ReleasedFile:
    """Return one file; a pinned one keeps its recorded version even where the bucket has a newer one."""
    etag, version = _version(wanted, observed, stored, pinned=pinned)
    return ReleasedFile(
        wanted.key, wanted.sha256, etag, version, wanted.size, wanted.stage, wanted.defines_dag, wanted.holds
    )


def _version(
    wanted: DesiredObject, observed: ObservedState, stored: Mapping[str, StoredObject], *, pinned: bool
) -> tuple[str, str]:
    """Return ETag and VersionId; both are empty for what is not in the bucket."""
    if wanted.key in stored:
        return stored[wanted.key].etag, stored[wanted.key].version_id or ""
    found = observed.objects.get(wanted.key)
    recorded = observed.current.file(wanted.key) if observed.current else None
    if wanted.version_id is not None:
        return (found.etag if found and found.version_id == wanted.version_id else "", wanted.version_id)
    if recorded is not None and recorded.sha256 == wanted.sha256:
        same = found is not None and found.etag == recorded.etag
        if pinned or same:
            return recorded.etag, recorded.version_id
    return (found.etag, found.version_id or "") if found else ("", "")
