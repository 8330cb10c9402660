"""What S3 may throw away by itself."""

from aws_cdk import Duration
from aws_cdk import aws_s3 as s3


def source_rules() -> list[s3.LifecycleRule]:
    """Rules for the source bucket, whose old versions are what a rollback goes back to.

    A version goes only when it is both a year out of date and behind fifty newer ones, so that neither an
    environment that is never touched nor a busy one loses the releases it may return to.
    """
    return [
        s3.LifecycleRule(
            id="forget-old-versions",
            noncurrent_version_expiration=Duration.days(365),
            noncurrent_versions_to_retain=50,
            abort_incomplete_multipart_upload_after=Duration.days(7),
        )
    ]


def data_rules() -> list[s3.LifecycleRule]:
    """Rules for the data bucket: what can be derived again goes, in the end; state and history stay.

    `_assets/staging/` holds files from an asset's write to its publication, and `_assets/loads/` while a COPY
    reads them, unless a task dies over it. `_xcom/` holds the big values of runs; a run that is cleared later
    has to be cleared from the task on that wrote them.
    """
    return [
        s3.LifecycleRule(
            id="forget-old-versions",
            noncurrent_version_expiration=Duration.days(30),
            abort_incomplete_multipart_upload_after=Duration.days(7),
        ),
        s3.LifecycleRule(id="expire-normalised", prefix="normalised/", expiration=Duration.days(30)),
        s3.LifecycleRule(id="expire-quarantine", prefix="quarantine/", expiration=Duration.days(90)),
        s3.LifecycleRule(id="expire-staged", prefix="_assets/staging/", expiration=Duration.days(7)),
        s3.LifecycleRule(id="expire-loads", prefix="_assets/loads/", expiration=Duration.days(7)),
        s3.LifecycleRule(id="expire-xcoms", prefix="_xcom/", expiration=Duration.days(90)),
    ]
