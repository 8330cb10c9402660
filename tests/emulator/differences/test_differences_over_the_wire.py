"""Rows of the table that the running emulator proves: when one is mended, its test fails and the row goes."""

import hashlib
import json
import time
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from mwaactl.emulator.differences.difference import Difference
from mwaactl.emulator.differences.sections import SECTIONS
from tests.fakes.emulator_process import EmulatorProcess
from tests.fakes.workgroups import wait_available

BUCKET = "differences"
NOTHING = {"Effect": "Deny", "Action": "*", "Resource": "arn:aws:s3:::nothing"}


@pytest.fixture(scope="module")
def emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmulatorProcess]:
    process = EmulatorProcess.below(tmp_path_factory.mktemp("differences"))
    process.up()
    process.aws("s3").create_bucket(Bucket=BUCKET)
    yield process
    process.down()


def row(subject: str) -> Difference:
    """The row that a test proves; a row that is gone takes its test along."""
    return next(found for rows in SECTIONS.values() for found in rows if found.subject == subject)


def session_of_a_role(
    emulator: EmulatorProcess, name: str, *policies: dict[str, Any]
) -> boto3.session.Session:
    """A session of a role that has these statements and trusts nobody."""
    iam = emulator.aws("iam")
    trust = json.dumps({"Version": "2012-10-17", "Statement": []})
    role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust)["Role"]
    document = json.dumps({"Version": "2012-10-17", "Statement": list(policies)})
    iam.put_role_policy(RoleName=name, PolicyName="given", PolicyDocument=document)
    given = emulator.aws("sts").assume_role(RoleArn=role["Arn"], RoleSessionName="test")["Credentials"]
    keys = (given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"])
    return boto3.session.Session(*keys, "us-east-1")


def test_service_that_is_never_called_is_judged_by_its_action(emulator: EmulatorProcess) -> None:
    elsewhere = "arn:aws:ecr:us-east-1:123456789012:repository/elsewhere"
    statement = {"Effect": "Allow", "Action": "ecr:DescribeRepositories", "Resource": elsewhere}
    session = session_of_a_role(emulator, "looks", statement)
    ecr = session.client("ecr", endpoint_url=emulator.settings.endpoint_url)

    assert "by their action alone" in row("permissions of users and roles").emulator
    assert ecr.describe_repositories()["repositories"] == []
    with pytest.raises(ClientError, match="not authorized to perform: ecr:CreateRepository"):
        ecr.create_repository(repositoryName="one")


def test_grant_of_a_key_permits_nothing(emulator: EmulatorProcess) -> None:
    key = emulator.aws("kms").create_key()["KeyMetadata"]["KeyId"]
    session = session_of_a_role(emulator, "granted", NOTHING)
    role = emulator.aws("iam").get_role(RoleName="granted")["Role"]["Arn"]
    emulator.aws("kms").create_grant(KeyId=key, GranteePrincipal=role, Operations=["Encrypt"])
    kms = session.client("kms", endpoint_url=emulator.settings.endpoint_url)

    assert "does not count" in row("what else limits permissions").emulator
    with pytest.raises(ClientError, match="AccessDeniedException"):
        kms.encrypt(KeyId=key, Plaintext=b"1")


def test_user_gets_no_session_of_their_own(emulator: EmulatorProcess) -> None:
    iam = emulator.aws("iam")
    iam.create_user(UserName="ana")
    key = iam.create_access_key(UserName="ana")["AccessKey"]
    session = boto3.session.Session(key["AccessKeyId"], key["SecretAccessKey"], region_name="us-east-1")

    assert "are refused to users" in row("GetSessionToken and GetFederationToken").emulator
    with pytest.raises(ClientError, match="does not model GetSessionToken for a user"):
        session.client("sts", endpoint_url=emulator.settings.endpoint_url).get_session_token()


def test_any_token_takes_a_role_that_trusts_nobody(emulator: EmulatorProcess) -> None:
    session_of_a_role(emulator, "trusts-no-token", NOTHING)
    role = emulator.aws("iam").get_role(RoleName="trusts-no-token")["Role"]["Arn"]
    taken = emulator.aws("sts").assume_role_with_web_identity(
        RoleArn=role, RoleSessionName="GitHubActions", WebIdentityToken="not a token"
    )

    assert "takes any token" in row("AssumeRoleWithWebIdentity").emulator
    assert taken["AssumedRoleUser"]["Arn"].endswith("assumed-role/trusts-no-token/GitHubActions")


def test_own_credentials_assume_a_role_that_trusts_nobody(emulator: EmulatorProcess) -> None:
    session = session_of_a_role(emulator, "trusts-nobody", NOTHING)
    sts = session.client("sts", endpoint_url=emulator.settings.endpoint_url)

    assert "may do everything" in row("credentials that IAM does not know, and unsigned requests").emulator
    assert sts.get_caller_identity()["Arn"].endswith("assumed-role/trusts-nobody/test")


def test_bucket_policy_refuses_sessions_and_not_the_developer(emulator: EmulatorProcess) -> None:
    s3 = emulator.aws("s3")
    everything = {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}
    session = session_of_a_role(emulator, "reads", everything)
    deny = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:PutObject",
        "Resource": f"arn:aws:s3:::{BUCKET}/*",
    }
    s3.put_bucket_policy(Bucket=BUCKET, Policy=json.dumps({"Version": "2012-10-17", "Statement": [deny]}))

    assert "may do everything" in row("bucket policies and key policies").emulator
    s3.put_object(Bucket=BUCKET, Key="denied", Body=b"1")
    with pytest.raises(ClientError, match="explicit deny in a resource-based policy"):
        session.client("s3", endpoint_url=emulator.settings.endpoint_url).put_object(
            Bucket=BUCKET, Key="denied", Body=b"1"
        )
    s3.delete_bucket_policy(Bucket=BUCKET)


def test_etag_under_a_key_is_the_md5(emulator: EmulatorProcess) -> None:
    key = emulator.aws("kms").create_key()["KeyMetadata"]["Arn"]
    put = emulator.aws("s3").put_object(
        Bucket=BUCKET, Key="sealed", Body=b"1", ServerSideEncryption="aws:kms", SSEKMSKeyId=key
    )

    assert row("ETag of an object under a KMS key").emulator == "is the content's MD5"
    assert put["ETag"].strip('"') == hashlib.md5(b"1", usedforsecurity=False).hexdigest()


def test_wrong_checksum_is_accepted(emulator: EmulatorProcess) -> None:
    assert row("a wrong checksum or Content-MD5 sent with an upload").emulator == "is accepted"
    emulator.aws("s3").put_object(
        Bucket=BUCKET, Key="wrong", Body=b"1", ContentMD5="AAAAAAAAAAAAAAAAAAAAAA=="
    )


def test_expected_owner_is_ignored(emulator: EmulatorProcess) -> None:
    assert row("ExpectedBucketOwner").emulator == "is ignored"
    emulator.aws("s3").head_bucket(Bucket=BUCKET, ExpectedBucketOwner="999999999999")


def test_own_credentials_are_named_user_moto(emulator: EmulatorProcess) -> None:
    found = row("GetCallerIdentity with the emulator's own credentials")

    assert found.emulator == "names `user/moto`"
    assert emulator.aws("sts").get_caller_identity()["Arn"].endswith(":user/moto")


def test_prefix_of_log_streams_is_ignored(emulator: EmulatorProcess) -> None:
    logs = emulator.aws("logs")
    logs.create_log_group(logGroupName="g")
    for stream in ("one", "two"):
        logs.create_log_stream(logGroupName="g", logStreamName=stream)
        event = {"timestamp": int(time.time() * 1000), "message": stream}
        logs.put_log_events(logGroupName="g", logStreamName=stream, logEvents=[event])

    assert "all streams" in row("FilterLogEvents with logStreamNamePrefix").emulator
    assert len(logs.filter_log_events(logGroupName="g", logStreamNamePrefix="one")["events"]) == 2
    assert len(logs.filter_log_events(logGroupName="g", logStreamNames=["one"])["events"]) == 1


def test_stack_with_a_role_needs_no_capability(emulator: EmulatorProcess) -> None:
    trust = {"Version": "2012-10-17", "Statement": []}
    role = {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": trust}}
    template = json.dumps({"Resources": {"Role": role}})
    cloudformation = emulator.aws("cloudformation")

    assert "not demanded" in row("capabilities (CAPABILITY_IAM)").emulator
    cloudformation.create_stack(StackName="without-capability", TemplateBody=template)
    waiter: Any = cloudformation.get_waiter("stack_create_complete")
    waiter.wait(StackName="without-capability", WaiterConfig={"Delay": 1, "MaxAttempts": 30})


def test_bucket_that_exists_is_taken_over(emulator: EmulatorProcess) -> None:
    bucket = {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": BUCKET}, "DeletionPolicy": "Retain"}
    cloudformation = emulator.aws("cloudformation")

    assert "is taken over" in row("a bucket of a template that exists already").emulator
    template = json.dumps({"Resources": {"Bucket": bucket}})
    cloudformation.create_stack(StackName="takes-over", TemplateBody=template)
    waiter: Any = cloudformation.get_waiter("stack_create_complete")
    waiter.wait(StackName="takes-over", WaiterConfig={"Delay": 1, "MaxAttempts": 30})


def test_state_outlives_the_emulator_and_statements_do_not(emulator: EmulatorProcess) -> None:
    emulator.aws("s3").create_bucket(Bucket="here-tomorrow")
    redshift = emulator.aws("redshift-serverless")
    redshift.create_namespace(namespaceName="lasting")
    redshift.create_workgroup(workgroupName="lasting", namespaceName="lasting")
    wait_available(redshift, "lasting")
    asked = {"WorkgroupName": "lasting", "Database": "dev", "Sql": "SELECT 1"}
    statement = emulator.aws("redshift-data").execute_statement(**asked)["Id"]

    emulator.down()
    emulator.up()

    names = [bucket["Name"] for bucket in emulator.aws("s3").list_buckets()["Buckets"]]
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        emulator.aws("redshift-data").describe_statement(Id=statement)
    differs = row("resources and their data").emulator
    assert "outlive" in differs
    assert "statements" in differs
    assert "here-tomorrow" in names
