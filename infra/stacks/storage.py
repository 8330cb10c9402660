"""The stack with the key, the buckets and what belongs to their data: what everything else is built on."""

from aws_cdk import CfnOutput, Environment, Stack
from constructs import Construct

from infra.constructs.access_log_bucket import AccessLogBucket
from infra.constructs.encryption_key import EncryptionKey
from infra.constructs.landed_files import LandedFiles
from infra.constructs.lifecycle import data_rules, source_rules
from infra.constructs.private_bucket import PrivateBucket
from infra.constructs.serving_table import ServingTable
from infra.constructs.source_writers import (
    ARTIFACTS,
    DAGS,
    WriterPolicy,
    Writers,
    keep_writers_apart,
)
from mwaactl.config.environment import EnvironmentConfig


class StorageStack(Stack):
    """The key, source bucket and data bucket, the queue of landed files and the serving table."""

    def __init__(self, scope: Construct, *, config: EnvironmentConfig) -> None:
        names = config.names
        super().__init__(
            scope,
            names.storage_stack,
            env=Environment(account=config.account, region=config.region),
            description=f"Key and buckets of {names.prefix}",
        )
        self.key = EncryptionKey(
            self, "Encryption", alias=names.key_alias, account=config.account, region=config.region
        ).key
        access_logs = AccessLogBucket(self, "AccessLogs").bucket
        source = PrivateBucket(
            self,
            "Source",
            bucket_name=names.source_bucket,
            key=self.key,
            access_logs=access_logs,
            lifecycle_rules=source_rules(),
        ).bucket
        keep_writers_apart(source, Writers(config.writers.dags, config.writers.artifacts))
        for kind, folder in (("DagWriter", DAGS), ("ArtifactWriter", ARTIFACTS)):
            writer = WriterPolicy(
                self,
                kind,
                bucket=names.source_bucket,
                key_arn=self.key.key_arn,
                folder=folder,
                region=config.region,
            )
            CfnOutput(self, f"{kind}PolicyArn", value=writer.policy.managed_policy_arn)
        data = PrivateBucket(
            self,
            "Data",
            bucket_name=names.data_bucket,
            key=self.key,
            access_logs=access_logs,
            lifecycle_rules=data_rules(),
        ).bucket
        LandedFiles(
            self, "Landed", name=names.landed_queue, bucket=data, prefixes=("landing/",), key=self.key
        )
        ServingTable(self, "Serving", name=names.serving_table, key=self.key)
