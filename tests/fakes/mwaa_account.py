"""What an MWAA environment needs around it, made through the services."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

SETTLED = frozenset({"AVAILABLE", "UPDATE_FAILED", "CREATE_FAILED"})
BLOCKS = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")


def environment_request(aws: Callable[[str], Any], name: str) -> dict[str, Any]:
    """Make bucket, role and network, and return the smallest request of an environment in them."""
    _make_bucket(aws("s3"), name)
    return {
        "Name": name,
        "AirflowVersion": "3.3.1",
        "DagS3Path": "dags",
        "SourceBucketArn": f"arn:aws:s3:::{name}",
        "ExecutionRoleArn": _make_role(aws("iam"), name),
        "NetworkConfiguration": _make_network(aws("ec2"), name),
    }


def settled(mwaa: Any, name: str, seconds: float) -> dict[str, Any]:
    """Return an environment when nothing happens to it any more, with whatever status."""
    deadline = time.monotonic() + seconds
    while True:
        found: dict[str, Any] = mwaa.get_environment(Name=name)["Environment"]
        if found["Status"] in SETTLED:
            return found
        assert time.monotonic() < deadline, found
        time.sleep(0.5)


def _make_bucket(s3: Any, name: str) -> None:
    s3.create_bucket(Bucket=name)
    s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    s3.put_public_access_block(Bucket=name, PublicAccessBlockConfiguration=dict.fromkeys(BLOCKS, True))


def _make_role(iam: Any, name: str) -> str:
    services = ["airflow.amazonaws.com", "airflow-env.amazonaws.com"]
    trust = {"Effect": "Allow", "Principal": {"Service": services}, "Action": "sts:AssumeRole"}
    reads = {"Effect": "Allow", "Action": ["s3:GetObject*", "s3:GetBucket*", "s3:List*"], "Resource": "*"}
    role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=_document(trust))["Role"]
    iam.put_role_policy(RoleName=name, PolicyName="reads", PolicyDocument=_document(reads))
    return str(role["Arn"])


def _make_network(ec2: Any, name: str) -> dict[str, list[str]]:
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnets = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{number}.0/24", AvailabilityZone=f"us-east-1{zone}")
        for number, zone in enumerate("ab")
    ]
    group = ec2.create_security_group(GroupName=name, Description=name, VpcId=vpc)["GroupId"]
    rule = {"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": group}]}
    ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[rule])
    return {"SubnetIds": [each["Subnet"]["SubnetId"] for each in subnets], "SecurityGroupIds": [group]}


def _document(statement: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})
