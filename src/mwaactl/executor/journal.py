"""The record of the release while it is being made: `applying`, then `released` or `failed`.

It is written before the first object, so that a deployment which dies leaves behind what it may have written.
Only a released one is promoted; from the others the next plan goes on, by checksums.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from mwaactl.executor.parameter_values import refuse_unversioned
from mwaactl.executor.release_files import released_files
from mwaactl.executor.release_record import encode, is_current, promote, write_release
from mwaactl.observed import ReleaseState
from mwaactl.redaction import redacted

if TYPE_CHECKING:
    from collections.abc import Callable

    from mwaactl.desired import DesiredState
    from mwaactl.executor.changes import Changes
    from mwaactl.executor.gateways import Bucket
    from mwaactl.observed import ObservedState, Release


@dataclass(slots=True)
class Journal:
    """Writes one release's record.

    Attributes:
        release: The release as it stands; begins without files.
        desired: What it leads to.
        observed: What was there before.
        changes: What was written so far.
        begun: Whether the record was written.
        promoting: Whether `releases/current.json` may have been written.
    """

    release: Release
    desired: DesiredState
    observed: ObservedState
    changes: Changes
    begun: bool = False
    promoting: bool = False

    def begin(self, bucket: Bucket) -> None:
        """Record what is about to be written, once.

        Raises:
            ApplyError: If the bucket keeps no versions: nothing could be brought back.
        """
        if not self.begun:
            self.release = self._with(ReleaseState.APPLYING)
            written = write_release(bucket, self.release.id, encode(self.release))
            self.begun = True
            refuse_unversioned(written)

    def finish(self, bucket: Bucket, replaces_etag: str | None, sleep: Callable[[float], None]) -> None:
        """Record the release as released, and promote it.

        Raises:
            DeploymentConflict: If someone else has promoted one meanwhile.
        """
        self.release = self._with(ReleaseState.RELEASED)
        record = encode(self.release)
        write_release(bucket, self.release.id, record)
        self.promoting = True
        promote(bucket, record, replaces_etag, sleep)

    def fail(self, bucket: Bucket, why: str, *, on_its_way: bool = False) -> None:
        """Record why the release failed, if it was begun; one that was promoted after all stays released.

        Args:
            bucket: The source bucket.
            why: For the reader.
            on_its_way: Whether a promotion that was sent may be carried out only now, as nobody waited for
                the answer. Such a release stays released, too: the next deployment sees what came of it.
        """
        if not self.begun or (self.promoting and (on_its_way or is_current(bucket, self.release))):
            return
        self.release = replace(self._with(ReleaseState.FAILED), failure=redacted(why))
        write_release(bucket, self.release.id, encode(self.release))

    def _with(self, state: ReleaseState) -> Release:
        files = released_files(self.desired, self.observed, self.changes.stored)
        return replace(self.release, state=state, files=files)
