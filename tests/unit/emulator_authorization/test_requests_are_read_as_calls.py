"""Requests as botocore writes them are read as the calls that they are: every operation of every service."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import botocore.session
import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.serialize import create_serializer

from mwaactl.catalog.iam_requests import iam_requests
from mwaactl.emulator.authorization.call import Signature, read_call, read_signature

if TYPE_CHECKING:
    from botocore.model import OperationModel, Shape

SESSION = botocore.session.get_session()
KEYS = Credentials("ASIAEXAMPLE", "secret", "token")
TEXT = "name-of-it"
SCALARS: dict[str, Any] = {
    "blob": b"blob",
    "boolean": True,
    "double": 1.5,
    "float": 1.5,
    "integer": 1,
    "long": 1,
    "timestamp": datetime(2026, 11, 26, tzinfo=UTC),
}
# They cannot be told apart by method, path and query, or botocore sends them to a host of their own.
AMBIGUOUS = {("s3", "ListDirectoryBuckets"), ("s3", "WriteGetObjectResponse")}
DEPRECATED = {
    ("s3", "GetBucketLifecycle"), ("s3", "PutBucketLifecycle"),
    ("s3", "GetBucketNotification"), ("s3", "PutBucketNotification"),
}  # fmt: skip


def operations() -> list[tuple[str, str]]:
    return [
        (signing, name)
        for signing, service in iam_requests().items()
        for name in SESSION.get_service_model(service.model).operation_names
        if (signing, name) not in AMBIGUOUS | DEPRECATED
    ]


def stub(shape: Shape, depth: int = 0) -> Any:
    """Return a small value of a shape, with all that its first level may hold."""
    kind: Any = shape
    if depth > 3:
        return None
    match shape.type_name:
        case "structure":
            wanted = [name for name in kind.members if name in kind.required_members or depth == 0]
            found = {name: stub(kind.members[name], depth + 1) for name in wanted}
            return {name: value for name, value in found.items() if value is not None}
        case "list":
            return [value for value in [stub(kind.member, depth + 1)] if value is not None]
        case "map":
            value = stub(kind.value, depth + 1)
            return {} if value is None else {TEXT: value}
        case "string":
            return kind.enum[0] if kind.enum else TEXT
        case name:
            return SCALARS[name]


def wsgi_environ(operation: OperationModel, parameters: dict[str, Any], signing: str) -> dict[str, Any]:
    """Return the request for an operation as the server sees it."""
    protocol = operation.service_model.metadata["protocol"]
    protocol = "json" if protocol == "smithy-rpc-v2-cbor" else protocol
    serializer = create_serializer(protocol, include_validation=False)
    found: dict[str, Any] = dict(serializer.serialize_to_request(parameters, operation))
    body: Any = found["body"]
    if isinstance(body, dict):
        body = "&".join(f"{name}={value}" for name, value in body.items())
    content = body.encode() if isinstance(body, str) else bytes(body)
    url = f"http://127.0.0.1:4577{found['url_path']}"
    signed = AWSRequest(found["method"], url, found["headers"], content, found["query_string"])
    SigV4Auth(KEYS, signing, "eu-west-1").add_auth(signed)
    prepared: Any = signed.prepare()
    split = urlsplit(prepared.url)
    headers = {
        f"HTTP_{name.upper().replace('-', '_')}": value.decode() if isinstance(value, bytes) else str(value)
        for name, value in prepared.headers.items()
    }
    return {
        **headers,
        "REQUEST_METHOD": found["method"],
        "PATH_INFO": split.path,
        "RAW_URI": f"{split.path}?{split.query}" if split.query else split.path,
        "QUERY_STRING": split.query,
        "CONTENT_TYPE": headers.get("HTTP_CONTENT_TYPE", ""),
        "CONTENT_LENGTH": str(len(content)),
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "4577",
        "HTTP_HOST": "127.0.0.1:4577",
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(content),
    }


def model_of(signing: str, operation: str) -> OperationModel:
    return SESSION.get_service_model(iam_requests()[signing].model).operation_model(operation)


@pytest.mark.parametrize(("signing", "name"), operations())
def test_operation_is_recognised(signing: str, name: str) -> None:
    operation = model_of(signing, name)
    parameters = stub(operation.input_shape) if operation.input_shape else {}
    environ = wsgi_environ(operation, parameters, signing)
    signature = read_signature(environ)
    body = environ["wsgi.input"].getvalue()

    assert signature == Signature("ASIAEXAMPLE", "eu-west-1", signing)
    call = read_call(environ, signature, iam_requests()[signing].model, "123456789012")

    assert call is not None
    assert (call.service, call.operation, call.region) == (signing, name, "eu-west-1")
    assert environ["wsgi.input"].read() == body


@pytest.mark.parametrize(
    ("signing", "name", "given"),
    [
        ("s3", "PutObject", {"Bucket": "b", "Key": "a/ü +.csv", "ServerSideEncryption": "aws:kms"}),
        ("s3", "ListObjectsV2", {"Bucket": "b", "Prefix": "a/b", "MaxKeys": 7}),
        ("s3", "DeleteObjects", {"Bucket": "b", "Delete": {"Objects": [{"Key": "one"}, {"Key": "two"}]}}),
        ("logs", "PutLogEvents", {"logGroupName": "g", "logStreamName": "s", "logEvents": []}),
        ("sns", "Publish", {"TopicArn": "arn:aws:sns:us-east-1:123456789012:t", "Message": "m"}),
        ("lambda", "Invoke", {"FunctionName": "f", "Qualifier": "7"}),
        ("airflow", "PublishMetrics", {"EnvironmentName": "e", "MetricData": []}),
    ],
)
def test_parameters_are_read_back(signing: str, name: str, given: dict[str, Any]) -> None:
    environ = wsgi_environ(model_of(signing, name), given, signing)
    signature = read_signature(environ)
    assert signature is not None

    call = read_call(environ, signature, iam_requests()[signing].model, "123456789012")

    assert call is not None
    assert {key: call.parameters[key] for key in given} == given


def test_content_of_an_object_is_not_read() -> None:
    environ = wsgi_environ(model_of("s3", "PutObject"), {"Bucket": "b", "Key": "k", "Body": b"content"}, "s3")
    signature = read_signature(environ)
    assert signature is not None

    read_call(environ, signature, "s3", "123456789012")

    assert environ["wsgi.input"].tell() == 0


def test_presigned_address_says_who_signed_it() -> None:
    query = (
        "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=ASIA1%2F20261126%2Fus-east-1%2Fs3%2Faws4_request"
    )

    assert read_signature({"QUERY_STRING": query}) == Signature("ASIA1", "us-east-1", "s3")
    assert read_signature({"QUERY_STRING": "prefix=a"}) is None


def test_request_that_no_operation_takes_is_no_call() -> None:
    environ = wsgi_environ(model_of("sqs", "ListQueues"), {}, "sqs") | {
        "HTTP_X_AMZ_TARGET": "AmazonSQS.Nothing"
    }
    signature = read_signature(environ)
    assert signature is not None

    assert read_call(environ, signature, "sqs", "123456789012") is None


def to_mwaa(body: bytes, content_type: str = "", method: str = "PUT", query: str = "") -> dict[str, Any]:
    return {
        "REQUEST_METHOD": method,
        "PATH_INFO": "/environments/mine",
        "RAW_URI": f"/environments/mine?{query}",
        "QUERY_STRING": query,
        "CONTENT_TYPE": content_type,
        "CONTENT_LENGTH": str(len(body)),
        "HTTP_X_AMZ_TARGET": "Airflow.ListEnvironments",
        "wsgi.input": io.BytesIO(body),
    }


@pytest.mark.parametrize("kind", ["", "application/x-www-form-urlencoded", "application/x-amz-json-1.1"])
def test_call_of_mwaa_is_what_mwaa_takes_it_for_whatever_the_headers_say(kind: str) -> None:
    environ = to_mwaa(b'{"ExecutionRoleArn": "arn:role"}', kind, query="Action=ListEnvironments")

    call = read_call(environ, Signature("A", "us-east-1", "airflow"), "mwaa", "123456789012")

    assert call is not None
    assert call.operation == "CreateEnvironment"
    assert call.parameters == {"Name": "mine", "ExecutionRoleArn": "arn:role"}
    assert environ["wsgi.input"].read() == b'{"ExecutionRoleArn": "arn:role"}'


@pytest.mark.parametrize("body", [b"[]", b"{", b'{"NetworkConfiguration": true}', b'{"MaxWorkers": "1"}'])
def test_request_that_mwaa_cannot_read_is_no_call(body: bytes) -> None:
    signature = Signature("A", "us-east-1", "airflow")
    assert read_call(to_mwaa(body), signature, "mwaa", "123456789012") is None
    assert read_call(to_mwaa(b"", method="POST"), signature, "mwaa", "123456789012") is None
