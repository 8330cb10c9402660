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
    wanted = (*desired.dags, *(each.object for each in desired.artifacts))
    return tuple(_file(each, observed, stored.get(each.key)) for each in wanted)


def _file(wanted: DesiredObject, observed: ObservedState, stored: StoredObject | None) -> ReleasedFile:
    recorded = observed.current.file(wanted.key) if observed.current else None
    found = stored or observed.objects.get(wanted.key)
    if stored is None and recorded is not None and recorded.sha256 == wanted.sha256 and not _replaced(found):
        return recorded
    etag, version = (found.etag, found.version_id or "") if found else ("", "")
    return ReleasedFile(wanted.key, wanted.sha256, etag, version)


def _replaced(found: StoredObject | None) -> bool:
    """Tell whether S3 was asked about the object, because it was no longer the one that was recorded."""
    return found is None or found.version_id is not None
