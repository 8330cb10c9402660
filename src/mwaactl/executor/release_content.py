"""Reads what the files of releases held, from the versions that the bucket keeps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mwaactl.executor.background import side_by_side

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from mwaactl.executor.gateways import Bucket
    from mwaactl.observed import ReleasedFile
    from mwaactl.planner.release_diff import FileChange

WORKERS = 8


def contents_of(bucket: Bucket, changes: Iterable[FileChange]) -> Mapping[str, bytes]:
    """Return what the files held before and after.

    Returns:
        Digest to content; a version that is gone is absent.
    """
    files = [each for change in changes for each in (change.before, change.after) if each and each.version_id]
    found = side_by_side(lambda each: _content(bucket, each), files, WORKERS)
    return {each.sha256: content for each, content in zip(files, found, strict=True) if content is not None}


def _content(bucket: Bucket, file: ReleasedFile) -> bytes | None:
    found = bucket.read(file.key, file.version_id)
    return found.content if found else None
