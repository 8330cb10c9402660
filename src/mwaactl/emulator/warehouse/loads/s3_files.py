"""The S3 side of COPY and UNLOAD: which keys a source means, fetching, putting and removing them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from mwaactl.emulator.warehouse.faults import StatementFailed

if TYPE_CHECKING:
    from pathlib import Path

    from mypy_boto3_s3 import S3Client

_CHUNK = 2**20
_EXTRA_MESSAGE = "ERROR: S3ServiceException:{0},Status {1},Error {2}"


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One S3 object and its copy on disk.

    Attributes:
        url: Its address.
        path: The copy.
        plain_integers: Whether DuckDB's cast to integers reads every integer of it as COPY does.
    """

    url: str
    path: Path
    plain_integers: bool = False


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


def existing_keys(s3: S3Client, url: str) -> list[str]:
    """Return the keys that begin as an address does."""
    bucket, prefix = split_url(url)
    try:
        pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
        return [item["Key"] for page in pages for item in page.get("Contents", ())]
    except ClientError as error:
        raise s3_failure(error) from error


def remove(s3: S3Client, url: str, keys: list[str]) -> None:
    """Delete keys of an address's bucket."""
    bucket, _ = split_url(url)
    try:
        for start in range(0, len(keys), 1000):  # as many as one request takes
            objects = [{"Key": key} for key in keys[start : start + 1000]]
            s3.delete_objects(Bucket=bucket, Delete={"Objects": objects, "Quiet": True})  # type: ignore[typeddict-item]
    except ClientError as error:
        raise s3_failure(error) from error


def _exists(s3: S3Client, url: str) -> bool:
    bucket, key = split_url(url)
    return bool(s3.list_objects_v2(Bucket=bucket, Prefix=key, MaxKeys=1).get("KeyCount", 0))


def fetch(s3: S3Client, urls: list[str], directory: Path, suffix: str) -> list[SourceFile]:
    """Copy objects into a directory; returns them in order."""
    files = []
    for number, url in enumerate(urls):
        path = directory / f"{number:05}{suffix}"
        _download(s3, url, path)
        files.append(SourceFile(url, path))
    return files


def _download(s3: S3Client, url: str, path: Path) -> None:
    bucket, key = split_url(url)
    try:
        body = s3.get_object(Bucket=bucket, Key=key)["Body"]
    except ClientError as error:
        raise s3_failure(error) from error
    with path.open("wb") as target:
        for chunk in body.iter_chunks(_CHUNK):
            target.write(chunk)


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
