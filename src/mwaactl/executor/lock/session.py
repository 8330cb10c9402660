"""The lock over one or more executions: taken before the first write, given back at the end."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Self

from mwaactl.errors import DeploymentConflict
from mwaactl.executor.background import begin
from mwaactl.executor.lock.acquire import acquire
from mwaactl.executor.lock.fenced_bucket import FencedBucket
from mwaactl.executor.lock.holder import Holder
from mwaactl.executor.lock.lease import LEFT_BEHIND
from mwaactl.executor.release_record import CURRENT, key_of, record_keys
from mwaactl.executor.survey import PREFIXES
from mwaactl.observed import ReleaseState

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
        on_detail: Told of a takeover, and of a lock that could not be given back.
    """

    gateways: Gateways
    on_detail: Callable[[str], None]
    _lease: Lease | None = None
    _left: bool = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._lease is None:
            return
        freed = False
        try:
            freed = not self._left and self._lease.give_back()
        finally:
            if not freed:
                self.on_detail(LEFT_BEHIND)

    def fenced(self, release: Release, observed: ObservedState, stack: str) -> Gateways:
        """Take the lock if it is not held yet; return gateways that write and wait only while it is.

        Args:
            release: What is about to be made.
            observed: What its plan was made from.
            stack: The environment's stack.

        Raises:
            DeploymentConflict: If someone else deploys, or has deployed since the plan was made.
        """
        lease = self._lease
        if lease is None:
            lease = self.hold(release.id, release.who)
            _refuse_if_moved(self.gateways, observed, stack)
        bucket = FencedBucket(self.gateways.bucket, lease.check)
        return replace(self.gateways, bucket=bucket, sleep=self._sleep)

    def hold(self, what: str, who: str) -> Lease:
        """Take the lock, which is not held yet.

        Args:
            what: Id of the release that is made, or what else is done.
            who: ARN of the caller.

        Raises:
            DeploymentConflict: If someone else deploys.
        """
        since = f"{self.gateways.now():%Y-%m-%d %H:%M:%S} UTC"
        holder = Holder(secrets.token_hex(16), what, who, since, self.gateways.process)
        self._lease = lease = acquire(self.gateways, holder, self.on_detail)
        lease.start()
        return lease

    def leave(self) -> None:
        """Renew the lock no more, and do not give it back: what was sent may still be written."""
        self._left = True
        if self._lease is not None:
            self._lease.stop()

    def check(self) -> None:
        """Make sure that the lock is still held, if it was taken.

        Raises:
            DeploymentConflict: If it may be someone else's by now.
        """
        if self._lease is not None:
            self._lease.check()

    def _sleep(self, seconds: float) -> None:
        """Wait, and do not go on waiting for what somebody else decides by now."""
        self.gateways.sleep(seconds)
        self.check()


def _refuse_if_moved(gateways: Gateways, observed: ObservedState, stack: str) -> None:
    """Refuse where another deployment began, ended or went on between the plan and the lock."""
    present = begin(partial(gateways.stacks.find, stack))
    looked = begin(partial(gateways.bucket.describe, CURRENT))
    after = observed.current.id if observed.current else None
    begun = record_keys(gateways.bucket, after=after)
    current = looked.result()
    known = {key_of(each.id) for each in observed.unfinished}
    moved = [key for key in begun if key not in known]
    if (current.etag if current else None) != observed.current_etag or moved:
        latest = moved[-1].removesuffix(".json").rpartition("/")[2] if moved else "another one"
        what = f"release {latest} was deployed"
        raise _moved(what)
    # Stacks are read beside the releases, and perhaps before them.
    if present.result() != observed.stacks.get(stack):
        what = f"stack {stack} was changed"
        raise _moved(what)
    # A deployment that was under way then may have written more before it died.
    unsure = any(each.state is ReleaseState.APPLYING for each in observed.unfinished)
    if unsure and _listed(gateways) != {key: each.etag for key, each in observed.objects.items()}:
        what = "another deployment wrote objects"
        raise _moved(what)


def _listed(gateways: Gateways) -> dict[str, str]:
    return {each.key: each.etag for prefix in PREFIXES for each in gateways.bucket.list(prefix)}


def _moved(what: str) -> DeploymentConflict:
    message = f"{what} while this one was being planned"
    hint = "run the command again: it compares with what is there now"
    return DeploymentConflict(message, hint=hint, code="deploy.moved")
