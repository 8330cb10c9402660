"""S3 to the last version: ids, ETags, times, markers, tags and bodies are what they were."""

from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from tests.fakes.moto_account import MotoAccount

BUCKET = "releases"
KEYS = ("dags/a.py", "plugins.zip", "ä ö.txt")


@dataclass(frozen=True, slots=True)
class Put:
    key: str
    body: bytes
    tag: str | None

    def do(self, s3: Any) -> None:
        extra = {"Tagging": f"k={self.tag}"} if self.tag else {}
        meta = {"sha": str(len(self.body))}
        s3.put_object(Bucket=BUCKET, Key=self.key, Body=self.body, Metadata=meta, **extra)


@dataclass(frozen=True, slots=True)
class Delete:
    key: str

    def do(self, s3: Any) -> None:
        s3.delete_object(Bucket=BUCKET, Key=self.key)


@dataclass(frozen=True, slots=True)
class DeleteOldest:
    key: str

    def do(self, s3: Any) -> None:
        found = s3.list_object_versions(Bucket=BUCKET, Prefix=self.key).get("Versions", [])
        if found:
            s3.delete_object(Bucket=BUCKET, Key=self.key, VersionId=found[-1]["VersionId"])


@dataclass(frozen=True, slots=True)
class Restart:
    """Between two operations: what was read back must take further writes."""


keys = some.sampled_from(KEYS)
tags = some.none() | some.sampled_from(["x", "y"])
operations = some.one_of(
    some.builds(Put, keys, some.binary(max_size=40), tags),
    some.builds(Delete, keys),
    some.builds(DeleteOldest, keys),
    some.builds(Restart),
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=some.lists(operations, max_size=8))
def test_every_history_survives(account: MotoAccount, history: list[Any]) -> None:
    account.forget()
    s3 = account.client("s3")
    s3.create_bucket(Bucket=BUCKET)
    s3.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
    for operation in history:
        account.restart() if isinstance(operation, Restart) else operation.do(s3)
    before = everything(s3)

    account.restart()

    assert everything(s3) == before


def everything(s3: Any) -> list[Any]:
    listed = s3.list_object_versions(Bucket=BUCKET)
    found = [plain(listed)]
    for version in listed.get("Versions", []):
        which = {"Bucket": BUCKET, "Key": version["Key"], "VersionId": version["VersionId"]}
        got = s3.get_object(**which)
        found += [got.pop("Body").read(), plain(got), plain(s3.get_object_tagging(**which))]
    return found


def plain(answer: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in answer.items() if key != "ResponseMetadata"}


def test_settings_of_a_bucket_survive(account: MotoAccount) -> None:
    s3 = account.client("s3")
    s3.create_bucket(Bucket=BUCKET)
    rule = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": "k"}}
    s3.put_bucket_encryption(Bucket=BUCKET, ServerSideEncryptionConfiguration={"Rules": [rule]})
    s3.put_bucket_tagging(Bucket=BUCKET, Tagging={"TagSet": [{"Key": "team", "Value": "data"}]})
    s3.put_public_access_block(Bucket=BUCKET, PublicAccessBlockConfiguration={"BlockPublicAcls": True})
    asked = ("list_buckets", "get_bucket_encryption", "get_bucket_tagging", "get_public_access_block")

    def ask() -> list[Any]:
        return [plain(getattr(s3, name)(**({} if "list" in name else {"Bucket": BUCKET}))) for name in asked]

    before = ask()
    account.restart()

    assert ask() == before


def test_upload_in_parts_goes_on_after_a_restart(account: MotoAccount) -> None:
    s3 = account.client("s3")
    s3.create_bucket(Bucket=BUCKET)
    first, second = b"a" * 5 * 1024 * 1024, b"b"
    upload = s3.create_multipart_upload(Bucket=BUCKET, Key="big")["UploadId"]
    which = {"Bucket": BUCKET, "Key": "big", "UploadId": upload}
    etags = [s3.upload_part(**which, PartNumber=1, Body=first)["ETag"]]

    account.restart()
    etags.append(s3.upload_part(**which, PartNumber=2, Body=second)["ETag"])
    parts = [{"PartNumber": number, "ETag": etag} for number, etag in enumerate(etags, 1)]
    s3.complete_multipart_upload(**which, MultipartUpload={"Parts": parts})
    account.restart()

    assert s3.get_object(Bucket=BUCKET, Key="big")["Body"].read() == first + second


def test_bodies_are_written_once_and_removed_with_their_last_version(account: MotoAccount) -> None:
    s3 = account.client("s3")
    s3.create_bucket(Bucket=BUCKET)
    s3.put_object(Bucket=BUCKET, Key="a", Body=b"same")
    s3.put_object(Bucket=BUCKET, Key="b", Body=b"same")
    account.restart()
    assert len(bodies(account)) == 1

    s3.delete_object(Bucket=BUCKET, Key="a")
    account.restart()
    assert len(bodies(account)) == 1
    s3.delete_object(Bucket=BUCKET, Key="b")
    account.restart()
    assert bodies(account) == []


def bodies(account: MotoAccount) -> list[str]:
    return sorted(
        path.name for path in (account.state_dir / "state" / "objects").rglob("*") if path.is_file()
    )


@pytest.mark.parametrize("size", [0, 1, 1024 * 1024, 3 * 1024 * 1024])
def test_ranges_of_a_kept_body_are_read(account: MotoAccount, size: int) -> None:
    s3 = account.client("s3")
    s3.create_bucket(Bucket=BUCKET)
    body = bytes(range(256)) * (size // 256) + b"x" * (size % 256)
    s3.put_object(Bucket=BUCKET, Key="k", Body=body)
    account.checkpoints().save()

    assert s3.get_object(Bucket=BUCKET, Key="k")["Body"].read() == body
    account.restart()
    assert s3.get_object(Bucket=BUCKET, Key="k")["Body"].read() == body
    if size > 1:
        part = s3.get_object(Bucket=BUCKET, Key="k", Range="bytes=100-299")["Body"].read()
        assert part == body[100:300]
