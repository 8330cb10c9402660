"""The manifest of what is published: the file that COPY … MANIFEST reads, put last.

Whoever reads through it sees the whole of one publication, never half of two.
https://docs.aws.amazon.com/redshift/latest/dg/loading-data-files-using-manifest.html
"""

import json
from dataclasses import dataclass

from typed_assets.io.errors import DataError
from typed_assets.io.objects import Bucket, FoundObject

_CONTENT = "content"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What is published.

    Attributes:
        keys: in one bucket.
        content: what names the content, if it is known.
        etag: of the manifest itself.
    """

    keys: tuple[str, ...]
    content: str | None
    etag: str


def manifest_body(bucket: str, files: tuple[FoundObject, ...], *, rows: int | None = None) -> bytes:
    """Return a manifest that names files with their sizes.

    Args:
        bucket: of the files.
        files: what it names.
        rows: in all files, if that is known.
    """
    entries = [
        {
            "url": f"s3://{bucket}/{file.key}",
            "mandatory": True,
            "meta": {"content_length": file.size},
        }
        for file in files
    ]
    meta = {"content_length": sum(file.size for file in files)}
    counted = {} if rows is None else {"record_count": rows}
    value = {"entries": entries, "meta": {**meta, **counted}, "author": {"name": "typed_assets"}}
    return json.dumps(value, indent=1).encode()


def replace_manifest(
    bucket: Bucket,
    key: str,
    before: Manifest | None,
    files: tuple[FoundObject, ...],
    *,
    content: str,
    token: str,
    rows: int | None,
) -> bool:
    """Put a manifest in the place of the one that was read; returns False if another is there meanwhile.

    Args:
        bucket: of the manifest and the files.
        key: of the manifest.
        before: what was read there.
        files: what it names.
        content: names what is in them.
        token: of the attempt.
        rows: in all files, if that is known.
    """
    body = manifest_body(bucket.name, files, rows=rows)
    metadata = {_CONTENT: content, "token": token}
    return bucket.replace(key, before.etag if before else None, body, **metadata)


def read_manifest(bucket: Bucket, key: str) -> Manifest | None:
    """Return a manifest, or None where there is none.

    Raises:
        DataError: it is not a manifest, or names files of another bucket.
    """
    found = bucket.get(key)
    if found is None:
        return None
    start = f"s3://{bucket.name}/"
    try:
        urls = [str(entry["url"]) for entry in json.loads(found.body)["entries"]]
    except (ValueError, KeyError, TypeError):
        message = f"{start}{key} is not a manifest"
        raise DataError(message) from None
    for url in urls:
        if not url.startswith(start):
            message = f"{start}{key} names `{url}`, which stands in another bucket"
            raise DataError(message)
    keys = tuple(url.removeprefix(start) for url in urls)
    return Manifest(keys, found.metadata.get(_CONTENT), found.etag)
