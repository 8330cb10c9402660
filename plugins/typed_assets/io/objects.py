"""What data sets need of S3: put, copy, list, delete, read as a stream."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import batched
from typing import Any

from botocore.exceptions import ClientError

from typed_assets.io.errors import NotStagedError
from typed_assets.io.writing import Part

_MOST_DELETED = 1000
"""Keys in one DeleteObjects."""
_LARGEST_COPY = 5 * 1024**3
"""Bytes that CopyObject takes; https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html"""
_MISSING = frozenset({"404", "NoSuchKey", "NotFound"})
_CHANGED = frozenset({"412", "PreconditionFailed"})
_LOST = _MISSING | _CHANGED | {"409", "ConditionalRequestConflict"}
"""What a conditional write ends with where somebody else has written, or is writing.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
"""


@dataclass(frozen=True, slots=True)
class FoundObject:
    """An object: its key, ETag and size."""

    key: str
    etag: str
    size: int


@dataclass(frozen=True, slots=True)
class Content:
    """What an object holds: its bytes, metadata and ETag."""

    body: bytes
    metadata: Mapping[str, str]
    etag: str


def error_code(error: ClientError) -> str:
    """Return the code of an error of AWS."""
    return str(error.response.get("Error", {}).get("Code", ""))


def is_missing(error: ClientError) -> bool:
    """Return whether an error says that there is no such object."""
    return error_code(error) in _MISSING


class Bucket:
    """One bucket, through boto3's client."""

    def __init__(self, client: Any, name: str) -> None:  # noqa: ANN401
        self._client = client
        self.name = name

    def put(self, key: str, body: bytes, **metadata: str) -> None:
        """Put an object."""
        self._client.put_object(Bucket=self.name, Key=key, Body=body, Metadata=metadata)

    def replace(self, key: str, etag: str | None, body: bytes, **metadata: str) -> bool:
        """Put an object in the place of the one with this ETag, or of none; False where another is there."""
        guard = {"IfNoneMatch": "*"} if etag is None else {"IfMatch": etag}
        try:
            self._client.put_object(Bucket=self.name, Key=key, Body=body, Metadata=metadata, **guard)
        except ClientError as error:
            if error_code(error) in _LOST:
                return False
            raise
        return True

    def put_part(self, key: str, part: Part) -> str:
        """Put a file, and close it; return its ETag."""
        with part.file:
            answer = self._client.put_object(
                Bucket=self.name, Key=key, Body=part.file, ContentLength=part.size
            )
        return str(answer["ETag"])

    def get(self, key: str) -> Content | None:
        """Return what an object holds, or None."""
        try:
            answer = self._client.get_object(Bucket=self.name, Key=key)
        except ClientError as error:
            if is_missing(error):
                return None
            raise
        return Content(answer["Body"].read(), answer.get("Metadata", {}), answer["ETag"])

    def open(self, key: str, etag: str | None = None) -> Any:  # noqa: ANN401
        """Return the body of an object, of this very ETag perhaps.

        Raises:
            NotStagedError: It has gone, or has changed.
        """
        guard = {} if etag is None else {"IfMatch": etag}
        try:
            return self._client.get_object(Bucket=self.name, Key=key, **guard)["Body"]
        except ClientError as error:
            if is_missing(error) or error_code(error) in _CHANGED:
                gone = f"s3://{self.name}/{key}"
                raise NotStagedError(gone) from error
            raise

    def tail(self, key: str, size: int) -> bytes:
        """Return the last bytes of an object, or all where it has no more; none of an empty one."""
        found = self.find(key)
        if found is None or not found.size:
            return b""
        options = {"Range": f"bytes=-{size}"} if size < found.size else {}
        body: bytes = self._client.get_object(Bucket=self.name, Key=key, **options)["Body"].read()
        return body

    def find(self, key: str) -> FoundObject | None:
        """Return an object, or None."""
        try:
            answer = self._client.head_object(Bucket=self.name, Key=key)
        except ClientError as error:
            if is_missing(error):
                return None
            raise
        return FoundObject(key, answer["ETag"], answer["ContentLength"])

    def list(self, prefix: str) -> Iterator[FoundObject]:
        """Yield all objects below a prefix, by key."""
        for page in self._client.get_paginator("list_objects_v2").paginate(Bucket=self.name, Prefix=prefix):
            for item in page.get("Contents", ()):
                yield FoundObject(item["Key"], item["ETag"], item["Size"])

    def copy(self, source: FoundObject, key: str) -> bool:
        """Copy an object within the bucket; returns False where it has changed or gone since it was found."""
        place = {"Bucket": self.name, "Key": source.key}
        try:
            if source.size > _LARGEST_COPY:
                extra = {"CopySourceIfMatch": source.etag}
                self._client.copy(place, self.name, key, ExtraArgs=extra)
            else:
                self._client.copy_object(
                    Bucket=self.name, Key=key, CopySource=place, CopySourceIfMatch=source.etag
                )
        except ClientError as error:
            if is_missing(error) or error_code(error) in _CHANGED:
                return False
            raise
        return True

    def delete(self, keys: Iterable[str]) -> None:
        """Delete objects; those that are not there count as deleted."""
        for some in batched(keys, _MOST_DELETED):
            entries = [{"Key": key} for key in some]
            answer = self._client.delete_objects(Bucket=self.name, Delete={"Objects": entries, "Quiet": True})
            for error in answer.get("Errors", ()):
                message = f"cannot delete s3://{self.name}/{error['Key']}: {error['Code']}"
                raise PermissionError(message)
