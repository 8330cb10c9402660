"""Which requests may change something."""

from typing import Any

import pytest

from mwaactl.emulator.state.changing_requests import may_change, may_take_long


def request(method: str, path: str = "/", target: str = "", service: str = "s3") -> dict[str, Any]:
    scope = f"AWS4-HMAC-SHA256 Credential=k/20261123/us-east-1/{service}/aws4_request, SignedHeaders=host"
    return {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "HTTP_X_AMZ_TARGET": target,
        "HTTP_AUTHORIZATION": scope,
    }


@pytest.mark.parametrize(
    ("environ", "body", "expected"),
    [
        (request("GET", "/bucket/key"), b"", False),
        (request("HEAD", "/bucket/key"), b"", False),
        (request("PUT", "/bucket/key"), b"", True),
        (request("POST", target="DynamoDB_20120810.GetItem"), b"", False),
        (request("POST", target="DynamoDB_20120810.PutItem"), b"", True),
        (request("POST"), b"Action=DescribeVpcs&Version=2016-11-15", False),
        (request("POST"), b"Version=2011-06-15&Action=AssumeRole", True),
        (request("POST", target="AmazonSQS.ReceiveMessage"), b"", True),
        (request("POST"), b"", True),
    ],
)
def test_reads_change_nothing_and_everything_else_may(
    environ: dict[str, Any], body: bytes, *, expected: bool
) -> None:
    assert may_change(environ, body) is expected


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        (request("POST", service="sqs", target="AmazonSQS.ReceiveMessage"), True),
        (request("POST", "/2015-03-31/functions/f/invocations", service="lambda"), True),
        (request("POST", "/2015-03-31/functions", service="lambda"), False),
        (request("POST", service="states", target="AWSStepFunctions.StartSyncExecution"), True),
        (request("PUT", "/bucket/key"), False),
    ],
)
def test_what_waits_for_others_does_not_hold_up_a_snapshot(
    environ: dict[str, Any], *, expected: bool
) -> None:
    assert may_take_long(environ) is expected
