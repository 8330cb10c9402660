"""Messages about new objects are read in each of the forms in which S3 sends them."""

import json
from typing import Any

import pytest

from typed_assets.spec.landed_objects import LandedObject, PoisonError, landed_in, routed


def notification(key: str, event: str = "ObjectCreated:Put", source: str = "aws:s3") -> dict[str, Any]:
    found = {"key": key, "size": 3, "eTag": "e", "sequencer": "0A"}
    s3 = {"bucket": {"name": "b"}, "object": found}
    return {"Records": [{"eventSource": source, "eventName": event, "s3": s3}]}


def event_bridge(key: str, kind: str = "Object Created") -> dict[str, Any]:
    found = {"key": key, "size": 3, "etag": "e", "sequencer": "0A"}
    return {"source": "aws.s3", "detail-type": kind, "detail": {"bucket": {"name": "b"}, "object": found}}


def through_sns(event: dict[str, Any]) -> dict[str, Any]:
    return {"Type": "Notification", "TopicArn": "arn:aws:sns:…", "Message": json.dumps(event)}


@pytest.mark.parametrize(
    "event",
    [
        notification("in/a+b%2Bc%C3%BC.csv"),
        event_bridge("in/a b+cü.csv"),
        through_sns(notification("in/a+b%2Bc%C3%BC.csv")),
    ],
)
def test_an_object_is_the_same_however_it_was_told_of(event: dict[str, Any]) -> None:
    assert landed_in(json.dumps(event)) == (LandedObject("b", "in/a b+cü.csv", 3, "e", "0A"),)


@pytest.mark.parametrize(
    "event",
    [
        {"Service": "Amazon S3", "Event": "s3:TestEvent", "Bucket": "b"},
        notification("a", "ObjectRemoved:Delete"),
        event_bridge("a", "Object Deleted"),
    ],
)
def test_what_is_no_new_object_is_passed_over(event: dict[str, Any]) -> None:
    assert landed_in(json.dumps(event)) == ()


@pytest.mark.parametrize(
    "body",
    [
        "",
        "hello",
        "[]",
        "null",
        "{}",
        json.dumps({"Records": [{}]}),
        json.dumps(notification("a", source="aws:sqs")),
        json.dumps({"source": "aws.s3"}),
        json.dumps({"source": "my.app", "detail": {}}),
        json.dumps({"Type": "Notification", "TopicArn": "t", "Message": "hello"}),
    ],
)
def test_what_s3_cannot_have_sent_is_poison(body: str) -> None:
    with pytest.raises(PoisonError):
        landed_in(body)


def test_objects_go_to_every_asset_below_whose_prefix_they_lie() -> None:
    objects = [LandedObject("b", "in/x/1"), LandedObject("b", "in/y/2"), LandedObject("b", "in/xx/3")]

    found, strays = routed(objects, {"all": "s3://b/in/", "x": "s3://b/in/x/", "other": "s3://c/in/"})

    assert found == {"all": objects, "x": objects[:1]}
    assert strays == []
    assert routed(objects, {"x": "s3://b/in/x/"})[1] == objects[1:]


def test_of_two_events_of_one_key_the_later_counts_in_whatever_order_they_come() -> None:
    old, new = LandedObject("b", "k", 1, "e1", "0F"), LandedObject("b", "k", 2, "e2", "100")

    for objects in ([old, new], [new, old]):
        assert routed(objects, {"a": "s3://b/"})[0] == {"a": [new]}
