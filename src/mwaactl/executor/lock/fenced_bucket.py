"""The source bucket of a deployment that holds the lock: no write goes through once the lease may be lost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mwaactl.aws.fence import checked_before_sending

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from mwaactl.executor.gateways import Bucket
    from mwaactl.observed import StoredContent, StoredObject


@dataclass(frozen=True, slots=True)
class FencedBucket:
    """A bucket whose writes ask first, and again before each repetition that the network makes necessary.

    Attributes:
        bucket: The bucket itself.
        check: Raises where the lease may be lost.
    """

    bucket: Bucket
    check: Callable[[], None]

    @property
    def name(self) -> str:
        """Its name."""
        return self.bucket.name

    def throttled(self) -> int:
        """Return how many answers so far asked for fewer requests."""
        return self.bucket.throttled()

    def exists(self) -> bool:
        """Tell whether the bucket exists."""
        return self.bucket.exists()

    def list(self, prefix: str, *, after: str = "") -> Iterator[StoredObject]:
        """List objects."""
        return self.bucket.list(prefix, after=after)

    def describe(self, key: str, version_id: str | None = None) -> StoredObject | None:
        """Return an object without its content."""
        return self.bucket.describe(key, version_id)

    def read(self, key: str, version_id: str | None = None) -> StoredContent | None:
        """Return what an object holds."""
        return self.bucket.read(key, version_id)

    def put(self, key: str, content: bytes) -> StoredObject:
        """Write an object."""
        self.check()
        with checked_before_sending(self.check):
            return self.bucket.put(key, content)

    def put_if(self, key: str, content: bytes, etag: str | None) -> StoredObject:
        """Write an object over the version with this ETag, or only if there is none."""
        self.check()
        with checked_before_sending(self.check):
            return self.bucket.put_if(key, content, etag)

    def delete(self, key: str) -> None:
        """Delete an object."""
        self.check()
        with checked_before_sending(self.check):
            self.bucket.delete(key)

    def delete_if(self, key: str, etag: str) -> None:
        """Delete an object while it has this ETag."""
        self.check()
        with checked_before_sending(self.check):
            self.bucket.delete_if(key, etag)
