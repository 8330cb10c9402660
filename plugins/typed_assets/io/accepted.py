"""What an audit leaves beside staged files: the files that may be published, with the ETags it has seen."""

import json
from dataclasses import asdict
from urllib.parse import urlsplit

from typed_assets.io.errors import NotStagedError
from typed_assets.io.objects import Bucket, FoundObject
from typed_assets.staging import Staged

_NAME = "_accepted.json"


def staging_key(staged: Staged) -> str:
    """Return the prefix that a staged data set stands below."""
    return urlsplit(staged.place).path.lstrip("/")


def staged_files(bucket: Bucket, staged: Staged) -> tuple[FoundObject, ...]:
    """Return the files that a writer has staged, as they are now.

    Raises:
        NotStagedError: one is not there any more, or is another.
    """
    found = []
    for key, etag in zip(staged.files, staged.etags or (None,) * len(staged.files), strict=True):
        file = bucket.find(key)
        if file is None or etag not in (None, file.etag):
            gone = f"s3://{bucket.name}/{key}"
            raise NotStagedError(gone)
        found.append(file)
    return tuple(found)


def keep_accepted(bucket: Bucket, staged: Staged, files: tuple[FoundObject, ...], rows: int) -> None:
    """Note what was checked."""
    value = {"files": [asdict(file) for file in files], "rows": rows}
    bucket.put(staging_key(staged) + _NAME, json.dumps(value).encode())


def accepted(bucket: Bucket, staged: Staged) -> tuple[tuple[FoundObject, ...], int | None]:
    """Return the files that may be published, and the rows in them: those checked, or all where none was.

    Raises:
        NotStagedError: a file is not there any more.
    """
    found = bucket.get(staging_key(staged) + _NAME)
    if found is None:
        return staged_files(bucket, staged), staged.rows
    value = json.loads(found.body)
    return tuple(FoundObject(**file) for file in value["files"]), value["rows"]
