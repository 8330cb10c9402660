"""What `cdk bootstrap` leaves in an account and region: version, roles and the asset bucket.

https://docs.aws.amazon.com/cdk/v2/guide/bootstrapping-env.html
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from mwaactl.emulator.cdk_role_policies import MANAGED, statements_of
from mwaactl.emulator.loopback import client

if TYPE_CHECKING:
    from mwaactl.emulator.settings import BootstrapTarget, EmulatorSettings

QUALIFIER = "hnb659fds"
VERSION = "30"
ROLES = (
    "cfn-exec-role",
    "deploy-role",
    "file-publishing-role",
    "image-publishing-role",
    "lookup-role",
)


def seed(settings: EmulatorSettings) -> None:
    """Bootstrap every account and region of the settings; what is there already stays."""
    for target in settings.bootstrap_targets:
        _seed_target(settings, target)


def _seed_target(settings: EmulatorSettings, target: BootstrapTarget) -> None:
    suffix = f"{target.account_id}-{target.region}"

    def service(name: str) -> Any:  # noqa: ANN401 - one type per service name
        return client(name, settings, target.region, target.account_id)

    for role in ROLES:
        _create_role(service("iam"), role, target)
    _create_bucket(service("s3"), f"cdk-{QUALIFIER}-assets-{suffix}", target.region)
    service("ssm").put_parameter(
        Name=f"/cdk-bootstrap/{QUALIFIER}/version", Value=VERSION, Type="String", Overwrite=True
    )


def _create_role(iam: Any, role: str, target: BootstrapTarget) -> None:  # noqa: ANN401
    name = f"cdk-{QUALIFIER}-{role}-{target.account_id}-{target.region}"
    account = {"AWS": f"arn:aws:iam::{target.account_id}:root"}
    principal = {"Service": "cloudformation.amazonaws.com"} if "cfn-exec" in role else account
    trust = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}],
    }
    try:
        iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trust))
    except ClientError as error:
        if error.response["Error"]["Code"] != "EntityAlreadyExists":
            raise
    if managed := MANAGED.get(role):
        iam.attach_role_policy(RoleName=name, PolicyArn=f"arn:aws:iam::aws:policy/{managed}")
    if statements := statements_of(role, QUALIFIER, target):
        document = json.dumps({"Version": "2012-10-17", "Statement": statements})
        iam.put_role_policy(RoleName=name, PolicyName="default", PolicyDocument=document)


def _create_bucket(s3: Any, name: str, region: str) -> None:  # noqa: ANN401
    # us-east-1 is the one region that must not be named: API_CreateBucket, LocationConstraint.
    abroad = {"LocationConstraint": region}
    where = {} if region == "us-east-1" else {"CreateBucketConfiguration": abroad}
    try:
        s3.create_bucket(Bucket=name, **where)
    except ClientError as error:
        if error.response["Error"]["Code"] != "BucketAlreadyOwnedByYou":
            raise
    s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    rule = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}
    s3.put_bucket_encryption(Bucket=name, ServerSideEncryptionConfiguration={"Rules": [rule]})
