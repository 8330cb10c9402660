"""The S3 side of COPY and UNLOAD: which keys a source means, fetching them, and putting results."""

from __future__ import annotations

import bz2
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from mwaactl.emulator.warehouse.faults import StatementFailed

if TYPE_CHECKING:
    from pathlib import Path

    from mypy_boto3_s3 import S3Client

_EXTRA_MESSAGE = "ERROR: S3ServiceException:{0},Status {1},Error {2}"


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One S3 object and its copy on disk."""

    url: str
    path: Path


def split_url(url: str) -> tuple[str, str]:
    """Return the bucket and key of an s3:// address."""
    bucket, _, key = url.removeprefix("s3://").partition("/")
    return bucket, key


def s3_failure(error: ClientError) -> StatementFailed:
    """Return an S3 error as Redshift words it."""
    found = error.response["Error"]
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    return StatementFailed(_EXTRA_MESSAGE.format(found.get("Message"), status, found.get("Code")))


def source_urls(s3: S3Client, source: str, *, manifest: bool) -> list[str]:
    """Return the objects that a COPY reads: a manifest's entries, or every key with the prefix.

    Raises:
        StatementFailed: If there is none, or S3 refuses.
    """
    bucket, prefix = split_url(source)
    try:
        if manifest:
            return _manifest_urls(s3, bucket, prefix)
        pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
        keys = [item["Key"] for page in pages for item in page.get("Contents", ()) if item["Size"]]
    except ClientError as error:
        raise s3_failure(error) from error
    if not keys:
        message = f"ERROR: The specified S3 prefix '{prefix}' does not exist"
        raise StatementFailed(message)
    return [f"s3://{bucket}/{key}" for key in keys]


def _manifest_urls(s3: S3Client, bucket: str, key: str) -> list[str]:
    try:
        entries = json.loads(s3.get_object(Bucket=bucket, Key=key)["Body"].read())["entries"]
        return [entry["url"] for entry in entries if entry.get("mandatory") or _exists(s3, entry["url"])]
    except (ValueError, KeyError, TypeError) as error:
        where = f"s3://{bucket}/{key}"
        message = f"ERROR: The manifest {where} is not valid: an object with a list of entries with urls"
        raise StatementFailed(message) from error


def _exists(s3: S3Client, url: str) -> bool:
    bucket, key = split_url(url)
    return bool(s3.list_objects_v2(Bucket=bucket, Prefix=key, MaxKeys=1).get("KeyCount", 0))


def fetch(
    s3: S3Client, urls: list[str], directory: Path, options: dict[str, Any], suffix: str
) -> list[SourceFile]:
    """Copy objects into a directory; returns them in order."""
    files = []
    for number, url in enumerate(urls):
        bucket, key = split_url(url)
        path = directory / f"{number:05}{suffix}"
        try:
            s3.download_file(bucket, key, str(path))
        except ClientError as error:
            raise s3_failure(error) from error
        _prepare(path, options)
        files.append(SourceFile(url, path))
    return files


def _prepare(path: Path, options: dict[str, Any]) -> None:
    """Undo what DuckDB does not read by itself: BZIP2, UTF-16, and bytes that are no UTF-8."""
    encoding = str(options.get("ENCODING", "UTF8"))
    replacement = options.get("ACCEPTINVCHARS")
    if "BZIP2" in options:
        path.write_bytes(bz2.decompress(path.read_bytes()))
    if encoding != "UTF8":
        name = {"UTF16": "utf-16", "UTF16LE": "utf-16-le", "UTF16BE": "utf-16-be"}[encoding]
        path.write_bytes(path.read_bytes().decode(name).encode())
    if replacement:
        mark = replacement if isinstance(replacement, str) else "?"
        text = path.read_bytes().decode("utf-8", errors="surrogateescape")
        path.write_bytes("".join(mark if "\udc80" <= c <= "\udcff" else c for c in text).encode())


def put(s3: S3Client, url: str, path: Path) -> int:
    """Upload a file; returns its size in bytes."""
    bucket, key = split_url(url)
    try:
        s3.upload_file(str(path), bucket, key)
    except Exception as error:
        cause = error if isinstance(error, ClientError) else error.__cause__ or error.__context__
        if isinstance(cause, ClientError):
            raise s3_failure(cause) from error
        raise
    return path.stat().st_size
