"""Takes the lock, takes over what a dead deployment left, and refuses where someone deploys."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mwaactl.errors import Conflict, DeploymentConflict, MwaactlError, NotFound, OperationError
from mwaactl.executor.conditional_write import write_if
from mwaactl.executor.lock.holder import KEY, Holder, decode, encode
from mwaactl.executor.lock.lease import LEASE, LEFT_BEHIND, Lease
from mwaactl.executor.lock.removal import remove_own
from mwaactl.quotation import quoted

if TYPE_CHECKING:
    from collections.abc import Callable

    from mwaactl.executor.gateways import Bucket, Gateways
    from mwaactl.observed import StoredContent

ATTEMPTS = 5
LOCKED = "deploy.locked"


@dataclass(frozen=True, slots=True)
class Held:
    """A lock that lies in the bucket.

    Attributes:
        holder: Who holds it; None where the file cannot be read.
        etag: Its ETag.
        age: Seconds since it was taken or renewed, by the clock of S3.
        dead: Whether its process is known to have ended.
    """

    holder: Holder | None
    etag: str
    age: float
    dead: bool

    @property
    def expired(self) -> bool:
        """Whether others may take it over."""
        return self.dead or self.age > LEASE


def acquire(gateways: Gateways, holder: Holder, on_detail: Callable[[str], None]) -> Lease:
    """Take the lock, or take it over from a deployment that has died.

    Args:
        gateways: The bucket and the clocks.
        holder: What the lock will say.
        on_detail: Told of a takeover, and of a lock that may be left behind.

    Raises:
        DeploymentConflict: If someone else deploys; the message names who and since when.
    """
    for _ in range(ATTEMPTS):
        present = look(gateways)
        if present is not None and not present.expired:
            raise _held(present)
        began = gateways.elapsed()
        try:
            replaces = present.etag if present else None
            stored = write_if(gateways.bucket, KEY, encode(holder), replaces, gateways.sleep)
            if present is not None:
                on_detail(f"took over the lock of {quoted(_named(present))}, which has died")
            return Lease(holder, stored.etag, gateways, began)
        except (Conflict, NotFound):
            continue  # someone was quicker, or has just given it back: look again
        except BaseException as end:
            # It may have been written although no answer came, or was waited for; or it was, and a signal
            # came before anyone holds the lease.
            unawaited = not isinstance(end, MwaactlError)
            if not remove_own(gateways.bucket, holder, None, on_its_way=unawaited):
                on_detail(LEFT_BEHIND)
            raise
    present = look(gateways)
    raise _held(present) if present is not None else _contested()


def look(gateways: Gateways) -> Held | None:
    """Return the lock that lies in the bucket, or None."""
    found = gateways.bucket.read(KEY)
    if found is None:
        return None
    holder = _decoded(found)
    dead = holder is not None and gateways.is_dead(holder.process)
    return Held(holder, found.etag, found.age.total_seconds(), dead)


def refuse_locked(gateways: Gateways) -> None:
    """Refuse while someone else holds the lock.

    Raises:
        DeploymentConflict: The message names who and since when.
    """
    present = look(gateways)
    if present is not None and not present.expired:
        raise _held(present)


def remove(bucket: Bucket, held: Held) -> None:
    """Delete the lock as it was looked at; a lock that was renewed or taken since is left alone.

    Raises:
        DeploymentConflict: If it is no longer the one that was looked at.
    """
    try:
        bucket.delete_if(KEY, held.etag)
    except NotFound:
        return
    except Conflict as error:
        message = "the lock was renewed or taken over just now: its deployment lives"
        hint = "look again with `mwaactl release unlock`"
        raise DeploymentConflict(message, hint=hint, code=LOCKED) from error


def sweep(gateways: Gateways) -> None:
    """Delete a lock that a dead deployment left, if that is possible; never raises."""
    with suppress(MwaactlError):
        present = look(gateways)
        if present is not None and present.expired:
            remove(gateways.bucket, present)


def _decoded(found: StoredContent) -> Holder | None:
    try:
        return decode(found.content)
    except OperationError:
        return None


def _held(held: Held) -> DeploymentConflict:
    left = max(int(LEASE - held.age), 0)
    hint = (
        f"wait until it is done; if it has died, the next deployment takes over in {left} s, "
        "or remove its lock with `mwaactl release unlock`"
    )
    message = f"another deployment is under way: {_named(held)}"
    return DeploymentConflict(message, hint=hint, code=LOCKED, context=_facts(held))


def _contested() -> DeploymentConflict:
    message = "several deployments began at the same moment"
    return DeploymentConflict(message, hint="run the command again", code=LOCKED)


def _named(held: Held) -> str:
    return held.holder.named if held.holder else f"a holder that `{KEY}` does not name"


def _facts(held: Held) -> dict[str, str]:
    if held.holder is None:
        return {}
    holder = held.holder
    return {
        "holder": holder.who,
        "since": holder.since,
        "host": holder.process.host,
        "release": holder.release,
    }
