"""`mwaactl emulator up --own-role`: the developer's own calls are judged by a role's permissions."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from botocore.exceptions import ClientError

from tests.emulator.authorization.conftest import ACCOUNT, allow, document
from tests.fakes.emulator_process import EmulatorProcess

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


TRUST = {"Effect": "Allow", "Principal": {"AWS": ACCOUNT}, "Action": "sts:AssumeRole"}
BUCKET = {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "made-by-a-stack"}}


@pytest.fixture
def judged(tmp_path: Path) -> Iterator[EmulatorProcess]:
    process = EmulatorProcess.below(tmp_path)
    process.settings = replace(process.settings, own_role="deployer")
    process.up()
    yield process
    process.down()


def test_own_calls_are_judged_once_the_role_has_a_policy(judged: EmulatorProcess) -> None:
    s3, iam, stacks = judged.aws("s3"), judged.aws("iam"), judged.aws("cloudformation")
    s3.create_bucket(Bucket="before")
    iam.create_role(RoleName="deployer", AssumeRolePolicyDocument=document(TRUST))
    s3.put_object(Bucket="before", Key="k", Body=b"1")
    may = document(allow("cloudformation:*"), allow("s3:ListAllMyBuckets"))
    iam.put_role_policy(RoleName="deployer", PolicyName="may", PolicyDocument=may)

    with pytest.raises(ClientError) as caught:
        s3.put_object(Bucket="before", Key="k", Body=b"1")
    # CloudFormation, which may be called, makes the bucket for itself.
    stacks.create_stack(StackName="s", TemplateBody=json.dumps({"Resources": {"Made": BUCKET}}))
    stacks.get_waiter("stack_create_complete").wait(StackName="s", WaiterConfig={"Delay": 1})

    assert caught.value.response["Error"]["Message"] == (
        f"User: arn:aws:sts::{ACCOUNT}:assumed-role/deployer/developer is not authorized to perform: "
        's3:PutObject on resource: "arn:aws:s3:::before/k" '
        "because no identity-based policy allows the s3:PutObject action"
    )
    assert "made-by-a-stack" in {bucket["Name"] for bucket in s3.list_buckets()["Buckets"]}
