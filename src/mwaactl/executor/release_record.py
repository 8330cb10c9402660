"""Reads and writes releases: `releases/<id>.json`, and `releases/current.json` that names one of them.

`current.json` holds the whole record of the current release, so that one read tells what is there.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from mwaactl.errors import Conflict, OperationError
from mwaactl.observed import Release, ReleasedFile, ReleaseState

if TYPE_CHECKING:
    from mwaactl.executor.gateways import Bucket

PREFIX = "releases/"
CURRENT = "releases/current.json"


@dataclass(frozen=True, slots=True)
class Recorded:
    """The releases that matter: the current one with its ETag, and those begun since and not promoted."""

    current: Release | None
    etag: str | None
    unfinished: tuple[Release, ...]


def read_releases(bucket: Bucket) -> Recorded:
    """Read the current release and the unfinished ones after it."""
    found = bucket.read(CURRENT)
    current = decode(found[0], CURRENT) if found else None
    after = f"{PREFIX}{current.id}.json" if current else PREFIX
    later = [each.key for each in bucket.list(PREFIX, after=after) if each.key != CURRENT]
    contents = ((key, bucket.read(key)) for key in later)
    unfinished = tuple(decode(content[0], key) for key, content in contents if content)
    return Recorded(current, found[1] if found else None, unfinished)


def write_release(bucket: Bucket, release: Release) -> None:
    """Write a release under its id."""
    bucket.put(f"{PREFIX}{release.id}.json", encode(release))


def promote(bucket: Bucket, release: Release, replaces_etag: str | None) -> None:
    """Make a release the current one, unless someone else has promoted one meanwhile.

    A request whose answer is lost is sent again and meets what it wrote itself; that is no conflict.

    Raises:
        Conflict: If `releases/current.json` is no longer what was observed.
    """
    content = encode(release)
    try:
        bucket.put_if(CURRENT, content, replaces_etag)
    except Conflict as error:
        present = bucket.read(CURRENT)
        if present is not None and present[0] == content:
            return
        message = f"another deployment was recorded while this one ran: `{CURRENT}` changed"
        raise Conflict(
            message,
            service="s3",
            operation="PutObject",
            error_code=error.error_code,
            request_id=error.request_id,
            hint="run the command again: it compares with what is there now",
        ) from error


def encode(release: Release) -> bytes:
    """Return a release as JSON."""
    return (json.dumps(asdict(release), indent=2, sort_keys=True) + "\n").encode()


def decode(content: bytes, key: str) -> Release:
    """Read a release from JSON.

    Raises:
        OperationError: If it is not one.
    """
    try:
        fields = json.loads(content)
        files = tuple(ReleasedFile(**each) for each in fields.pop("files"))
        return Release(files=files, state=ReleaseState(fields.pop("state")), **fields)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        message = f"`{key}` in the source bucket is not a record of a release: {error}"
        hint = "remove it: the next deployment compares every file by its checksum and records anew"
        raise OperationError(message, hint=hint, code="release.unreadable") from error
