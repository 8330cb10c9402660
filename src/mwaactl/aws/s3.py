"""The source bucket: listing, conditional and checksummed writes, deletes."""

from __future__ import annotations

import base64
import hashlib
from contextlib import closing
from dataclasses import dataclass, field
from datetime import timedelta
from email.utils import parsedate_to_datetime
from functools import partial
from threading import Lock
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ResponseStreamingError

from mwaactl.aws.failures import class_of, mapped
from mwaactl.aws.fence import check_before_sending
from mwaactl.aws.listing_answers import take_contents
from mwaactl.aws.quick_puts import QuickPuts
from mwaactl.aws.repetition import asked_again
from mwaactl.errors import NotFound, Throttled
from mwaactl.observed import StoredContent, StoredObject

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from botocore.awsrequest import AWSPreparedRequest
    from botocore.response import StreamingBody
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import GetObjectOutputTypeDef, ListObjectsV2OutputTypeDef


# https://docs.aws.amazon.com/AmazonS3/latest/userguide/storage-class-intro.html
ARCHIVES = frozenset({"GLACIER", "DEEP_ARCHIVE"})
_RESTORED = 'ongoing-request="false"'
_NOT_NEEDED = ("Expect", "amz-sdk-invocation-id", "amz-sdk-request")


@dataclass(slots=True)
class Throttles:
    """Counts the answers of S3 that ask for fewer requests, those that botocore repeats included."""

    count: int = 0
    _lock: Lock = field(default_factory=Lock)

    def note(self, *, parsed_response: Mapping[str, Any] | None, **_: object) -> None:
        """Look at an answer; botocore calls this for each one, None where there was no answer."""
        if class_of((parsed_response or {}).get("Error", {}).get("Code", "")) is Throttled:
            with self._lock:
                self.count += 1


@dataclass(frozen=True, slots=True)
class SourceBucket:
    """One bucket of one account; every request names the account, so that a stranger's bucket is refused."""

    client: S3Client
    name: str
    owner: str
    _throttles: Throttles = field(default_factory=Throttles, init=False, repr=False, compare=False)
    _quick: QuickPuts = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_quick", QuickPuts(self.client))
        self.client.meta.events.register("response-received.s3", self._throttles.note)
        self.client.meta.events.register("before-send.s3.PutObject", _send_at_once)
        self.client.meta.events.register("before-send.s3", check_before_sending)
        self.client.meta.events.register_last("before-parse", take_contents)

    def throttled(self) -> int:
        """Return how many answers so far asked for fewer requests; most of those are sent again, unseen."""
        return self._throttles.count

    def exists(self) -> bool:
        """Tell whether the bucket exists and belongs to the account."""
        try:
            with mapped("s3", "HeadBucket", self.name):
                self.client.head_bucket(Bucket=self.name, ExpectedBucketOwner=self.owner)
        except NotFound:
            return False
        return True

    def list(self, prefix: str, *, after: str = "") -> Iterator[StoredObject]:
        """List objects under a prefix, in the order of their keys, those after `after` only."""
        position: dict[str, str] = {"StartAfter": after}
        while True:
            page = asked_again(partial(self._page, prefix, position))
            for found in page.get("Contents", ()):
                archived = found.get("StorageClass") in ARCHIVES
                yield StoredObject(found["Key"], found["ETag"], archived=archived)
            if not page.get("IsTruncated"):
                return
            position = {"ContinuationToken": page["NextContinuationToken"]}

    def describe(self, key: str, version_id: str | None = None) -> StoredObject | None:
        """Return an object with its version and the checksum that S3 keeps, or None if there is none.

        Args:
            key: Its key.
            version_id: An earlier version; None for the present one.
        """
        version: dict[str, Any] = {"VersionId": version_id} if version_id else {}
        try:
            with mapped("s3", "HeadObject", f"{self.name}/{key}", version_id=version_id):
                answer = self.client.head_object(
                    Bucket=self.name,
                    Key=key,
                    ExpectedBucketOwner=self.owner,
                    ChecksumMode="ENABLED",
                    **version,
                )
        except NotFound:
            return None
        # The metadata stand in where S3 keeps no SHA-256: S3 verified them when `put` wrote the object.
        digest = _hex(answer.get("ChecksumSHA256")) or answer.get("Metadata", {}).get("sha256")
        archived = answer.get("StorageClass") in ARCHIVES and _RESTORED not in answer.get("Restore", "")
        return StoredObject(key, answer["ETag"], answer.get("VersionId"), digest, archived)

    def read(self, key: str, version_id: str | None = None) -> StoredContent | None:
        """Return what an object holds, or None if there is none.

        Args:
            key: Its key.
            version_id: An earlier version; None for the present one.
        """
        try:
            return asked_again(partial(self._read, key, version_id))
        except NotFound:
            return None

    def put(self, key: str, content: bytes) -> StoredObject:
        """Write an object; S3 verifies the SHA-256 and keeps it.

        The digest is metadata too, for tools that cannot ask for checksums.
        """
        return self._put(key, content, {})

    def put_if(self, key: str, content: bytes, etag: str | None) -> StoredObject:
        """Write an object only over the version with this ETag, or only if there is none.

        Raises:
            Conflict: If someone else has written it since.
        """
        condition = {"IfNoneMatch": "*"} if etag is None else {"IfMatch": etag}
        return self._put(key, content, condition)

    def delete(self, key: str) -> None:
        """Delete an object; its earlier versions stay."""
        with mapped("s3", "DeleteObject", f"{self.name}/{key}"):
            self.client.delete_object(Bucket=self.name, Key=key, ExpectedBucketOwner=self.owner)

    def delete_if(self, key: str, etag: str) -> None:
        """Delete an object only while it has this ETag; its earlier versions stay.

        Raises:
            Conflict: If someone else has written it since.
            NotFound: If someone else has deleted it.
        """
        with mapped("s3", "DeleteObject", f"{self.name}/{key}"):
            self.client.delete_object(Bucket=self.name, Key=key, ExpectedBucketOwner=self.owner, IfMatch=etag)

    def _page(self, prefix: str, position: dict[str, Any]) -> ListObjectsV2OutputTypeDef:
        with mapped("s3", "ListObjectsV2", self.name):
            return self.client.list_objects_v2(
                Bucket=self.name,
                Prefix=prefix,
                ExpectedBucketOwner=self.owner,
                **position,
            )

    def _read(self, key: str, version_id: str | None) -> StoredContent:
        version: dict[str, Any] = {"VersionId": version_id} if version_id else {}
        with mapped("s3", "GetObject", f"{self.name}/{key}", version_id=version_id):
            answer = self.client.get_object(
                Bucket=self.name, Key=key, ExpectedBucketOwner=self.owner, **version
            )
            return StoredContent(_whole(answer["Body"]), answer["ETag"], _age(answer))

    def _put(self, key: str, content: bytes, condition: dict[str, Any]) -> StoredObject:
        digest = hashlib.sha256(content)
        asked: dict[str, Any] = {
            "Bucket": self.name,
            "Key": key,
            "Body": content,
            "ExpectedBucketOwner": self.owner,
            "ChecksumSHA256": base64.b64encode(digest.digest()).decode(),
            "Metadata": {"sha256": digest.hexdigest()},
            **condition,
        }
        with mapped("s3", "PutObject", f"{self.name}/{key}"):
            if (told := self._quick.put(asked)) is not None:
                return StoredObject(key, told["etag"], told.get("x-amz-version-id"), digest.hexdigest())
            answer = self.client.put_object(**asked)
            self._quick.learn(key)
        return StoredObject(key, answer["ETag"], answer.get("VersionId"), digest.hexdigest())


def _whole(body: StreamingBody) -> bytes:
    with closing(body):
        try:
            return body.read()
        except BotoCoreError:
            raise
        except Exception as error:
            # Not all that a connection may raise now is turned into an error of botocore.
            raise ResponseStreamingError(error=error) from error


def _age(answer: GetObjectOutputTypeDef) -> timedelta:
    """Return how long ago an object was written; both moments are told by S3, so no clock of ours counts."""
    told = answer["ResponseMetadata"]["HTTPHeaders"].get("date")
    moment = parsedate_to_datetime(told) if told else answer["LastModified"]
    return max(moment - answer["LastModified"], timedelta())


def _send_at_once(request: AWSPreparedRequest, **_: object) -> None:
    # botocore asks S3 for leave before it sends a body, which takes as long as sending a small one; the
    # others number the attempts, unsigned: of thousands of small objects a tenth of what is sent.
    for name in _NOT_NEEDED:
        if name in request.headers:
            del request.headers[name]


def _hex(checksum: str | None) -> str | None:
    # A multipart upload has a checksum of checksums, `…-3`, which does not tell the content.
    if not checksum or "-" in checksum:
        return None
    return base64.b64decode(checksum).hex()
