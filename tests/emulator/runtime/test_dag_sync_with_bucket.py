"""DAG sync against an S3 that answers as AWS does (moto, in process)."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import boto3
import pytest
from moto import mock_aws

from mwaactl.emulator.runtime.dag_sync import DagSync

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

BUCKET = "source"


@pytest.fixture
def s3(monkeypatch: pytest.MonkeyPatch) -> Iterator["S3Client"]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    for name in ("AWS_ENDPOINT_URL", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    with mock_aws():
        client = boto3.client("s3", region_name="us-east-1")
        client.create_bucket(Bucket=BUCKET)
        yield client


def put(s3: "S3Client", key: str, content: str = "x = 1\n") -> None:
    s3.put_object(Bucket=BUCKET, Key=key, Body=content.encode())


def tree(folder: Path) -> dict[str, str]:
    return {str(p.relative_to(folder)): p.read_text() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_folder_mirrors_the_prefix_with_its_hierarchy(s3: "S3Client", tmp_path: Path) -> None:
    put(s3, "dags/a.py", "a\n")
    put(s3, "dags/sql/b.sql", "select 1\n")
    put(s3, "artifacts/requirements.txt")
    assert DagSync(s3, BUCKET, "dags", tmp_path / "dags").sync()
    assert tree(tmp_path / "dags") == {"a.py": "a\n", "sql/b.sql": "select 1\n"}
    assert [path.name for path in tmp_path.iterdir()] == ["dags"]


def test_second_sync_of_an_unchanged_bucket_does_nothing(s3: "S3Client", tmp_path: Path) -> None:
    put(s3, "dags/a.py")
    sync = DagSync(s3, BUCKET, "dags", tmp_path / "dags")
    assert sync.sync()
    before = (tmp_path / "dags/a.py").stat().st_ino
    assert not sync.sync()
    assert (tmp_path / "dags/a.py").stat().st_ino == before


def test_changed_file_is_replaced_and_deleted_one_disappears(s3: "S3Client", tmp_path: Path) -> None:
    put(s3, "dags/a.py", "old\n")
    put(s3, "dags/sql/b.sql")
    sync = DagSync(s3, BUCKET, "dags", tmp_path / "dags")
    sync.sync()
    put(s3, "dags/a.py", "new\n")
    s3.delete_object(Bucket=BUCKET, Key="dags/sql/b.sql")
    assert sync.sync()
    assert tree(tmp_path / "dags") == {"a.py": "new\n"}
    assert not (tmp_path / "dags/sql").exists()


def test_file_that_was_changed_or_lost_on_disk_comes_back(s3: "S3Client", tmp_path: Path) -> None:
    put(s3, "dags/a.py", "a\n")
    sync = DagSync(s3, BUCKET, "dags", tmp_path / "dags")
    sync.sync()
    (tmp_path / "dags/a.py").unlink()
    (tmp_path / "dags/stray.py").write_text("not from the bucket")
    sync.sync()
    assert tree(tmp_path / "dags") == {"a.py": "a\n"}


def test_key_that_leads_out_of_the_folder_is_passed_over(s3: "S3Client", tmp_path: Path) -> None:
    put(s3, "dags/../../evil.py")
    put(s3, "dags//double.py")
    put(s3, "dags/./dot.py")
    put(s3, "dags/good.py", "good\n")
    DagSync(s3, BUCKET, "dags", tmp_path / "deep" / "dags").sync()
    assert tree(tmp_path) == {"deep/dags/good.py": "good\n"}


def test_file_may_become_a_folder_and_a_folder_a_file(s3: "S3Client", tmp_path: Path) -> None:
    put(s3, "dags/first", "file\n")
    put(s3, "dags/second/inner.py", "inner\n")
    sync = DagSync(s3, BUCKET, "dags", tmp_path / "dags")
    sync.sync()
    s3.delete_object(Bucket=BUCKET, Key="dags/first")
    s3.delete_object(Bucket=BUCKET, Key="dags/second/inner.py")
    put(s3, "dags/first/inner.py", "now a folder\n")
    put(s3, "dags/second", "now a file\n")
    sync.sync()
    assert tree(tmp_path / "dags") == {"first/inner.py": "now a folder\n", "second": "now a file\n"}


def test_what_has_no_place_or_cannot_be_read_keeps_nothing_else_back(s3: "S3Client", tmp_path: Path) -> None:
    for key in ("dags/a", "dags/a/b.py", "dags/c/", "dags/z.py"):
        put(s3, key)
    s3.put_object(Bucket=BUCKET, Key="dags/archived.py", Body=b"", StorageClass="GLACIER")
    sync = DagSync(s3, BUCKET, "dags", tmp_path / "dags")

    sync.sync()
    put(s3, "dags/z.py", "z = 2\n")
    sync.sync()

    assert tree(tmp_path / "dags") == {"a/b.py": "x = 1\n", "z.py": "z = 2\n"}
    assert not sync.sync()


def test_whole_bucket_is_mirrored_for_an_empty_path(s3: "S3Client", tmp_path: Path) -> None:
    put(s3, "a.py", "a\n")
    DagSync(s3, BUCKET, "", tmp_path / "dags").sync()
    assert tree(tmp_path / "dags") == {"a.py": "a\n"}


def test_thread_takes_up_a_new_file_and_ends(s3: "S3Client", tmp_path: Path) -> None:
    sync = DagSync(s3, BUCKET, "dags", tmp_path / "dags")
    sync.start(interval=0.05)
    put(s3, "dags/late.py", "late\n")
    for _ in range(200):
        if (tmp_path / "dags/late.py").exists():
            break
        sync._stop.wait(0.05)
    sync.stop()
    assert tree(tmp_path / "dags") == {"late.py": "late\n"}


def test_time_of_the_last_sync_and_the_reason_of_a_failure_are_known(s3: "S3Client", tmp_path: Path) -> None:
    put(s3, "dags/a.py")
    sync = DagSync(s3, BUCKET, "dags", tmp_path / "dags")
    assert (sync.synced_at, sync.error) == (None, None)
    before = datetime.now(tz=UTC)
    sync.sync()
    first = sync.synced_at
    assert first is not None
    assert before <= first <= datetime.now(tz=UTC)

    s3.delete_object(Bucket=BUCKET, Key="dags/a.py")
    s3.delete_bucket(Bucket=BUCKET)
    sync.start(interval=0.05)
    for _ in range(200):
        if sync.error:
            break
        sync._stop.wait(0.05)
    assert "NoSuchBucket" in str(sync.error)
    assert sync.synced_at == first

    s3.create_bucket(Bucket=BUCKET)
    for _ in range(200):
        if sync.error is None:
            break
        sync._stop.wait(0.05)
    sync.stop()
    assert sync.error is None
    assert sync.synced_at is not None
    assert sync.synced_at > first
