"""What S3 tells of an object, to whom, and which rules it does not take together."""

import json
from typing import Any

import pytest
from moto.s3.models import Notification

from mwaactl.emulator.storage.event_records import ObjectEvent, Rule, ambiguous, message_of, message_of_test

QUEUE = "arn:aws:sqs:eu-west-1:123456789012:q"
PUT, COPY, CREATED = "s3:ObjectCreated:Put", "s3:ObjectCreated:Copy", "s3:ObjectCreated:*"
DELETED = "s3:ObjectRemoved:Delete"


def rule(*events: str, prefix: str = "", suffix: str = "") -> Rule:
    return Rule("r", QUEUE, events, prefix, suffix)


def event(**members: Any) -> ObjectEvent:
    given: dict[str, Any] = {
        "name": PUT,
        "bucket": "b",
        "region": "eu-west-1",
        "account": "123456789012",
        "key": "in/a b+ü.csv",
        "version": "v1",
        "size": 3,
        "etag": "e",
        "request_id": "R",
        "moment": 1_700_000_000_123_000_000,
    }
    return ObjectEvent(**given | members)


def test_record_has_the_members_that_aws_documents() -> None:
    (record,) = json.loads(message_of(event(), rule(PUT)))["Records"]

    assert record == {
        "eventVersion": "2.1",
        "eventSource": "aws:s3",
        "awsRegion": "eu-west-1",
        "eventTime": "2023-11-14T22:13:20.123Z",
        "eventName": "ObjectCreated:Put",
        "userIdentity": {"principalId": "AWS:123456789012"},
        "requestParameters": {"sourceIPAddress": "127.0.0.1"},
        "responseElements": {"x-amz-request-id": "R", "x-amz-id-2": "R"},
        "s3": {
            "s3SchemaVersion": "1.0",
            "configurationId": "r",
            "bucket": {
                "name": "b",
                "ownerIdentity": {"principalId": "123456789012"},
                "arn": "arn:aws:s3:::b",
            },
            "object": {
                "key": "in/a+b%2B%C3%BC.csv",
                "size": 3,
                "eTag": "e",
                "versionId": "v1",
                "sequencer": f"{1_700_000_000_123_000_000:016X}",
            },
        },
    }


def test_record_of_an_object_that_is_gone_has_no_size() -> None:
    gone = event(name=DELETED, version=None, size=None, etag=None)

    (record,) = json.loads(message_of(gone, rule(DELETED)))["Records"]

    assert record["s3"]["object"].keys() == {"key", "sequencer"}


def test_message_of_a_test() -> None:
    assert json.loads(message_of_test("b", "R", 1_700_000_000_123_000_000)) == {
        "Service": "Amazon S3",
        "Event": "s3:TestEvent",
        "Time": "2023-11-14T22:13:20.123Z",
        "Bucket": "b",
        "RequestId": "R",
        "HostId": "R",
    }


@pytest.mark.parametrize(
    ("given", "name", "key", "expected"),
    [
        (rule(PUT), PUT, "a", True),
        (rule(PUT), COPY, "a", False),
        (rule(CREATED), COPY, "a", True),
        (rule(CREATED), DELETED, "a", False),
        (rule(CREATED, prefix="in/"), PUT, "in/a", True),
        (rule(CREATED, prefix="in/"), PUT, "out/in/a", False),
        (rule(CREATED, suffix=".csv"), PUT, "a.csv", True),
        (rule(CREATED, suffix=".csv"), PUT, "a.csv.gz", False),
        (rule(CREATED, prefix="in/", suffix=".csv"), PUT, "in/a.gz", False),
    ],
)
def test_event_goes_where_a_rule_wants_it(given: Rule, name: str, key: str, *, expected: bool) -> None:
    assert given.matches(name, key) is expected


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (rule(PUT), rule(PUT), True),
        (rule(PUT), rule(CREATED), True),
        (rule(PUT), rule(COPY), False),
        (rule(PUT, prefix="a/"), rule(PUT, prefix="b/"), False),
        (rule(PUT, prefix="a/"), rule(PUT, prefix="a/b/"), True),
        (rule(PUT, prefix="a/", suffix=".x"), rule(PUT, prefix="a/", suffix=".y"), False),
        (rule(PUT, suffix=".csv"), rule(PUT, suffix="v"), True),
    ],
)
def test_rules_that_want_the_same_object_are_ambiguous(one: Rule, other: Rule, *, expected: bool) -> None:
    assert ambiguous([one, other]) is expected


def test_filter_may_be_written_in_capitals() -> None:
    filters = {
        "S3Key": {"FilterRule": [{"Name": "Prefix", "Value": "in/"}, {"Name": "Suffix", "Value": "x"}]}
    }
    kept: Any = Notification(QUEUE, [PUT], filters, "i")

    assert Rule.of(kept) == Rule("i", QUEUE, (PUT,), "in/", "x")
