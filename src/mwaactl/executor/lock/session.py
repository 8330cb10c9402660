"""The lock over one or more executions: taken before the first write, given back at the end."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Self

from mwaactl.errors import DeploymentConflict
from mwaactl.executor.lock.acquire import acquire
from mwaactl.executor.lock.fenced_bucket import FencedBucket
from mwaactl.executor.lock.holder import Holder
from mwaactl.executor.release_record import CURRENT, key_of, record_keys

if TYPE_CHECKING:
    from collections.abc import Callable

    from mwaactl.executor.gateways import Gateways
    from mwaactl.executor.lock.lease import Lease
    from mwaactl.observed import ObservedState, Release


@dataclass(slots=True)
class LockSession:
    """Holds the lock for as long as the block lasts.

    Attributes:
        gateways: Every way out, without a fence.
        on_detail: Told of a takeover.
    """

    gateways: Gateways
    on_detail: Callable[[str], None]
    _lease: Lease | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._lease is not None:
            self._lease.give_back()

    def fenced(self, release: Release, observed: ObservedState) -> Gateways:
        """Take the lock if it is not held yet; return gateways that write only while it is.

        Args:
            release: What is about to be made.
            observed: What its plan was made from.

        Raises:
            DeploymentConflict: If someone else deploys, or has deployed since the plan was made.
        """
        if self._lease is None:
            self._lease = acquire(self.gateways, self._holder(release), self.on_detail)
            self._lease.start()
            _refuse_if_moved(self.gateways, observed)
        return replace(self.gateways, bucket=FencedBucket(self.gateways.bucket, self._lease.check))

    def check(self) -> None:
        """Make sure that the lock is still held, if it was taken.

        Raises:
            DeploymentConflict: If it may be someone else's by now.
        """
        if self._lease is not None:
            self._lease.check()

    def _holder(self, release: Release) -> Holder:
        since = f"{self.gateways.now():%Y-%m-%d %H:%M:%S} UTC"
        return Holder(secrets.token_hex(16), release.id, release.who, since, self.gateways.process)


def _refuse_if_moved(gateways: Gateways, observed: ObservedState) -> None:
    """Refuse where another deployment began or ended between the plan and the lock."""
    current = gateways.bucket.describe(CURRENT)
    after = observed.current.id if observed.current else None
    begun = record_keys(gateways.bucket, after=after)
    known = {key_of(each.id) for each in observed.unfinished}
    moved = [key for key in begun if key not in known]
    if (current.etag if current else None) == observed.current_etag and not moved:
        return
    latest = moved[-1].removesuffix(".json").rpartition("/")[2] if moved else "another one"
    message = f"release {latest} was deployed while this one was being planned"
    hint = "run the command again: it compares with what is there now"
    raise DeploymentConflict(message, hint=hint, code="deploy.moved")
