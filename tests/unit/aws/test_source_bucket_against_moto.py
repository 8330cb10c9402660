from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from moto import mock_aws

from mwaactl.aws.s3 import SourceBucket
from mwaactl.aws.session import AwsSession
from mwaactl.errors import Conflict
from tests.fakes.desired_states import sha

if TYPE_CHECKING:
    from collections.abc import Iterator

    from botocore.awsrequest import AWSPreparedRequest

ACCOUNT = "123456789012"


class RawBody(io.BytesIO):
    """A body as urllib3 gives it."""

    def stream(self, **_: object) -> Iterator[bytes]:
        yield self.read()


@pytest.fixture
def sent() -> list[dict[str, Any]]:
    return []


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch, sent: list[dict[str, Any]]) -> Iterator[SourceBucket]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with mock_aws():
        client = boto3.client("s3", region_name="us-east-1")
        client.create_bucket(Bucket="source")
        client.put_bucket_versioning(Bucket="source", VersioningConfiguration={"Status": "Enabled"})
        client.meta.events.register(
            "provide-client-params.s3.*", lambda params, **_: sent.append(dict(params))
        )
        yield SourceBucket(client, "source", ACCOUNT)


def test_what_is_put_is_described_with_version_and_digest(bucket: SourceBucket) -> None:
    stored = bucket.put("dags/a.py", b"dag")

    described = bucket.describe("dags/a.py")

    assert described == stored
    assert stored.sha256 == sha("dag")
    assert stored.version_id


def test_a_second_put_gives_another_version(bucket: SourceBucket) -> None:
    first, second = bucket.put("dags/a.py", b"dag"), bucket.put("dags/a.py", b"dag")

    assert first.version_id != second.version_id


def test_listing_gives_keys_in_order_and_those_after_a_key(bucket: SourceBucket) -> None:
    for key in ("releases/2.json", "releases/1.json", "dags/a.py"):
        bucket.put(key, b"x")

    assert [each.key for each in bucket.list("releases/")] == ["releases/1.json", "releases/2.json"]
    assert [each.key for each in bucket.list("releases/", after="releases/1.json")] == ["releases/2.json"]


@pytest.mark.parametrize(
    ("storage", "archived"),
    [("STANDARD", False), ("GLACIER_IR", False), ("GLACIER", True), ("DEEP_ARCHIVE", True)],
)
def test_what_lies_in_an_archive_says_so_until_it_is_brought_back(
    bucket: SourceBucket, storage: Any, *, archived: bool
) -> None:
    bucket.client.put_object(Bucket="source", Key="dags/a.py", Body=b"dag", StorageClass=storage)

    described = bucket.describe("dags/a.py")

    assert described is not None
    assert [each.archived for each in bucket.list("dags/")] == [described.archived] == [archived]
    if archived:
        bucket.client.restore_object(Bucket="source", Key="dags/a.py", RestoreRequest={"Days": 1})
        brought_back = bucket.describe("dags/a.py")
        assert brought_back is not None
        assert not brought_back.archived


def test_folders_of_the_console_and_empty_objects_are_objects(bucket: SourceBucket) -> None:
    keys = ("dags/", "dags/a", "dags/a/", "dags/a/b", "dags/empty.py")
    for key in keys:
        bucket.client.put_object(Bucket="source", Key=key, Body=b"")

    assert tuple(each.key for each in bucket.list("dags/")) == keys
    found = bucket.read("dags/empty.py")
    assert found is not None
    assert found.content == b""


def test_what_is_not_there_is_none(bucket: SourceBucket) -> None:
    assert bucket.describe("dags/a.py") is None
    assert bucket.read("dags/a.py") is None


def test_a_deleted_object_is_gone(bucket: SourceBucket) -> None:
    bucket.put("dags/a.py", b"dag")

    bucket.delete("dags/a.py")

    assert list(bucket.list("dags/")) == []


def test_only_the_first_of_two_creations_succeeds(bucket: SourceBucket) -> None:
    bucket.put_if("releases/current.json", b"1", None)

    with pytest.raises(Conflict):
        bucket.put_if("releases/current.json", b"2", None)

    found = bucket.read("releases/current.json")
    assert found is not None
    assert found.content == b"1"


def test_a_write_over_what_was_read_succeeds_once(bucket: SourceBucket) -> None:
    first = bucket.put("releases/current.json", b"1")

    bucket.put_if("releases/current.json", b"2", first.etag)

    with pytest.raises(Conflict):
        bucket.put_if("releases/current.json", b"3", first.etag)


def test_a_bucket_that_is_not_there_does_not_exist(bucket: SourceBucket) -> None:
    assert bucket.exists()
    assert not SourceBucket(bucket.client, "absent", ACCOUNT).exists()


def test_every_request_names_the_owner(bucket: SourceBucket, sent: list[dict[str, Any]]) -> None:
    bucket.exists()
    stored = bucket.put("dags/a.py", b"dag")
    bucket.put_if("dags/b.py", b"dag", None)
    bucket.describe(stored.key)
    bucket.read(stored.key)
    list(bucket.list("dags/"))
    bucket.delete(stored.key)

    assert len(sent) == 7
    assert all(each["ExpectedBucketOwner"] == ACCOUNT for each in sent)


def test_a_body_is_sent_without_asking_for_leave_first(bucket: SourceBucket) -> None:
    headers: list[dict[str, str]] = []

    def note(request: AWSPreparedRequest, **_: object) -> None:
        headers.append(dict(request.headers))

    bucket.client.meta.events.register_last("before-send.s3.PutObject", note)

    bucket.put("dags/a.py", b"dag")

    assert len(headers) == 1
    assert "Expect" not in headers[0]
    assert headers[0]["x-amz-checksum-sha256"]


def test_answers_that_ask_for_fewer_requests_are_counted_although_botocore_repeats_them() -> None:
    statuses = [503, 503, 200]

    def answer(request: AWSPreparedRequest, **_: object) -> AWSResponse:
        status = statuses.pop(0)
        body = b"<Error><Code>SlowDown</Code></Error>" if status == 503 else b""
        headers = HTTPHeaders.from_dict({"ETag": '"1"', "x-amz-request-id": "r-1"})
        return AWSResponse(request.url, status, headers, RawBody(body))

    client = AwsSession("us-east-1", "http://127.0.0.1:1").client("s3")
    client.meta.events.register("before-send.s3", answer)
    slowed = SourceBucket(client, "source", ACCOUNT)

    slowed.put("dags/a.py", b"dag")

    assert statuses == []
    assert slowed.throttled() == 2
