from __future__ import annotations

from typing import Any

import boto3
import botocore.session
import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, NoCredentialsError
from botocore.stub import Stubber

from mwaactl.aws.failures import (
    ACCESS_DENIED,
    CLOCK_HINT,
    CONFLICT,
    NOT_FOUND,
    THROTTLED,
    class_of,
    from_client_error,
    mapped,
)
from mwaactl.aws.s3 import SourceBucket
from mwaactl.errors import AccessDenied, Conflict, NotFound, OutcomeUnknown, ServiceError, Throttled

OPERATIONS = {
    "mwaa": ("GetEnvironment", "CreateWebLoginToken", "InvokeRestApi"),
    "s3": ("HeadBucket", "ListObjectsV2", "HeadObject", "GetObject", "PutObject", "DeleteObject"),
    "cloudformation": ("DescribeStacks", "UpdateStack", "DescribeStackEvents"),
    "logs": ("DescribeLogStreams", "GetLogEvents"),
    "sts": ("GetCallerIdentity",),
}
# Modelled errors with no remedy of their own: the caller's request or the service itself is wrong.
PLAIN = {
    "ValidationException",
    "InvalidParameterException",
    "RestApiClientException",
    "RestApiServerException",
    "InsufficientCapabilitiesException",
    "EncryptionTypeMismatch",
    "InvalidObjectState",
    "InvalidRequest",
    "InvalidWriteOffset",
    "TooManyParts",
}


def modelled_codes() -> list[tuple[str, str]]:
    session = botocore.session.Session()
    found: list[tuple[str, str]] = []
    for service, operations in OPERATIONS.items():
        model = session.get_service_model(service)
        for operation in operations:
            shapes = model.operation_model(operation).error_shapes
            found += [(service, shape.metadata.get("error", {}).get("code", shape.name)) for shape in shapes]
    return sorted(set(found))


def answer(code: str, message: str = "no") -> Any:
    return {"Error": {"Code": code, "Message": message}, "ResponseMetadata": {"RequestId": "r-1"}}


@pytest.mark.parametrize(("service", "code"), modelled_codes())
def test_every_modelled_error_has_a_class(service: str, code: str) -> None:
    assert service in OPERATIONS
    assert class_of(code) is not ServiceError or code in PLAIN


def test_no_code_belongs_to_two_classes() -> None:
    tables = (ACCESS_DENIED, NOT_FOUND, THROTTLED, CONFLICT)

    assert sum(map(len, tables)) == len(frozenset().union(*tables))


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("AccessDeniedException", AccessDenied),
        ("NoSuchBucket", NotFound),
        ("SlowDown", Throttled),
        ("PreconditionFailed", Conflict),
        ("ValidationException", ServiceError),
    ],
)
def test_a_code_gets_the_class_of_its_remedy(code: str, kind: type[ServiceError]) -> None:
    error = from_client_error(ClientError(answer(code), "PutObject"), "s3", "PutObject", "bucket/key")

    assert type(error) is kind
    assert error.message == "s3 refused PutObject of `bucket/key`: no"
    assert dict(error.context) == {
        "service": "s3",
        "operation": "PutObject",
        "error_code": code,
        "request_id": "r-1",
        "resource": "bucket/key",
    }


def test_a_denied_request_names_the_permission() -> None:
    error = from_client_error(ClientError(answer("AccessDenied"), "HeadObject"), "s3", "HeadObject", "b/k")

    assert error.hint == (
        "the caller needs `s3:GetObject` on `b/k`, and `kms:Decrypt` on the key that encrypts it; "
        "check with `aws sts get-caller-identity`"
    )


def test_a_denied_request_for_a_version_names_the_permission_for_versions() -> None:
    client = boto3.client("s3", "us-east-1", aws_access_key_id="test", aws_secret_access_key="test")
    stubber = Stubber(client)
    stubber.add_client_error("head_object", "403", "Forbidden", http_status_code=403)

    with stubber, pytest.raises(AccessDenied) as denied:
        SourceBucket(client, "b", "123456789012").describe("artifacts/plugins.zip", "v1")

    assert (denied.value.hint or "").startswith(
        "the caller needs `s3:GetObjectVersion` on `b/artifacts/plugins.zip`"
    )


def test_a_refusal_by_another_service_names_its_permission() -> None:
    said = (
        "User: arn:aws:iam::1:user/eve is not authorized to perform: kms:Decrypt on the resource associated"
    )

    error = from_client_error(ClientError(answer("AccessDenied", said), "x"), "s3", "GetObject", "b/k")

    assert error.hint == "the caller needs `kms:Decrypt`; check with `aws sts get-caller-identity`"


@pytest.mark.parametrize(
    ("code", "operation", "remedy"),
    [
        ("301", "HeadBucket", "look at `region` in mwaactl.toml"),
        ("403", "HeadBucket", "must belong to the account of mwaactl.toml"),
        ("KMS.DisabledException", "PutObject", "look at it with `aws kms describe-key`"),
    ],
)
def test_what_only_one_remedy_helps_against_names_it(code: str, operation: str, remedy: str) -> None:
    error = from_client_error(ClientError(answer(code), operation), "s3", operation, "b")

    assert remedy in (error.hint or "")


@pytest.mark.parametrize(
    ("version_id", "told", "options"),
    [
        (None, {}, "--restore-request Days=7"),
        ("v 1", {"StorageClass": "GLACIER"}, "--version-id 'v 1' --restore-request Days=7"),
        (
            None,
            {"StorageClass": "INTELLIGENT_TIERING"},
            "--restore-request 'GlacierJobParameters={Tier=Standard}'",
        ),
    ],
)
def test_an_object_in_an_archive_names_the_command_that_brings_it_back(
    version_id: str | None, told: dict[str, str], options: str
) -> None:
    refusal = ClientError(answer("InvalidObjectState") | told, "GetObject")

    error = from_client_error(refusal, "s3", "GetObject", "b/dags/it's.py", version_id=version_id)

    command = f"""aws s3api restore-object --bucket b --key 'dags/it'"'"'s.py' {options}"""
    assert (error.hint or "").startswith(f"the object lies in an archive: bring it back with `{command}`,")


def test_a_denied_call_of_mwaa_names_the_action_as_iam_does() -> None:
    error = from_client_error(ClientError(answer("AccessDeniedException"), "x"), "mwaa", "GetEnvironment")

    assert (error.hint or "").startswith("the caller needs `airflow:GetEnvironment`;")


@pytest.mark.parametrize("code", ["ExpiredToken", "InvalidClientTokenId", "SignatureDoesNotMatch"])
def test_credentials_that_have_run_out_ask_to_sign_in_not_for_a_permission(code: str) -> None:
    error = from_client_error(ClientError(answer(code), "x"), "sts", "GetCallerIdentity")

    assert type(error) is AccessDenied
    assert "sign in again" in (error.hint or "")
    assert "needs" not in (error.hint or "")


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("RequestTimeTooSkewed", "The difference is too large."),
        ("SignatureDoesNotMatch", "Signature expired: 20261123T080000Z is now earlier than 20261123T081000Z"),
        ("InvalidSignatureException", "Signature not yet current: 20261123T090000Z is still later than …"),
    ],
)
def test_a_wrong_clock_asks_for_the_clock_and_not_for_credentials(code: str, message: str) -> None:
    error = from_client_error(ClientError(answer(code, message), "x"), "sts", "GetCallerIdentity")

    assert error.hint == CLOCK_HINT


@pytest.mark.parametrize("code", ["InternalError", "502", "504", "InternalServerException"])
def test_after_a_failure_inside_aws_the_outcome_is_unknown(code: str) -> None:
    error = from_client_error(ClientError(answer(code), "x"), "s3", "PutObject", "b/k")

    assert type(error) is OutcomeUnknown
    assert error.message == "s3 failed at PutObject of `b/k`: no"
    assert error.retryable


@pytest.mark.parametrize("code", ["SlowDown", "PreconditionFailed", "NoSuchBucket", "InvalidRequest", "Odd"])
def test_every_refusal_has_a_remedy(code: str) -> None:
    assert from_client_error(ClientError(answer(code), "x"), "s3", "PutObject").hint


def test_missing_credentials_are_named() -> None:
    with (
        pytest.raises(ServiceError, match="Unable to locate credentials") as failed,
        mapped("sts", "GetCallerIdentity"),
    ):
        raise NoCredentialsError

    assert failed.value.hint == "configure credentials, for example with AWS_PROFILE"


def test_an_endpoint_that_does_not_answer_points_at_the_emulator() -> None:
    with pytest.raises(ServiceError) as failed, mapped("sts", "GetCallerIdentity"):
        raise EndpointConnectionError(endpoint_url="http://127.0.0.1:1")

    assert "mwaactl emulator up" in (failed.value.hint or "")
