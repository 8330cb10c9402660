"""The records that S3 sends about objects, and the rules by which it sends them.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import combinations
from typing import TYPE_CHECKING, Any
from urllib.parse import quote_plus

if TYPE_CHECKING:
    from collections.abc import Sequence

_PREFIX, _SUFFIX = "prefix", "suffix"


@dataclass(frozen=True, slots=True)
class ObjectEvent:
    """Something that happened to an object.

    Attributes:
        name: The event, such as `s3:ObjectCreated:Put`.
        bucket: The bucket's name.
        region: Its region.
        account: Its account.
        key: The object's key.
        version: The version; None in a bucket without versions.
        size: The object's size; None where the object is gone.
        etag: Its ETag, without quotes; None where the object is gone.
        request_id: The request's id.
        moment: When it happened, in nanoseconds since 1970.
    """

    name: str
    bucket: str
    region: str
    account: str
    key: str
    version: str | None
    size: int | None
    etag: str | None
    request_id: str
    moment: int


@dataclass(frozen=True, slots=True)
class Rule:
    """Which events go where.

    Attributes:
        id: Its name.
        arn: The function, queue or topic.
        events: The events, with `*` at the end for all of a kind.
        prefix: What keys begin with.
        suffix: What keys end with.
    """

    id: str
    arn: str
    events: tuple[str, ...]
    prefix: str = ""
    suffix: str = ""

    @classmethod
    def of(cls, notification: Any) -> Rule:  # noqa: ANN401 - moto's model
        """Return the rule that moto keeps as a notification."""
        found = notification.filters.get("S3Key", {}).get("FilterRule", [])
        filters = {each["Name"].lower(): each.get("Value") or "" for each in found}
        return cls(
            notification.id,
            notification.arn,
            tuple(notification.events),
            filters.get(_PREFIX, ""),
            filters.get(_SUFFIX, ""),
        )

    def matches(self, event: str, key: str) -> bool:
        """Tell whether an event of an object goes to the rule's place."""
        named = any(event == each or _is_kind_of(event, each) for each in self.events)
        return named and key.startswith(self.prefix) and key.endswith(self.suffix)


def ambiguous(rules: Sequence[Rule]) -> bool:
    """Tell whether two rules could both want the event of one object, which S3 does not take."""
    return any(
        _share_event(one, other) and _overlap(one.prefix, other.prefix) and _overlap_at_end(one, other)
        for one, other in combinations(rules, 2)
    )


def message_of(event: ObjectEvent, rule: Rule) -> str:
    """Return what is sent, as JSON."""
    described: dict[str, Any] = {"key": quote_plus(event.key, safe="/")}
    if event.size is not None:
        described["size"] = event.size
    if event.etag is not None:
        described["eTag"] = event.etag
    if event.version is not None:
        described["versionId"] = event.version
    described["sequencer"] = f"{event.moment:016X}"
    record = {
        "eventVersion": "2.1",
        "eventSource": "aws:s3",
        "awsRegion": event.region,
        "eventTime": _time(event.moment),
        "eventName": event.name.removeprefix("s3:"),
        "userIdentity": {"principalId": f"AWS:{event.account}"},
        "requestParameters": {"sourceIPAddress": "127.0.0.1"},
        "responseElements": {"x-amz-request-id": event.request_id, "x-amz-id-2": event.request_id},
        "s3": {
            "s3SchemaVersion": "1.0",
            "configurationId": rule.id,
            "bucket": {
                "name": event.bucket,
                "ownerIdentity": {"principalId": event.account},
                "arn": f"arn:aws:s3:::{event.bucket}",
            },
            "object": described,
        },
    }
    return json.dumps({"Records": [record]})


def message_of_test(bucket: str, request_id: str, moment: int) -> str:
    """Return what queues and topics get when they are first named, as JSON."""
    return json.dumps(
        {
            "Service": "Amazon S3",
            "Event": "s3:TestEvent",
            "Time": _time(moment),
            "Bucket": bucket,
            "RequestId": request_id,
            "HostId": request_id,
        }
    )


def _is_kind_of(event: str, pattern: str) -> bool:
    return pattern.endswith(":*") and event.startswith(pattern[:-1])


def _share_event(one: Rule, other: Rule) -> bool:
    return any(
        mine == theirs or _is_kind_of(mine, theirs) or _is_kind_of(theirs, mine)
        for mine in one.events
        for theirs in other.events
    )


def _overlap(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)


def _overlap_at_end(one: Rule, other: Rule) -> bool:
    return one.suffix.endswith(other.suffix) or other.suffix.endswith(one.suffix)


def _time(moment: int) -> str:
    return datetime.fromtimestamp(moment / 1e9, UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
