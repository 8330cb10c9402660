"""What must exist around an environment before MWAA accepts it: bucket, objects, role, network, key."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from mwaactl.emulator.mwaa.exceptions import ValidationError
from mwaactl.emulator.mwaa.role_checks import may_read, trusts_mwaa

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

type Client = Any
type Answer = Any
type Clients = Callable[[str], Client]
"""Gives a boto3 client of the environment's region for a service name."""

BLOCKS = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")


def check_surroundings(members: Mapping[str, Any], clients: Clients, arn: str) -> None:
    """Look up everything that the environment's members name.

    Args:
        members: The members by their API names.
        clients: boto3 clients of the environment's region.
        arn: The environment's ARN, for which MWAA takes on the role.

    Raises:
        ValidationError: Something does not exist or is not as MWAA demands.
    """
    check_source(members, clients)
    check_role(members, clients, arn)
    _check_network(members["NetworkConfiguration"], clients("ec2"))
    if members.get("KmsKey"):
        _answered(
            f"Unable to read the KMS key {members['KmsKey']}",
            lambda: clients("kms").describe_key(KeyId=members["KmsKey"]),
        )


def check_source(members: Mapping[str, Any], clients: Clients) -> None:
    """Check the source bucket and the pinned object versions.

    Raises:
        ValidationError: The bucket is absent, unversioned or not private, or a version cannot be read.
    """
    s3, bucket = clients("s3"), members["SourceBucketArn"].rpartition(":::")[2]
    _answered(f"Provided bucket {bucket} does not exist", lambda: s3.head_bucket(Bucket=bucket))
    if s3.get_bucket_versioning(Bucket=bucket).get("Status") != "Enabled":
        msg = f"Provided bucket {bucket} does not have versioning enabled"
        raise ValidationError(msg)
    _check_public_access(bucket, s3)
    for artifact in ("Plugins", "Requirements", "StartupScript"):
        key, version = members.get(f"{artifact}S3Path"), members.get(f"{artifact}S3ObjectVersion")
        if key:
            _check_object(s3, bucket, key, version)


def _check_object(s3: Client, bucket: str, key: str, version: str | None) -> None:
    _answered(
        f"Unable to read version {version} of file {key}",
        lambda: s3.head_object(Bucket=bucket, Key=key, VersionId=version),
    )


def _check_public_access(bucket: str, s3: Client) -> None:
    msg = f"Provided bucket {bucket} does not have BlockPublicAccess set"
    answer = _answered(msg, lambda: s3.get_public_access_block(Bucket=bucket))
    if not all(answer["PublicAccessBlockConfiguration"].get(block) for block in BLOCKS):
        raise ValidationError(msg)


def check_role(members: Mapping[str, Any], clients: Clients, arn: str) -> None:
    """Check that MWAA may take on the execution role, and that the role may read the bucket.

    Args:
        members: The members by their API names.
        clients: boto3 clients of the environment's region.
        arn: The environment's ARN.

    Raises:
        ValidationError: It does not exist, or may not.
    """
    role, bucket = members["ExecutionRoleArn"], members["SourceBucketArn"].rpartition(":::")[2]
    absent = f"Provided execution role {role} does not exist"
    found = _answered(absent, lambda: clients("iam").get_role(RoleName=role.rpartition("/")[2]))
    if found["Role"]["Arn"] != role:
        raise ValidationError(absent)
    if not trusts_mwaa(role, arn):
        msg = f"Provided execution role {role} cannot be assumed by MWAA; check its trust policy"
        raise ValidationError(msg)
    if not may_read(role, bucket, members["DagS3Path"], arn):
        location = f"{bucket}/{members['DagS3Path']}"
        msg = f"Provided role does not have sufficient permissions for s3 location {location}"
        raise ValidationError(msg)


def _check_network(network: Mapping[str, list[str]], ec2: Client) -> None:
    subnets = _answered(
        f"Unable to read subnets {', '.join(network['SubnetIds'])}",
        lambda: ec2.describe_subnets(SubnetIds=network["SubnetIds"]),
    )["Subnets"]
    if len({subnet["AvailabilityZone"] for subnet in subnets}) < len(subnets):
        msg = "The two subnets must be in different Availability Zones"
        raise ValidationError(msg)
    groups = _answered(
        f"Unable to read security groups {', '.join(network['SecurityGroupIds'])}",
        lambda: ec2.describe_security_groups(GroupIds=network["SecurityGroupIds"]),
    )["SecurityGroups"]
    if {part["VpcId"] for part in (*subnets, *groups)} != {subnets[0]["VpcId"]}:
        msg = "Subnets and security groups must belong to one VPC"
        raise ValidationError(msg)


def _answered(message: str, call: Callable[[], Any]) -> Answer:
    """Turn another service's refusal into MWAA's, with the refusal's own code behind it."""
    try:
        return call()
    except ClientError as error:
        msg = f"{message} ({error.response['Error']['Code']})"
        raise ValidationError(msg) from error
