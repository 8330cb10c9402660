"""S3 in memory: the operations that assets and their state use, with boto3's names, answers and errors."""

# ruff: noqa: N803 - the names are boto3's

import hashlib
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from threading import RLock
from typing import Any

from botocore.exceptions import ClientError
from botocore.response import StreamingBody

_MISSING, _MISSING_HEAD, _CHANGED, _TORN = "NoSuchKey", "404", "PreconditionFailed", "IncompleteBody"
_STATUS = {_MISSING: 404, _MISSING_HEAD: 404, _CHANGED: 412, _TORN: 400}


@dataclass(frozen=True, slots=True)
class _Stored:
    body: bytes
    metadata: dict[str, str]

    @property
    def etag(self) -> str:
        return f'"{hashlib.md5(self.body, usedforsecurity=False).hexdigest()}"'


@dataclass(slots=True)
class MemoryS3:
    """A client of S3 whose buckets are all there and begin empty; good for threads.

    An operation that is not here raises AttributeError: use the emulator for it.
    """

    _objects: dict[tuple[str, str], _Stored] = field(default_factory=dict)
    _lock: RLock = field(default_factory=RLock)

    def put_object(
        self,
        *,
        Bucket: str,
        Key: str,
        Body: Any = b"",  # noqa: ANN401 - bytes, text or a file
        ContentLength: int | None = None,
        Metadata: dict[str, str] | None = None,
        IfMatch: str | None = None,
        IfNoneMatch: str | None = None,
        **_: Any,  # noqa: ANN401 - what it does not change, such as ContentType
    ) -> dict[str, Any]:
        """Put an object, under a condition perhaps."""
        content = Body.read() if hasattr(Body, "read") else Body
        stored = _Stored(
            content.encode() if isinstance(content, str) else bytes(content), dict(Metadata or {})
        )
        if ContentLength not in (None, len(stored.body)):
            raise _refusal(_TORN)
        with self._lock:
            there = self._objects.get((Bucket, Key))
            if IfMatch and there is None:
                raise _refusal(_MISSING)
            if (IfNoneMatch and there) or (IfMatch and there and there.etag != IfMatch):
                raise _refusal(_CHANGED)
            self._objects[Bucket, Key] = stored
        return {"ETag": stored.etag}

    def get_object(self, *, Bucket: str, Key: str, IfMatch: str | None = None, **_: Any) -> dict[str, Any]:  # noqa: ANN401
        """Return an object."""
        found = self._found(Bucket, Key, IfMatch)
        return {**_facts(found), "Body": StreamingBody(io.BytesIO(found.body), len(found.body))}

    def head_object(self, *, Bucket: str, Key: str, **_: Any) -> dict[str, Any]:  # noqa: ANN401
        """Return what is known of an object."""
        if (Bucket, Key) not in self._objects:
            raise _refusal(_MISSING_HEAD)
        return _facts(self._objects[Bucket, Key])

    def copy_object(
        self,
        *,
        Bucket: str,
        Key: str,
        CopySource: dict[str, str],
        CopySourceIfMatch: str | None = None,
        **_: Any,  # noqa: ANN401
    ) -> dict[str, Any]:
        """Copy an object, if it is still the one that was found."""
        with self._lock:
            found = self._found(CopySource["Bucket"], CopySource["Key"], CopySourceIfMatch)
            self._objects[Bucket, Key] = found
        return {"CopyObjectResult": {"ETag": found.etag}}

    def delete_object(self, *, Bucket: str, Key: str, **_: Any) -> dict[str, Any]:  # noqa: ANN401
        """Delete an object that may be there."""
        self._objects.pop((Bucket, Key), None)
        return {}

    def delete_objects(self, *, Bucket: str, Delete: dict[str, Any], **_: Any) -> dict[str, Any]:  # noqa: ANN401
        """Delete objects that may be there."""
        for entry in Delete["Objects"]:
            self._objects.pop((Bucket, entry["Key"]), None)
        return {}

    def list_objects_v2(
        self,
        *,
        Bucket: str,
        Prefix: str = "",
        Delimiter: str = "",
        StartAfter: str = "",
        **_: Any,  # noqa: ANN401
    ) -> dict[str, Any]:
        """Return all keys below a prefix, in one page."""
        with self._lock:
            there = {key: each for (bucket, key), each in self._objects.items() if bucket == Bucket}
        keys = sorted(key for key in there if key.startswith(Prefix) and key > StartAfter)
        folders = {_folder(key, Prefix, Delimiter) for key in keys} - {""}
        shown = [key for key in keys if not _folder(key, Prefix, Delimiter)]
        contents = [{"Key": key, "ETag": there[key].etag, "Size": len(there[key].body)} for key in shown]
        answer: dict[str, Any] = {"KeyCount": len(shown) + len(folders), "IsTruncated": False}
        if contents:
            answer["Contents"] = contents
        if folders:
            answer["CommonPrefixes"] = [{"Prefix": folder} for folder in sorted(folders)]
        return answer

    def get_paginator(self, operation: str) -> "_Pages":
        """Return what pages through `list_objects_v2`."""
        if operation != "list_objects_v2":
            raise NotImplementedError(operation)
        return _Pages(self)

    def _found(self, bucket: str, key: str, etag: str | None) -> _Stored:
        found = self._objects.get((bucket, key))
        if found is None:
            raise _refusal(_MISSING)
        if etag and found.etag != etag:
            raise _refusal(_CHANGED)
        return found


@dataclass(frozen=True, slots=True)
class _Pages:
    _client: MemoryS3

    def paginate(self, **words: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401
        yield self._client.list_objects_v2(**words)


def _facts(stored: _Stored) -> dict[str, Any]:
    return {"ETag": stored.etag, "ContentLength": len(stored.body), "Metadata": dict(stored.metadata)}


def _folder(key: str, prefix: str, delimiter: str) -> str:
    """Return the common prefix that stands for a key, or nothing."""
    rest = key[len(prefix) :]
    return f"{prefix}{rest.partition(delimiter)[0]}{delimiter}" if delimiter and delimiter in rest else ""


def _refusal(code: str) -> ClientError:
    answer: Any = {
        "Error": {"Code": code, "Message": code},
        "ResponseMetadata": {"HTTPStatusCode": _STATUS[code]},
    }
    return ClientError(answer, "S3")
