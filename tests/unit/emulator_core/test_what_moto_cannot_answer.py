"""What becomes of requests that moto falls over: an error of AWS's form that says what is wrong."""

import pytest
from werkzeug.test import Client

from mwaactl.emulator.moto_gateway import MotoGateway

SIGNED = "AWS4-HMAC-SHA256 Credential=AKIA/20261127/us-east-1/{}/aws4_request, Signature=x"


def post(service: str, target: str | None, body: bytes) -> tuple[int, str, str]:
    """Return status, error code and message."""
    headers = {
        "Authorization": SIGNED.format(service),
        "Host": f"{service}.us-east-1.amazonaws.com",
        "Content-Type": "application/x-amz-json-1.1" if target else "application/x-www-form-urlencoded",
        **({"X-Amz-Target": target} if target else {}),
    }
    answer = Client(MotoGateway()).post("/", data=body, headers=headers)
    code = answer.headers.get("x-amzn-ErrorType", "")
    return answer.status_code, code, answer.get_data(as_text=True)


@pytest.mark.parametrize("body", [b"{", b"\xff\xfe", b"not json"])
def test_body_that_is_no_json_is_the_clients_fault(body: bytes) -> None:
    status, code, text = post("logs", "Logs_20140328.DescribeLogGroups", body)
    assert (status, code) == (400, "SerializationException")
    assert "is not JSON" in text


@pytest.mark.parametrize("body", [b"[1]", b"5", b"null", b'"x"'])
def test_json_that_is_no_object_is_the_clients_fault(body: bytes) -> None:
    status, code, text = post("secretsmanager", "secretsmanager.GetSecretValue", body)
    assert (status, code) == (400, "SerializationException")
    assert "is not a JSON object" in text


def test_body_that_is_an_object_reaches_moto() -> None:
    status, _, text = post("logs", "Logs_20140328.DescribeLogGroups", b"{}")
    assert (status, "logGroups" in text) == (200, True)


def test_what_moto_falls_over_is_an_error_that_names_service_and_cause() -> None:
    status, code, text = post("kms", "TrentService.Encrypt", b"{}")
    assert (status, code) == (500, "InternalFailure")
    assert "kms failed in the emulator: " in text
    assert "<html" not in text
