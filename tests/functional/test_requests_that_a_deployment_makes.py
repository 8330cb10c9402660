from __future__ import annotations

import os
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest
from moto import mock_aws

from tests.fakes.command_line import CONFIGURATION, CommandLine
from tests.fakes.desired_states import NAMES
from tests.fakes.s3_in_moto import S3InMoto, Sent

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FILES = {
    "mwaactl.toml": CONFIGURATION,
    "dags/tables.py": "TABLES = ()\n",
    "dags/flights.py": "import tables\nfrom airflow.sdk import DAG\nDAG('flights')\n",
    "dags/sql/daily.sql": "select 1;\n",
    "plugins/bench_macros/__init__.py": "NAME = 'macros'\n",
    "requirements/requirements.txt": "cowsay==6.1\n",
    "startup/startup.sh": "export GREETING=hello\n",
}
OLDER = 1_000_000_000.0


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[S3InMoto]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    for name in ("AWS_ENDPOINT_URL", "AWS_PROFILE", "MWAACTL_ENVIRONMENT"):
        monkeypatch.delenv(name, raising=False)
    with mock_aws():
        yield S3InMoto()


def checkout(folder: Path, aws: S3InMoto) -> CommandLine:
    command = CommandLine(folder, aws=aws)
    for name, content in FILES.items():
        command.write(name, content)
    return command


def deployed(aws: S3InMoto, mwaactl: CommandLine, *arguments: str) -> list[Sent]:
    aws.clock.sleep(60)
    aws.taken()
    result = mwaactl(*(arguments or ("deploy",)))
    assert result.code == 0, result.stderr
    return aws.taken()


def key_of(sent: Sent) -> str:
    # S3's own addresses name the bucket in the host.
    assert urlsplit(sent.url).netloc.startswith(f"{NAMES.source_bucket}.s3.")
    return urlsplit(sent.url).path.removeprefix("/")


def asked(sent: Sent) -> str:
    prefix = parse_qs(urlsplit(sent.url).query).get("prefix")
    return f"LIST {prefix[0]}" if prefix else f"{sent.method} {key_of(sent)}"


def puts(requests: list[Sent]) -> list[str]:
    return [key_of(each) for each in requests if each.method == "PUT"]


def test_a_fresh_checkout_of_the_same_content_writes_nothing(tmp_path: Path, aws: S3InMoto) -> None:
    deployed(aws, checkout(tmp_path / "first", aws))
    versions, updates = aws.versions(), list(aws.stacks.updates)
    fresh = checkout(tmp_path / "second", aws)
    for path in fresh.root.rglob("*"):
        os.utime(path, (OLDER, OLDER))

    requests = deployed(aws, fresh)

    assert {each.method for each in requests} == {"HEAD", "GET"}
    assert aws.versions() == versions
    assert len([key for key, _ in versions if key.startswith(("dags/", "artifacts/"))]) == 6
    assert aws.stacks.updates == updates
    assert aws.environments.given == []


def test_a_fresh_checkout_asks_nothing_about_single_objects(tmp_path: Path, aws: S3InMoto) -> None:
    deployed(aws, checkout(tmp_path / "first", aws))

    requests = deployed(aws, checkout(tmp_path / "second", aws))

    assert sorted(asked(each) for each in requests) == [
        "GET releases/current.json",
        "GET releases/lock.json",
        "HEAD ",
        "LIST artifacts/",
        "LIST dags/",
        "LIST releases/",
    ]


def test_an_edit_that_keeps_the_size_and_looks_older_is_uploaded(tmp_path: Path, aws: S3InMoto) -> None:
    mwaactl = checkout(tmp_path, aws)
    deployed(aws, mwaactl)
    mwaactl.write("dags/sql/daily.sql", "select 2;\n")
    os.utime(tmp_path / "dags" / "sql" / "daily.sql", (OLDER, OLDER))

    requests = deployed(aws, mwaactl)

    assert [key for key in puts(requests) if not key.startswith("releases/")] == ["dags/sql/daily.sql"]
    assert aws.stored.contents["dags/sql/daily.sql"] == b"select 2;\n"


def test_every_request_of_deployments_and_a_rollback_names_the_owner(tmp_path: Path, aws: S3InMoto) -> None:
    mwaactl = checkout(tmp_path, aws)
    requests = deployed(aws, mwaactl)
    mwaactl.write("dags/tables.py", "TABLES = ('flights',)\n")
    (tmp_path / "dags" / "sql" / "daily.sql").unlink()
    requests += deployed(aws, mwaactl, "deploy", "--allow-deletes")
    requests += deployed(aws, mwaactl, "rollback")

    assert {each.method for each in requests} == {"HEAD", "GET", "PUT", "DELETE"}
    assert {each.headers.get("x-amz-expected-bucket-owner") for each in requests} == {NAMES.account}


def test_every_write_is_checksummed_and_every_file_is_written_conditionally(
    tmp_path: Path, aws: S3InMoto
) -> None:
    mwaactl = checkout(tmp_path, aws)
    requests = deployed(aws, mwaactl)
    mwaactl.write("dags/tables.py", "TABLES = ('flights',)\n")
    requests += deployed(aws, mwaactl)

    written = [each for each in requests if each.method == "PUT"]
    assert all(each.headers.get("x-amz-checksum-sha256") for each in written)
    unconditional = [
        key_of(each) for each in written if not each.headers.keys() & {"if-match", "if-none-match"}
    ]
    assert all(key.startswith("releases/2") for key in unconditional)
