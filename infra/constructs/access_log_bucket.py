"""Where S3 writes down who read and wrote the other buckets."""

from aws_cdk import Duration
from aws_cdk import aws_s3 as s3
from constructs import Construct

from infra.retention import ACCESS_LOGS, HOLDS_DATA


class AccessLogBucket(Construct):
    """A private bucket for server access logs.

    Encrypted with S3's own key: log delivery cannot write to a bucket that is encrypted with a KMS key,
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html
    """

    def __init__(self, scope: Construct, construct_id: str) -> None:
        super().__init__(scope, construct_id)
        self.bucket = s3.Bucket(
            self,
            "Bucket",
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            encryption=s3.BucketEncryption.S3_MANAGED,
            versioned=True,
            enforce_ssl=True,
            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
            removal_policy=HOLDS_DATA,
            lifecycle_rules=[
                s3.LifecycleRule(
                    expiration=ACCESS_LOGS,
                    noncurrent_version_expiration=Duration.days(7),
                    abort_incomplete_multipart_upload_after=Duration.days(7),
                )
            ],
        )
