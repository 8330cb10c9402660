from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ProxyConnectionError
from botocore.utils import parse_timestamp

from mwaactl.aws.session import AwsSession, moment
from mwaactl.aws.sts import Identity
from mwaactl.errors import MwaactlError, ServiceError
from tests.fakes.wire.server import WireServer
from tests.fakes.wire.services import WireSts

if TYPE_CHECKING:
    from pathlib import Path

ROLE = "arn:aws:iam::123456789012:role/ci"


@pytest.fixture(autouse=True)
def no_credentials(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in (
        "AWS_ACCESS_KEY_ID",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_SESSION_TOKEN",
        "AWS_PROFILE",
        "AWS_ENDPOINT_URL",
    ):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))


def test_an_own_endpoint_needs_no_credentials() -> None:
    variables = AwsSession("us-east-1", "http://127.0.0.1:4577").process_environment()

    assert variables["AWS_ENDPOINT_URL"] == "http://127.0.0.1:4577"
    assert variables["AWS_ACCESS_KEY_ID"] == "anonymous"


def test_the_callers_credentials_are_left_to_the_child(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIA")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")

    variables = AwsSession("us-east-1", "http://127.0.0.1:4577").process_environment()

    assert "AWS_ACCESS_KEY_ID" not in variables


def test_aws_itself_is_told_the_region_only() -> None:
    assert dict(AwsSession("eu-west-1").process_environment()) == {
        "AWS_REGION": "eu-west-1",
        "AWS_DEFAULT_REGION": "eu-west-1",
    }


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_no_proxy_is_asked_for_what_answers_on_this_machine(
    monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    server = WireServer({"sts": WireSts("123456789012")}, partial(datetime.now, UTC))

    client = AwsSession("us-east-1", server.url.replace("127.0.0.1", host)).client("sts")

    assert client.get_caller_identity()["Account"] == "123456789012"
    server.close()


@pytest.mark.parametrize("name", ["AWS_ACCESS_KEY_ID", "AWS_SESSION_TOKEN"])
def test_credentials_with_a_line_break_are_not_taken_for_a_failure_of_the_network(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    given = {"AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_SESSION_TOKEN": "token"}
    for each, value in given.items():
        monkeypatch.setenv(each, f"{value}\n" if each == name else value)
    server = WireServer({"sts": WireSts("123456789012")}, partial(datetime.now, UTC))
    identity = Identity(AwsSession("us-east-1", server.url).client("sts"))

    with pytest.raises(ServiceError, match="the credentials hold a line break") as caught:
        identity.caller()

    assert "AWS_SESSION_TOKEN" in (caught.value.hint or "")
    assert type(caught.value) is ServiceError
    server.close()


def test_a_proxy_is_asked_for_an_endpoint_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    client = AwsSession("us-east-1", "http://aws.example:4577", read_timeout=1).client("sts")

    with pytest.raises(ProxyConnectionError):
        client.get_caller_identity()


@pytest.mark.parametrize(
    ("present", "kept"),
    [
        ("packages.example, localhost", "packages.example,localhost,127.0.0.1,::1"),
        ("", "127.0.0.1,localhost,::1"),
        ("*", "*"),
    ],
)
def test_a_child_asks_no_proxy_either_and_keeps_what_else_it_asks_none_for(present: str, kept: str) -> None:
    session = AwsSession("us-east-1", "http://127.0.0.1:4577")

    told = session.process_environment({"NO_PROXY": present})

    assert told["NO_PROXY"] == told["no_proxy"] == kept
    assert "NO_PROXY" not in AwsSession("us-east-1", "http://aws.example:4577").process_environment()


def test_a_client_talks_to_the_configured_endpoint_without_host_prefixes() -> None:
    client = AwsSession("us-east-1", "http://127.0.0.1:4577").client("mwaa")

    assert client.meta.endpoint_url == "http://127.0.0.1:4577"
    assert client.meta.config.inject_host_prefix is False


@pytest.mark.parametrize("endpoint", [None, "http://127.0.0.1:4577"])
@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        ("AWS_PROFILE", "nope", "profile (nope) could not be found"),
        ("AWS_CONFIG_FILE", __file__, "Unable to parse config file"),
        ("AWS_ACCESS_KEY_ID", "AKIA", "Partial credentials"),
    ],
)
def test_a_configuration_that_cannot_be_used_says_so(
    monkeypatch: pytest.MonkeyPatch, endpoint: str | None, variable: str, value: str, said: str
) -> None:
    monkeypatch.setenv(variable, value)

    with pytest.raises(MwaactlError, match="the AWS configuration cannot be used") as refused:
        AwsSession("us-east-1", endpoint).client("s3")

    assert said in refused.value.message
    assert refused.value.code == "aws.configuration"


@pytest.mark.parametrize(
    ("setting", "missing"),
    [
        ("credential_process = /nowhere/sign-in", "/nowhere/sign-in"),
        (f"role_arn = {ROLE}\nweb_identity_token_file = /nowhere/token", "/nowhere/token"),
    ],
)
def test_what_credentials_come_from_and_is_not_there_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, setting: str, missing: str
) -> None:
    (tmp_path / "config").write_text(f"[profile ci]\n{setting}\n", encoding="utf-8")
    monkeypatch.setenv("AWS_PROFILE", "ci")

    with pytest.raises(MwaactlError, match="the AWS configuration cannot be used") as refused:
        Identity(AwsSession("us-east-1", "http://127.0.0.1:1").client("sts")).caller()

    assert missing in refused.value.message
    assert refused.value.code == "aws.configuration"


def test_an_endpoint_variable_that_is_no_address_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "localhost")

    with pytest.raises(MwaactlError, match="Invalid endpoint: localhost"):
        AwsSession("us-east-1").client("s3")


@pytest.mark.parametrize(
    "told",
    [
        "2026-11-23T08:00:00.000Z",
        "2026-11-23T08:00:00Z",
        "Mon, 23 Nov 2026 08:00:00 GMT",
        1795420800,
        "1795420800.5",
    ],
)
def test_moments_are_read_as_botocore_reads_them(told: Any) -> None:
    assert moment(told) == parse_timestamp(told)
    assert moment(told).tzinfo is not None


def test_requests_name_the_program_that_makes_them() -> None:
    agent = AwsSession("us-east-1").client("s3").meta.config.user_agent

    assert agent.startswith("Botocore/")
    assert agent.count("Botocore/") == 1
    assert agent.endswith(" mwaactl")
