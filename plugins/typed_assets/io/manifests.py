"""The manifest of what is published: the file that COPY … MANIFEST reads, put last.

Whoever reads through it sees the whole of one publication, never half of two.
https://docs.aws.amazon.com/redshift/latest/dg/loading-data-files-using-manifest.html
"""

import json
from dataclasses import dataclass

from typed_assets.io.errors import DataError
from typed_assets.io.objects import Bucket, FoundObject

_TOKEN = "token"  # noqa: S105 - the name of an attempt, no secret


@dataclass(frozen=True, slots=True)
class Manifest:
    """What is published: keys in one bucket, and the attempt that did it."""

    keys: tuple[str, ...]
    token: str | None


def put_manifest(
    bucket: Bucket,
    key: str,
    files: tuple[FoundObject, ...],
    token: str,
    *,
    rows: int | None = None,
    files_in: str | None = None,
) -> None:
    """Put a manifest that names files with their sizes.

    Args:
        bucket: where the manifest goes.
        key: of the manifest.
        files: what it names.
        token: of the attempt.
        rows: in all files, if that is known.
        files_in: the bucket of the files, if it is another one.
    """
    entries = [
        {
            "url": f"s3://{files_in or bucket.name}/{file.key}",
            "mandatory": True,
            "meta": {"content_length": file.size},
        }
        for file in files
    ]
    meta = {"content_length": sum(file.size for file in files)}
    counted = {} if rows is None else {"record_count": rows}
    value = {"entries": entries, "meta": {**meta, **counted}, "author": {"name": "typed_assets"}}
    bucket.put(key, json.dumps(value, indent=1).encode(), **{_TOKEN: token})


def read_manifest(bucket: Bucket, key: str) -> Manifest | None:
    """Return a manifest, or None where there is none.

    Raises:
        DataError: it is not a manifest, or names files of another bucket.
    """
    found = bucket.get(key)
    if found is None:
        return None
    body, metadata = found
    start = f"s3://{bucket.name}/"
    try:
        urls = [str(entry["url"]) for entry in json.loads(body)["entries"]]
    except (ValueError, KeyError, TypeError):
        message = f"{start}{key} is not a manifest"
        raise DataError(message) from None
    for url in urls:
        if not url.startswith(start):
            message = f"{start}{key} names `{url}`, which stands in another bucket"
            raise DataError(message)
    return Manifest(tuple(url.removeprefix(start) for url in urls), metadata.get(_TOKEN))
