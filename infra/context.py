"""What the CDK library is told about the account and about its own behaviour.

The command `cdk` would look availability zones up in the account and keep feature flags in cdk.json. Both stand
here, so that the app gives the same templates without credentials or network, however it is started.
"""

from collections.abc import Mapping

from mwaactl.config.environment import EnvironmentConfig

FEATURE_FLAGS: Mapping[str, object] = {
    "@aws-cdk/aws-kms:aliasNameRef": True,
    "@aws-cdk/aws-s3:createDefaultLoggingPolicy": True,
    "@aws-cdk/aws-s3:publicAccessBlockedByDefault": True,
    "@aws-cdk/aws-s3:serverAccessLogsUseBucketPolicy": True,
    "@aws-cdk/core:checkSecretUsage": True,
    "@aws-cdk/core:enablePartitionLiterals": True,
    "@aws-cdk/core:target-partitions": ["aws"],
    "@aws-cdk/core:validateSnapshotRemovalPolicy": True,
}


def zones_context(config: EnvironmentConfig) -> dict[str, object]:
    """The availability zones, where the CDK library would otherwise ask AWS for them."""
    key = f"availability-zones:account={config.account}:region={config.region}"
    return {key: list(config.availability_zones)}
