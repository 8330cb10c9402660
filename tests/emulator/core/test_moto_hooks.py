"""What the emulator changes about moto, one test per hook, and what it adds beside it."""

import json
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from botocore.credentials import ContainerProvider
from botocore.exceptions import ClientError
from botocore.utils import ContainerMetadataFetcher

from mwaactl.emulator.cdk_bootstrap import ROLES
from mwaactl.emulator.credentials import OnBehalf, RoleCredentials
from tests.fakes.emulator_process import EmulatorProcess

DENY = {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*"}
TLS_ONLY = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [{**DENY, "Condition": {"Bool": {"aws:SecureTransport": "false"}}}],
    }
)


def test_bucket_policy_is_given_back_and_does_not_refuse_objects(aws: Any, unique: str) -> None:
    s3 = aws("s3")
    s3.create_bucket(Bucket=unique)
    s3.put_bucket_policy(Bucket=unique, Policy=TLS_ONLY)

    s3.put_object(Bucket=unique, Key="k", Body=b"1")
    s3.put_object(Bucket=unique, Key="k", Body=b"2")

    assert s3.get_object(Bucket=unique, Key="k")["Body"].read() == b"2"
    assert json.loads(s3.get_bucket_policy(Bucket=unique)["Policy"]) == json.loads(TLS_ONLY)
    assert s3.delete_objects(Bucket=unique, Delete={"Objects": [{"Key": "k"}]})["Deleted"]


def test_malformed_bucket_policy_is_refused(aws: Any, unique: str) -> None:
    aws("s3").create_bucket(Bucket=unique)

    with pytest.raises(ClientError) as caught:
        aws("s3").put_bucket_policy(Bucket=unique, Policy="{")
    assert caught.value.response["Error"]["Code"] == "MalformedPolicy"


def test_access_logs_may_go_to_a_bucket_whose_policy_comes_later(aws: Any, unique: str) -> None:
    s3 = aws("s3")
    s3.create_bucket(Bucket=unique)
    target = {"TargetBucket": unique, "TargetPrefix": "p/"}

    s3.put_bucket_logging(Bucket=unique, BucketLoggingStatus={"LoggingEnabled": target})

    assert s3.get_bucket_logging(Bucket=unique)["LoggingEnabled"] == target
    with pytest.raises(ClientError, match="InvalidTargetBucketForLogging"):
        s3.put_bucket_logging(
            Bucket=unique, BucketLoggingStatus={"LoggingEnabled": {**target, "TargetBucket": "nowhere"}}
        )


@pytest.mark.parametrize(
    ("service", "operation", "parameters", "named"),
    [
        ("ec2", "describe_trunk_interface_associations", {}, "DescribeTrunkInterfaceAssociations of ec2"),
        (
            "iam",
            "get_organizations_access_report",
            {"JobId": "x" * 36},
            "GetOrganizationsAccessReport of iam",
        ),
        ("logs", "list_anomalies", {}, "ListAnomalies of logs"),
        ("lambda", "list_provisioned_concurrency_configs", {"FunctionName": "f"}, "of lambda"),
        ("appflow", "list_flows", {}, "of appflow"),
        ("gamelift", "list_fleets", {}, "ListFleets of gamelift"),
    ],
)
def test_what_nobody_models_is_an_error_that_names_it(
    aws: Any, service: str, operation: str, parameters: dict[str, Any], named: str
) -> None:
    with pytest.raises(ClientError) as caught:
        getattr(aws(service), operation)(**parameters)

    error = caught.value.response["Error"]
    assert error["Code"] == "NotImplemented"
    assert error["Message"].startswith("The emulator does not model ")
    assert named in error["Message"]


def test_cdk_finds_its_bootstrap(aws: Any) -> None:
    version = aws("ssm").get_parameter(Name="/cdk-bootstrap/hnb659fds/version")["Parameter"]["Value"]
    suffix = "123456789012-us-east-1"

    assert int(version) >= 30
    for role in ROLES:
        aws("iam").get_role(RoleName=f"cdk-hnb659fds-{role}-{suffix}")
    assert aws("s3").get_bucket_versioning(Bucket=f"cdk-hnb659fds-assets-{suffix}")["Status"] == "Enabled"


def test_process_gets_its_role_from_the_credentials_endpoint(
    emulator: EmulatorProcess, aws: Any, unique: str
) -> None:
    trust = json.dumps({"Version": "2012-10-17", "Statement": []})
    role = aws("iam").create_role(RoleName=unique, AssumeRolePolicyDocument=trust)["Role"]["Arn"]
    environment = RoleCredentials(emulator.settings).environment_for(role, "task-1")

    fetcher: Any = ContainerMetadataFetcher()  # the stubs take the parameter for another kind of fetcher
    found = ContainerProvider(environment, fetcher).load()

    assert found is not None
    caller = identity(emulator, found.access_key, found.secret_key, found.token)
    assert caller == f"arn:aws:sts::123456789012:assumed-role/{unique}/task-1"


@pytest.mark.parametrize(
    ("trusted", "source", "status"),
    [
        ("lambda.amazonaws.com", "arn:aws:lambda:us-east-1:123456789012:function:f", 200),
        ("lambda.amazonaws.com", "arn:aws:lambda:us-east-1:123456789012:function:g", 403),
        ("airflow-env.amazonaws.com", "arn:aws:lambda:us-east-1:123456789012:function:f", 403),
    ],
)
def test_service_gets_the_credentials_of_a_role_that_trusts_it(
    emulator: EmulatorProcess, aws: Any, unique: str, trusted: str, source: str, status: int
) -> None:
    only_f = {"ArnLike": {"aws:SourceArn": "arn:aws:lambda:*:*:function:f"}}
    principal = {"Service": trusted}
    statement = {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole", "Condition": only_f}
    trust = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    role = aws("iam").create_role(RoleName=unique, AssumeRolePolicyDocument=trust)["Role"]["Arn"]
    on_behalf = OnBehalf("lambda.amazonaws.com", source)
    environment = RoleCredentials(emulator.settings).environment_for(role, "task-1", on_behalf)
    headers = {"Authorization": environment["AWS_CONTAINER_AUTHORIZATION_TOKEN"]}
    request = Request(environment["AWS_CONTAINER_CREDENTIALS_FULL_URI"], headers=headers)  # noqa: S310

    try:
        found, answer = 200, json.load(urlopen(request))  # noqa: S310
    except HTTPError as error:
        found, answer = error.code, json.load(error)

    assert found == status
    if status == 403:
        assert answer["message"] == (
            f"lambda.amazonaws.com is not authorized to perform: sts:AssumeRole on resource: {role} "
            "because no role trust policy allows the sts:AssumeRole action"
        )


def identity(emulator: EmulatorProcess, access_key: str, secret_key: str, token: str | None) -> str:
    import boto3

    sts = boto3.session.Session().client(
        "sts",
        endpoint_url=emulator.settings.endpoint_url,
        region_name="us-east-1",
        aws_access_key_id=access_key,
        aws_secret_access_key=secret_key,
        aws_session_token=token,
    )
    return str(sts.get_caller_identity()["Arn"])


@pytest.mark.parametrize("token", ["", "0" * 64])
def test_credentials_need_the_role_s_own_token(emulator: EmulatorProcess, token: str) -> None:
    environment = RoleCredentials(emulator.settings).environment_for("arn:aws:iam::1:role/r", "s")
    request = Request(environment["AWS_CONTAINER_CREDENTIALS_FULL_URI"], headers={"Authorization": token})  # noqa: S310

    with pytest.raises(OSError, match="403"):
        urlopen(request)  # noqa: S310


def test_role_that_does_not_exist_gives_no_credentials(emulator: EmulatorProcess) -> None:
    environment = RoleCredentials(emulator.settings).environment_for("arn:aws:iam::1:role/none", "s")
    headers = {"Authorization": environment["AWS_CONTAINER_AUTHORIZATION_TOKEN"]}
    request = Request(environment["AWS_CONTAINER_CREDENTIALS_FULL_URI"], headers=headers)  # noqa: S310

    with pytest.raises(OSError, match="400"):
        urlopen(request)  # noqa: S310
