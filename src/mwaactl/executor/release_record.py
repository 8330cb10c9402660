"""Reads and writes releases: `releases/<id>.json`, and `releases/current.json` that names one of them.

`current.json` holds the whole record of the current release, so that one read tells what is there.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from datetime import datetime
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from mwaactl.errors import Conflict, DeploymentConflict, NotFound, OperationError
from mwaactl.executor.conditional_write import write_if
from mwaactl.executor.lock.holder import KEY as LOCK
from mwaactl.observed import Release, ReleasedFile, ReleaseState

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from mwaactl.executor.gateways import Bucket
    from mwaactl.observed import StoredObject

PREFIX = "releases/"
CURRENT = "releases/current.json"
# To be raised when an older mwaactl would misread a record.
FORMAT = 1
_HOLDS = "holds"
_text = json.JSONEncoder().encode
_TEXTS = ("id", "digest", "when", "who", "airflow_version")
_OPTIONAL = ("git_commit", "failure", "restores", "replaces")
_OF_FILES = {"key": str, "sha256": str, "etag": str, "version_id": str, "size": int, "stage": int}
_SCALARS = tuple(each.name for each in fields(Release) if each.init and each.name != "files")


@dataclass(frozen=True, slots=True)
class Recorded:
    """The releases that matter.

    Attributes:
        current: The one that counts.
        etag: Of `releases/current.json`.
        unfinished: Those begun since and not promoted.
        overtaken: Those begun before the current one that were not promoted; they may have written late.
    """

    current: Release | None
    etag: str | None
    unfinished: tuple[Release, ...]
    overtaken: tuple[Release, ...] = ()


def read_releases(bucket: Bucket) -> Recorded:
    """Read the current release, and those that were begun since the one before it and not promoted."""
    found = bucket.read(CURRENT)
    current = decode(found.content, CURRENT) if found else None
    keys = record_keys(bucket, after=current.replaces if current else None)
    contents = ((key, bucket.read(key)) for key in keys if current is None or key != key_of(current.id))
    others = tuple(decode(each.content, key) for key, each in contents if each)
    later = tuple(each for each in others if current is None or each.id > current.id)
    earlier = tuple(each for each in others if current is not None and each.id < current.id)
    return Recorded(current, found.etag if found else None, later, earlier)


def record_keys(bucket: Bucket, *, after: str | None = None) -> tuple[str, ...]:
    """Return the keys of all records, oldest first, or of those after the release with this id."""
    start = key_of(after) if after else PREFIX
    return tuple(each.key for each in bucket.list(PREFIX, after=start) if _is_record(each.key))


def key_of(release_id: str) -> str:
    """Return the key of a release's record."""
    return f"{PREFIX}{release_id}.json"


def write_release(bucket: Bucket, release_id: str, record: bytes) -> StoredObject:
    """Write a release, encoded, under its id."""
    return bucket.put(key_of(release_id), record)


def promote(bucket: Bucket, record: bytes, replaces_etag: str | None, sleep: Callable[[float], None]) -> None:
    """Make a release the current one, unless someone else has promoted one meanwhile.

    Args:
        bucket: Where.
        record: The release, encoded.
        replaces_etag: ETag of what was the current one; None where there was none.
        sleep: Waits for a number of seconds.

    Raises:
        DeploymentConflict: If `releases/current.json` is no longer what was observed.
    """
    try:
        write_if(bucket, CURRENT, record, replaces_etag, sleep)
    except (Conflict, NotFound) as error:
        message = f"another deployment was recorded while this one ran: `{CURRENT}` changed"
        hint = "run the command again: it compares with what is there now"
        raise DeploymentConflict(message, hint=hint, code="deploy.moved") from error


def is_current(bucket: Bucket, release: Release) -> bool:
    """Tell whether `releases/current.json` is the record of a release, as it stands."""
    found = bucket.read(CURRENT)
    return found is not None and found.content == encode(release)


def encode(release: Release) -> bytes:
    """Return a release as JSON, with a line for each file."""
    head = {"format": FORMAT} | {name: getattr(release, name) for name in _SCALARS}
    return b"".join(_lines(json.dumps(head, indent=2), release.files))


def decode(content: bytes, key: str) -> Release:
    """Read a release from JSON.

    Raises:
        OperationError: If it is not one, or a newer mwaactl wrote it.
    """
    try:
        found: dict[str, Any] = json.loads(content, object_hook=_file_or_fields)
        newer = found.pop("format", FORMAT) > FORMAT
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        raise _unreadable(key, error) from error
    if newer:
        message = f"`{key}` in the source bucket was written by a newer mwaactl"
        raise OperationError(message, hint="install that version", code="release.newer")
    try:
        return _release(found)
    except (ValueError, TypeError, KeyError) as error:
        raise _unreadable(key, error) from error


def _is_record(key: str) -> bool:
    """Tell a record from what else may lie there: a folder of the console, somebody's notes."""
    return key.endswith(".json") and "/" not in key.removeprefix(PREFIX) and key not in (CURRENT, LOCK)


def _release(found: dict[str, Any]) -> Release:
    if not all(isinstance(found[name], str) for name in _TEXTS):
        message = f"{', '.join(f'`{name}`' for name in _TEXTS)} must be text"
        raise TypeError(message)
    if not all(isinstance(found.get(name), str | None) for name in _OPTIONAL):
        message = f"{', '.join(f'`{name}`' for name in _OPTIONAL)} must be text or null"
        raise TypeError(message)
    datetime.fromisoformat(found["when"])
    files = tuple(found.pop("files"))
    _refuse_other_files(files)
    return Release(files=files, state=ReleaseState(found.pop("state")), **found)


def _refuse_other_files(files: tuple[Any, ...]) -> None:
    """Refuse what is no file, or one of which something is not of its type.

    Raises:
        TypeError: It says what.
    """
    if not all(isinstance(each, ReleasedFile) for each in files):
        message = "`files` holds something that is no file"
        raise TypeError(message)
    for name, kind in _OF_FILES.items():
        # A call of Python for each of many thousand files would take several times as long.
        if not {kind}.issuperset(map(type, map(attrgetter(name), files))):
            message = f"a file has a `{name}` that is none"
            raise TypeError(message)


def _lines(head: str, files: tuple[ReleasedFile, ...]) -> Iterator[bytes]:
    yield head.removesuffix("\n}").encode() + b',\n  "files": ['
    for number, each in enumerate(files):
        yield (b",\n    " if number else b"\n    ") + _line(each).encode()
    yield b"\n  ]\n}\n" if files else b"]\n}\n"


def _line(file: ReleasedFile) -> str:
    # A dictionary and a call of json for each of many thousand files would take three times as long.
    holds = f', "{_HOLDS}": {json.dumps(file.holds)}' if file.holds else ""
    return (
        f'{{"key": {_text(file.key)}, "sha256": {_text(file.sha256)}, "etag": {_text(file.etag)}, '
        f'"version_id": {_text(file.version_id)}, "size": {file.size}, "stage": {file.stage}, '
        f'"defines_dag": {"true" if file.defines_dag else "false"}{holds}}}'
    )


def _file_or_fields(found: dict[str, Any]) -> ReleasedFile | dict[str, Any]:
    # A dictionary for each of many thousand files would take several times the memory.
    if "sha256" not in found:
        return found
    return ReleasedFile(holds=_held(found.pop(_HOLDS, {})), **found)


def _held(found: Any) -> dict[str, str]:  # noqa: ANN401 - as JSON has it
    # Releases used to record the names alone.
    return found if isinstance(found, dict) else dict.fromkeys(found, "")


def _unreadable(key: str, error: Exception) -> OperationError:
    message = f"`{key}` in the source bucket is not a record of a release: {error}"
    hint = "remove it: the next deployment compares every file by its checksum and records anew"
    return OperationError(message, hint=hint, code="release.unreadable")
