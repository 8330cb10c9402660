"""Plans the objects of the source bucket: content decides, and only what is ours is deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mwaactl.planner.actions import DeleteObject, PutObject

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mwaactl.desired import DesiredObject, DesiredState
    from mwaactl.observed import ObservedState, ReleasedFile, StoredObject

DAG_PREFIX = "dags/"


def plan_artifacts(desired: DesiredState, observed: ObservedState) -> Iterator[PutObject]:
    """Upload the artifacts whose content is not in the bucket."""
    for artifact in desired.artifacts:
        if artifact_version(artifact.object, observed) is None:
            yield _put(artifact.object, observed)


def plan_dags(desired: DesiredState, observed: ObservedState) -> Iterator[PutObject]:
    """Upload the DAG files whose content is not in the bucket, by stage and key."""
    for each in sorted(desired.dags, key=lambda dag: (dag.stage, dag.key)):
        if not holds(observed, each):
            yield _put(each, observed)


def plan_deletes(desired: DesiredState, observed: ObservedState) -> Iterator[DeleteObject]:
    """Delete what an earlier release wrote under `dags/` and the project no longer has."""
    gone = [key for key in _strangers(desired, observed) if key in observed.owned_keys]
    # What imports comes before what it imports: the reverse of the order of writing.
    for key in sorted(gone, key=lambda key: (-_stage(key, observed), key)):
        reason = "an earlier release wrote it and this one does not have it"
        yield DeleteObject(key, reason, observed.objects[key].etag)


def replaced_artifacts(desired: DesiredState, observed: ObservedState) -> Iterator[str]:
    """Yield the artifacts that somebody overwrote or deleted while the environment keeps their version."""
    for each in (artifact.object for artifact in desired.artifacts):
        recorded = observed.current.file(each.key) if observed.current else None
        # After a rollback a newer release's object lies there, and the record names no ETag of its own.
        seen = recorded is not None and recorded.etag
        kept = recorded is not None and seen and artifact_version(each, observed) == recorded.version_id
        if kept and each.version_id is None and not holds(observed, each):
            yield each.key


def foreign_keys(desired: DesiredState, observed: ObservedState) -> tuple[str, ...]:
    """Return what lies under `dags/` and no release of the project wrote; it is never deleted."""
    return tuple(sorted(key for key in _strangers(desired, observed) if key not in observed.owned_keys))


def clashes(desired: DesiredState, foreign: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield a key that is a file, and one that needs a folder of the same name; a disk has one of them.

    Args:
        desired: What should be.
        foreign: What lies beside it and is left alone.
    """
    wanted = frozenset(each.key for each in desired.dags)
    needed = {folder: each for each in sorted(wanted, reverse=True) for folder in _folders(each)}
    for key in foreign:
        yield from ((folder, key) for folder in _folders(key) if folder in wanted)
        if key in needed:
            yield key, needed[key]


def _stage(key: str, observed: ObservedState) -> int:
    """Return the stage in which the latest release that has the key wrote it."""
    found = (file for release in observed.releases if (file := release.file(key)) is not None)
    return max((file.stage for file in found), default=0)


def _strangers(desired: DesiredState, observed: ObservedState) -> Iterator[str]:
    """Yield the keys under `dags/` that the desired state does not have."""
    wanted = frozenset(each.key for each in desired.dags)
    return (key for key in observed.objects if key.startswith(DAG_PREFIX) and key not in wanted)


def holds(observed: ObservedState, wanted: DesiredObject) -> bool:
    """Tell whether the bucket has exactly this content under the key, and lets it be read."""
    stored = observed.objects.get(wanted.key)
    return stored is not None and not stored.archived and content_of(stored, observed) == wanted.sha256


def content_of(stored: StoredObject, observed: ObservedState) -> str | None:
    """Return the digest of what is stored: from the release that wrote this object, else from S3 itself."""
    recorded = _recorded(stored, observed)
    return recorded.sha256 if recorded else stored.sha256


def artifact_version(wanted: DesiredObject, observed: ObservedState) -> str | None:
    """Return the VersionId under which the bucket has this content, or None if it must be uploaded.

    The version that the current release recorded is preferred: the environment uses it, and it keeps its
    content whatever was written over it since. A rollback names the version itself.
    """
    if wanted.version_id is not None:
        return wanted.version_id
    recorded = observed.current.file(wanted.key) if observed.current else None
    stored = observed.objects.get(wanted.key)
    if stored is not None and stored.archived:
        return None
    if recorded is not None and recorded.sha256 == wanted.sha256 and wanted.key not in observed.lost:
        return recorded.version_id
    if stored is not None and stored.sha256 == wanted.sha256:
        return stored.version_id
    return None


def _recorded(stored: StoredObject, observed: ObservedState) -> ReleasedFile | None:
    found = observed.current.file(stored.key) if observed.current else None
    return found if found is not None and found.etag == stored.etag else None


def _put(wanted: DesiredObject, observed: ObservedState) -> PutObject:
    stored = observed.objects.get(wanted.key)
    reason, replaces = _reason(wanted, observed), stored.etag if stored else None
    return PutObject(wanted.key, wanted.sha256, wanted.size, wanted.stage, reason, replaces)


def _reason(wanted: DesiredObject, observed: ObservedState) -> str:
    stored = observed.objects.get(wanted.key)
    if wanted.key in observed.lost:
        return "the version that the environment runs is gone from the bucket"
    recorded = observed.current.file(wanted.key) if observed.current else None
    if stored is None:
        # What only other releases had was deleted by ourselves.
        return "it is new" if recorded is None else "it is gone from the bucket"
    if stored.archived:
        return "the bucket's copy lies in an archive, where MWAA cannot read it"
    if recorded is not None and recorded.sha256 == wanted.sha256:
        return _overwritten(stored, observed)
    if wanted.key in observed.owned_keys:
        return "its content changed"
    # An artifact that a release has dropped stays in the bucket, and releases before it are not looked at.
    may_be_ours = observed.current is not None and not wanted.key.startswith(DAG_PREFIX)
    return "the current release has none" if may_be_ours else "no release wrote what lies there"


def _overwritten(stored: StoredObject, observed: ObservedState) -> str:
    """Say who wrote over what the current release has: after a failed deployment that is no stranger."""
    for release in reversed(observed.unfinished):
        file = release.file(stored.key)
        if file is not None and file.sha256 == stored.sha256:
            return f"release {release.id}, which was not finished, wrote another"
    return "the bucket's copy was changed by someone else"


def _folders(key: str) -> Iterator[str]:
    """Yield the folders that a key needs; one that the console made ends with `/`."""
    parts = key.split("/")
    return ("/".join(parts[:depth]) for depth in range(1, len(parts)))
