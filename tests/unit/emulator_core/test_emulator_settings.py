"""Settings, exports and small pure parts of the emulator."""

import os
from pathlib import Path

import pytest

from mwaactl.emulator.atomic_file import write_atomically
from mwaactl.emulator.credentials import RoleCredentials
from mwaactl.emulator.request_scope import signed_service
from mwaactl.emulator.settings import BootstrapTarget, EmulatorSettings
from mwaactl.emulator.shell_environment import Export, Unset, apply_to, render_exports, shell_environment
from mwaactl.emulator.state_file import read_record

SIGNED = "AWS4-HMAC-SHA256 Credential=k/20261123/eu-west-1/airflow/aws4_request, X"


def settings_in(root: Path) -> EmulatorSettings:
    return EmulatorSettings.for_project(root, port=4601)


def test_settings_survive_json(tmp_path: Path) -> None:
    settings = settings_in(tmp_path).with_bootstrap(BootstrapTarget("1" * 12, "eu-west-1"))
    settings = settings.with_airflow("3.3.1", "3.0.6")

    assert EmulatorSettings.from_json(settings.to_json()) == settings


def test_a_running_emulator_serves_whatever_is_only_prepared_ahead(tmp_path: Path) -> None:
    running = settings_in(tmp_path).with_airflow("3.3.1")

    assert running.serves_as(settings_in(tmp_path).with_airflow("3.0.6"))
    assert not running.serves_as(EmulatorSettings.for_project(tmp_path, port=4602))


def test_own_account_is_bootstrapped_once(tmp_path: Path) -> None:
    own = BootstrapTarget("123456789012", "us-east-1")

    assert settings_in(tmp_path).with_bootstrap(own).bootstrap_targets == (own,)


def test_project_keeps_its_own_uv(tmp_path: Path) -> None:
    uv = tmp_path / ".tools" / "uv" / "bin" / "uv"
    uv.parent.mkdir(parents=True)
    uv.touch()

    assert settings_in(tmp_path).uv == str(uv.resolve())


def test_exports_point_at_the_emulator_and_forget_profiles(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    before = {"AWS_PROFILE": "prod", "AWS_SESSION_TOKEN": "t", "PATH": "/usr/bin", "HOME": "/home/me"}

    after = apply_to(before, shell_environment(settings, path="/usr/bin"))

    assert after["AWS_ENDPOINT_URL"] == "http://127.0.0.1:4601"
    assert after["AWS_DISABLE_HOST_PREFIX_INJECTION"] == "true"
    assert after["PATH"] == f"{settings.project_root}/.venv/bin{os.pathsep}/usr/bin"
    assert after["HOME"] == "/home/me"
    assert {"127.0.0.1", "localhost"} <= set(after["NO_PROXY"].split(","))
    bundles = ("REQUESTS_CA_BUNDLE", "AWS_CA_BUNDLE", "SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS")
    assert {after[name] for name in bundles} == {f"{settings.state_dir}/ca-bundle.pem"}
    assert not {"AWS_PROFILE", "AWS_SESSION_TOKEN"} & set(after)


def test_rendered_exports_quote_what_a_shell_would_take_apart() -> None:
    rendered = render_exports((Unset("AWS_PROFILE"), Export("PATH", "/a b:/c"), Export("AWS_PAGER", "")))

    assert rendered == "unset AWS_PROFILE\nexport PATH='/a b:/c'\nexport AWS_PAGER=''\n"


def test_token_opens_one_role_and_session_only(tmp_path: Path) -> None:
    credentials = RoleCredentials(settings_in(tmp_path))
    token = credentials.token_for("arn:role/a", "s")

    assert credentials.allows("arn:role/a", "s", token)
    assert not credentials.allows("arn:role/b", "s", token)
    assert not credentials.allows("arn:role/a", "t", token)
    assert not credentials.allows("arn:role/a", "s", "")


def test_tokens_survive_a_restart_and_a_torn_key_file(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    token = RoleCredentials(settings).token_for("r", "s")
    assert RoleCredentials(settings).allows("r", "s", token)

    (settings.state_dir / "credentials.key").write_bytes(b"half")

    fresh = RoleCredentials(settings)
    assert fresh.allows("r", "s", fresh.token_for("r", "s"))
    assert not fresh.allows("r", "s", token)


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"pid": 1}', '{"pid": 1, "started": 2, "settings": {"port": 1}}']
)
def test_torn_state_file_counts_as_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "emulator.json").write_text(text)

    assert read_record(tmp_path) is None


def test_failed_write_leaves_the_old_content(tmp_path: Path) -> None:
    path = tmp_path / "state"
    write_atomically(path, "old")

    with pytest.raises(UnicodeEncodeError):
        write_atomically(path, "\udcff")

    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("environ", "service"),
    [
        (
            {"HTTP_AUTHORIZATION": SIGNED},
            "airflow",
        ),
        ({"QUERY_STRING": "X-Amz-Credential=k%2F20261123%2Feu-west-1%2Fs3%2Faws4_request"}, "s3"),
        ({"QUERY_STRING": "a=b"}, None),
        ({}, None),
    ],
)
def test_service_is_read_from_the_signature(environ: dict[str, str], service: str | None) -> None:
    assert signed_service(environ) == service
