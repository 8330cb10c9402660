"""Reads what the files of releases held, from the versions that the bucket keeps."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from typing import TYPE_CHECKING

from mwaactl.executor.background import side_by_side
from mwaactl.observed import ReleasedFile
from mwaactl.planner.release_diff import diff_releases, layout_change
from mwaactl.project.dags_zip import files_within
from mwaactl.project.reading import sha256_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from mwaactl.executor.gateways import Bucket
    from mwaactl.observed import Release
    from mwaactl.planner.release_diff import FileChange

WORKERS = 8


def differences(
    bucket: Bucket, before: Release, after: Release, *, content: bool
) -> tuple[tuple[FileChange, ...], Mapping[str, bytes] | None]:
    """Return the files that differ between two releases, and what they held before and after.

    Where the DAGs of only one of them lie in an archive, its files are compared with those of the other.

    Args:
        bucket: Keeps their versions.
        before: The first release.
        after: The second release.
        content: Whether what files held is wanted; None is returned in its place if not.
    """
    known: Mapping[str, bytes] = {}
    if layout_change(before, after):
        (before, old), (after, new) = unpacked(bucket, before), unpacked(bucket, after)
        known = {**old, **new}
    changes = diff_releases(before, after)
    return changes, {**known, **contents_of(bucket, changes)} if content else None


def unpacked(bucket: Bucket, release: Release) -> tuple[Release, Mapping[str, bytes]]:
    """Return a release as if its archive of DAGs lay in the bucket file by file.

    Returns:
        The release, and digest to content of what the archive holds. As it is, where it has no archive, or
        that is gone or cannot be read.
    """
    archive = next((each for each in release.files if each.holds), None)
    content = _content(bucket, archive) if archive else None
    if archive is None or content is None:
        return release, {}
    try:
        members = files_within(content)
    except zipfile.BadZipFile:
        return release, {}
    others = [each for each in release.files if each is not archive]
    files = [ReleasedFile(key, sha256_of(held), "", "", len(held)) for key, held in members.items()]
    held = {sha256_of(each): each for each in members.values()}
    return replace(release, files=(*others, *files)), held


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
