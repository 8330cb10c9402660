"""The conditions of CopyObject and UploadPartCopy, on the source and on what it replaces; moto looks at one.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html
"""

from __future__ import annotations

from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, unquote, urlsplit

from moto.s3.exceptions import MissingKey, PreconditionFailed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from moto.s3.models import FakeKey, S3Backend

_SOURCE = "x-amz-copy-source"


def check_copy(headers: Mapping[str, str], backend: S3Backend, bucket: str, key: str) -> None:
    """Refuse a copy whose conditions do not hold.

    Args:
        headers: Of the request.
        backend: S3.
        bucket: Where the copy goes.
        key: Of the copy.

    Raises:
        PreconditionFailed: One does not hold.
        MissingKey: What `If-Match` is about is not there.
    """
    check_source(headers, backend)
    _check_target(headers, backend.get_object(bucket, key), key)


def check_source(headers: Mapping[str, str], backend: S3Backend) -> None:
    """Refuse a copy, or a part of an upload that is one, whose conditions on the source do not hold.

    Args:
        headers: Of the request.
        backend: S3.

    Raises:
        PreconditionFailed: One does not hold.
    """
    source = _source(headers, backend)
    if source is not None:
        _check_source(headers, source)


def _source(headers: Mapping[str, str], backend: S3Backend) -> FakeKey | None:
    parts = urlsplit(headers[_SOURCE])
    bucket, _, key = unquote(parts.path).lstrip("/").partition("/")
    version = parse_qs(parts.query).get("versionId", [None])[0]
    return backend.get_object(bucket, key, version_id=version)


def _check_source(headers: Mapping[str, str], source: FakeKey) -> None:
    """Where a condition on the ETag holds, that on the time beside it does not count."""
    match, differ = headers.get(f"{_SOURCE}-if-match"), headers.get(f"{_SOURCE}-if-none-match")
    unmodified = headers.get(f"{_SOURCE}-if-unmodified-since")
    modified = headers.get(f"{_SOURCE}-if-modified-since")
    if match is not None:
        _require(_is(match, source), f"{_SOURCE}-If-Match")
    elif unmodified is not None:
        _require(not _is_newer(source, unmodified), f"{_SOURCE}-If-Unmodified-Since")
    if differ is not None:
        _require(not _is(differ, source), f"{_SOURCE}-If-None-Match")
    elif modified is not None:
        _require(_is_newer(source, modified), f"{_SOURCE}-If-Modified-Since")


def _check_target(headers: Mapping[str, str], there: FakeKey | None, key: str) -> None:
    match = headers.get("If-Match")
    if match is not None:
        if there is None:
            raise MissingKey(key=key)
        _require(_is(match, there), "If-Match")
    if headers.get("If-None-Match") is not None:
        _require(there is None, "If-None-Match")


def _require(holds: bool, condition: str) -> None:  # noqa: FBT001
    if not holds:
        raise PreconditionFailed(condition)


def _is(etag: str, stored: FakeKey) -> bool:
    return etag == "*" or etag.strip('"') == stored.etag.strip('"')


def _is_newer(stored: FakeKey, moment: str) -> bool:
    """Tell whether an object is newer than a moment; HTTP knows no parts of seconds."""
    return stored.last_modified.replace(microsecond=0) > parsedate_to_datetime(moment).replace(tzinfo=None)
