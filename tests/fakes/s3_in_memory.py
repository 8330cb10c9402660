"""What data sets ask of S3, in memory, with boto3's names and answers; only what is asked is there."""

# ruff: noqa: N803 - the names are boto3's

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True)
class StoredObject:
    """An object's content and metadata."""

    body: bytes
    metadata: dict[str, str]

    @property
    def etag(self) -> str:
        return f'"{hashlib.md5(self.body, usedforsecurity=False).hexdigest()}"'


@dataclass(slots=True)
class S3InMemory:
    """A client of S3; `calls` are the operations that were called, oldest first."""

    objects: dict[tuple[str, str], StoredObject] = field(default_factory=dict)
    calls: list[tuple[str, str]] = field(default_factory=list)

    def put_object(self, *, Bucket: str, Key: str, Body: Any, **options: Any) -> dict[str, Any]:
        self.calls.append(("put", Key))
        body = Body if isinstance(Body, bytes) else Body.read()
        assert options.get("ContentLength", len(body)) == len(body)
        stored = StoredObject(body, dict(options.get("Metadata", {})))
        self.objects[Bucket, Key] = stored
        return {"ETag": stored.etag}

    def get_object(self, *, Bucket: str, Key: str, IfMatch: str | None = None) -> dict[str, Any]:
        self.calls.append(("get", Key))
        found = self._found("GetObject", Bucket, Key, IfMatch)
        return {"Body": io.BytesIO(found.body), "Metadata": found.metadata, "ETag": found.etag}

    def head_object(self, *, Bucket: str, Key: str) -> dict[str, Any]:
        self.calls.append(("head", Key))
        if (Bucket, Key) not in self.objects:
            operation = "HeadObject"
            raise refusal(operation, "404")
        found = self.objects[Bucket, Key]
        return {"ETag": found.etag, "ContentLength": len(found.body)}

    def copy_object(
        self,
        *,
        Bucket: str,
        Key: str,
        CopySource: dict[str, str],
        CopySourceIfMatch: str,
    ) -> dict[str, Any]:
        self.calls.append(("copy", Key))
        source = self._found("CopyObject", CopySource["Bucket"], CopySource["Key"], CopySourceIfMatch)
        self.objects[Bucket, Key] = source
        return {}

    def delete_objects(self, *, Bucket: str, Delete: dict[str, Any]) -> dict[str, Any]:
        for entry in Delete["Objects"]:
            self.calls.append(("delete", entry["Key"]))
            self.objects.pop((Bucket, entry["Key"]), None)
        return {}

    def get_paginator(self, operation: str) -> S3InMemory:
        assert operation == "list_objects_v2"
        return self

    def paginate(self, *, Bucket: str, Prefix: str) -> Iterator[dict[str, Any]]:
        self.calls.append(("list", Prefix))
        found = sorted(key for bucket, key in self.objects if bucket == Bucket and key.startswith(Prefix))
        yield {"Contents": [self._listed(Bucket, key) for key in found]} if found else {}

    def _listed(self, bucket: str, key: str) -> dict[str, Any]:
        found = self.objects[bucket, key]
        return {"Key": key, "ETag": found.etag, "Size": len(found.body)}

    def _found(self, operation: str, bucket: str, key: str, etag: str | None) -> StoredObject:
        if (bucket, key) not in self.objects:
            raise refusal(operation, "NoSuchKey")
        found = self.objects[bucket, key]
        if etag is not None and etag != found.etag:
            raise refusal(operation, "PreconditionFailed")
        return found


def refusal(operation: str, code: str) -> ClientError:
    """Return the error that boto3 raises."""
    return ClientError({"Error": {"Code": code, "Message": code}}, operation)
