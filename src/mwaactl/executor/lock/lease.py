"""A lock that was won: renewed while the work goes on, checked before every write, given back at the end."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from threading import Lock
from typing import TYPE_CHECKING

from mwaactl.errors import Conflict, DeploymentConflict, MwaactlError, NotFound
from mwaactl.executor.conditional_write import write_if
from mwaactl.executor.lock.holder import KEY, Holder, encode
from mwaactl.executor.lock.removal import remove_own

if TYPE_CHECKING:
    from collections.abc import Callable

    from mwaactl.executor.gateways import Gateways

# Seconds. Others may take the lock over when the lease has passed by the clock of S3; the holder itself stops
# earlier by its own clock, which covers a request that is on its way.
LEASE = 60.0
RENEWAL = 15.0
OWN_LIMIT = 45.0
LEFT_BEHIND = (
    f"the lock may be left behind: others take it over after {LEASE:.0f} s, "
    "or `mwaactl release unlock --yes` removes it"
)


@dataclass(slots=True)
class Lease:
    """The lock in our hands.

    Attributes:
        holder: What the lock says.
        etag: ETag of the lock as we wrote it last.
        gateways: The bucket and the clocks.
        renewed: Seconds on `gateways.elapsed` before the last renewal was sent.
    """

    holder: Holder
    etag: str
    gateways: Gateways
    renewed: float
    _lost: bool = False
    _guard: Lock = field(default_factory=Lock)
    _stop: Callable[[], None] = lambda: None

    def start(self) -> None:
        """Renew the lease from now on, beside the work."""
        self._stop = self.gateways.repeat(RENEWAL, self.renew)

    def check(self) -> None:
        """Make sure that nobody else can have the lock; called before every write.

        Raises:
            DeploymentConflict: If the lock was taken over, or may have been.
        """
        if self._lost or self.gateways.elapsed() - self.renewed > OWN_LIMIT:
            raise _lost(self.holder)

    def renew(self) -> None:
        """Renew the lease once; a failure that may pass is left to the next time."""
        with self._guard:
            if self._lost:
                return
            began, wanted = self.gateways.elapsed(), replace(self.holder, renewals=self.holder.renewals + 1)
            try:
                bucket, sleep = self.gateways.bucket, self.gateways.sleep
                stored = write_if(bucket, KEY, encode(wanted), self.etag, sleep)
            except (Conflict, NotFound):
                self._lost = True
                return
            except MwaactlError:
                return
            self.holder, self.etag, self.renewed = wanted, stored.etag, began

    def stop(self) -> None:
        """Renew the lease no more."""
        self._stop()

    def give_back(self) -> bool:
        """Delete the lock unless someone else has it; tell whether it is certainly ours no more."""
        self.stop()
        with self._guard:
            if self._lost:
                return True
            self._lost = True
            return remove_own(self.gateways.bucket, self.holder, self.etag)


def _lost(holder: Holder) -> DeploymentConflict:
    message = f"the lock of release {holder.release} was lost: another deployment may have taken it over"
    hint = "this one has stopped writing; look at `mwaactl release list`, then run the command again"
    return DeploymentConflict(message, hint=hint, code="deploy.lock-lost")
