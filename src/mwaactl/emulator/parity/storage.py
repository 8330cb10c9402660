"""What of S3 and KMS equals AWS."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mwaactl.emulator.parity.row import equal

if TYPE_CHECKING:
    from mwaactl.emulator.parity.row import Row


def equal_rows() -> tuple[Row, ...]:
    """Return what a client of S3 and KMS cannot tell from AWS."""
    return (
        equal("objects", "have versions, delete markers, ETags, tags and metadata, which outlive a restart"),
        equal("multipart uploads", "have the ETag of their parts"),
        equal(
            "events of buckets",
            "reach functions, queues and topics whose policy lets S3 in, filtered by prefix and suffix",
        ),
        equal("an object, a queue or a secret under a KMS key", "needs the permission for the key as well"),
    )
