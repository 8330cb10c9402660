"""The kit's S3 answers as the emulator's does, to the same requests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from typed_assets.services import Services
from typed_assets.state import StateConflictError, state
from typed_assets.testing import MemoryS3

if TYPE_CHECKING:
    from collections.abc import Iterator

BUCKET = "data"


@pytest.fixture(params=["memory", "moto"])
def s3(request: pytest.FixtureRequest) -> Iterator[Any]:
    if request.param == "memory":
        yield MemoryS3()
        return
    with mock_aws():
        create: Any = boto3.session.Session("test", "test", region_name="us-east-1").client
        client = create("s3")
        client.create_bucket(Bucket=BUCKET)
        yield client


def code(call: Any, **words: Any) -> tuple[str, int]:
    with pytest.raises(ClientError) as caught:
        call(Bucket=BUCKET, **words)
    answer: Any = caught.value.response
    return answer["Error"]["Code"], answer["ResponseMetadata"]["HTTPStatusCode"]


def test_objects_are_read_as_they_were_put(s3: Any) -> None:
    put = s3.put_object(Bucket=BUCKET, Key="a/b", Body=b"one\ntwo", Metadata={"rows": "2"})
    got = s3.get_object(Bucket=BUCKET, Key="a/b", IfMatch=put["ETag"])
    assert (list(got["Body"].iter_lines()), got["Metadata"], got["ContentLength"]) == (
        [b"one", b"two"],
        {"rows": "2"},
        7,
    )
    assert s3.head_object(Bucket=BUCKET, Key="a/b")["ETag"] == put["ETag"] == got["ETag"]


def test_what_is_not_there_has_the_codes_of_s3(s3: Any) -> None:
    assert code(s3.get_object, Key="a") == ("NoSuchKey", 404)
    assert code(s3.head_object, Key="a") == ("404", 404)
    assert code(s3.copy_object, Key="b", CopySource={"Bucket": BUCKET, "Key": "a"}) == ("NoSuchKey", 404)


def test_conditional_writes_are_refused_as_by_s3(s3: Any) -> None:
    first = s3.put_object(Bucket=BUCKET, Key="a", Body=b"1", IfNoneMatch="*")["ETag"]
    assert code(s3.put_object, Key="a", Body=b"2", IfNoneMatch="*") == ("PreconditionFailed", 412)
    second = s3.put_object(Bucket=BUCKET, Key="a", Body=b"2", IfMatch=first)["ETag"]
    assert code(s3.put_object, Key="a", Body=b"3", IfMatch=first) == ("PreconditionFailed", 412)
    assert code(s3.put_object, Key="missing", Body=b"3", IfMatch=first)[1] == 404
    assert code(s3.get_object, Key="a", IfMatch=first) == ("PreconditionFailed", 412)
    assert second != first


def test_listings_have_keys_in_order_and_folders(s3: Any) -> None:
    for key in ("b/2", "a", "b/1", "c/d/e"):
        s3.put_object(Bucket=BUCKET, Key=key, Body=key.encode())
    (page,) = s3.get_paginator("list_objects_v2").paginate(Bucket=BUCKET, Prefix="b/")
    assert [(each["Key"], each["Size"]) for each in page["Contents"]] == [("b/1", 3), ("b/2", 3)]
    top = s3.list_objects_v2(Bucket=BUCKET, Delimiter="/")
    assert [each["Key"] for each in top["Contents"]] == ["a"]
    assert [each["Prefix"] for each in top["CommonPrefixes"]] == ["b/", "c/"]
    s3.copy_object(Bucket=BUCKET, Key="z", CopySource={"Bucket": BUCKET, "Key": "a"})
    s3.delete_objects(Bucket=BUCKET, Delete={"Objects": [{"Key": "a"}, {"Key": "never"}]})
    s3.delete_object(Bucket=BUCKET, Key="b/1")
    left = s3.list_objects_v2(Bucket=BUCKET, StartAfter="b/2")
    assert [each["Key"] for each in left["Contents"]] == ["c/d/e", "z"]
    assert "Contents" not in s3.list_objects_v2(Bucket=BUCKET, Prefix="nothing/")


def test_a_body_of_another_length_than_it_says_is_refused() -> None:
    # boto3 itself waits for the rest of such a body, so that there is nothing to compare with.
    assert code(MemoryS3().put_object, Key="a", Body=b"12", ContentLength=3) == ("IncompleteBody", 400)


def test_state_is_kept_in_it(s3: Any) -> None:
    services = Services(client={"s3": s3}.__getitem__, options={"data_bucket": BUCKET})
    mark = state("raw.orders", services=services)
    mark.compare_and_set(mark.compare_and_set(None, 1), 2)
    with pytest.raises(StateConflictError):
        mark.compare_and_set(None, 3)
