from __future__ import annotations

from typing import TYPE_CHECKING, Any

import boto3
import pytest
from moto import mock_aws

from mwaactl.aws.listing_answers import take_contents
from mwaactl.aws.s3 import SourceBucket

if TYPE_CHECKING:
    from collections.abc import Iterator

ODD = ["dags/ä b.py", "dags/a&b<c>.py", "dags/100%25.sql", "dags/a+b.sql", "dags/x'y\".py", "dags/\U0001f600"]
PAGE = (
    b'<?xml version="1.0"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>b</Name>'
    b"<Contents><Key>a</Key>%b<Size>1</Size></Contents><KeyCount>1</KeyCount></ListBucketResult>"
)


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with mock_aws():
        made = boto3.client("s3", region_name="us-east-1")
        made.create_bucket(Bucket="source")
        yield made


def test_keys_and_etags_are_those_that_botocore_reads(client: Any) -> None:
    for key in ODD:
        client.put_object(Bucket="source", Key=key, Body=key.encode())
    plain = client.list_objects_v2(Bucket="source", Prefix="dags/")

    listed = list(SourceBucket(client, "source", "123456789012").list("dags/"))
    page = client.list_objects_v2(Bucket="source", Prefix="dags/")

    assert [(each.key, each.etag) for each in listed] == [
        (each["Key"], each["ETag"]) for each in plain["Contents"]
    ]
    assert sorted(each.key for each in listed) == sorted(ODD)
    others = {"Contents", "ResponseMetadata"}
    assert {n: v for n, v in page.items() if n not in others} == {
        n: v for n, v in plain.items() if n not in others
    }


@pytest.mark.parametrize(
    ("operation", "status", "body"),
    [
        ("ListObjectsV2", 200, PAGE % b""),
        ("ListObjectsV2", 200, PAGE[:90]),
        ("ListObjectsV2", 200, b""),
        ("ListObjectsV2", 200, b"<Error><Code>SlowDown</Code></Error>"),
        ("ListObjectsV2", 503, PAGE % b"<ETag>e</ETag>"),
        ("ListObjects", 200, PAGE % b"<ETag>e</ETag>"),
    ],
)
def test_anything_else_is_left_as_it_stands(client: Any, operation: str, status: int, body: bytes) -> None:
    answer, added = {"status_code": status, "body": body}, dict[str, Any]()
    model = client.meta.service_model.operation_model(operation)

    take_contents(operation_model=model, response_dict=answer, customized_response_dict=added)

    assert (answer["body"], added) == (body, {})
