"""How an object comes back from an archive of S3, where nobody can read it."""

from __future__ import annotations

import shlex

# Long enough for a rollback that somebody begins when the object has come back.
DAYS = 7
# https://docs.aws.amazon.com/AmazonS3/latest/API/API_RestoreObject.html
TIERED = "INTELLIGENT_TIERING"


def restore_command(bucket: str, key: str, version_id: str | None, storage_class: str | None = None) -> str:
    """Return the command of the AWS CLI that has S3 bring an object back, ready to be typed.

    Args:
        bucket: Name of the bucket.
        key: Key of the object.
        version_id: Its version; None for the present one.
        storage_class: As S3 calls it; None where it was not told.
    """
    # An object that S3 itself put into an archive leaves it for good: S3 takes no number of days for it.
    request = "GlacierJobParameters={Tier=Standard}" if storage_class == TIERED else f"Days={DAYS}"
    version = ("--version-id", version_id) if version_id else ()
    options = ("--bucket", bucket, "--key", key, *version, "--restore-request", request)
    return shlex.join(("aws", "s3api", "restore-object", *options))
