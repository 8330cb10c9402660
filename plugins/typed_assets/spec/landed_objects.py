"""Reads what S3 tells of new objects: its own notifications, and its events on EventBridge.

Both may come out of a queue, S3's own through an SNS topic as well:
https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import unquote_plus

_TEST = "s3:TestEvent"


class PoisonError(ValueError):
    """A message that is nothing S3 would send."""


@dataclass(frozen=True, slots=True)
class LandedObject:
    """An object that was created.

    Attributes:
        bucket: where it lies.
        key: as S3 knows it.
        size: in bytes, or None where the event does not say.
        etag: of its content, or None.
        sequencer: orders the events of one key, or None.
    """

    bucket: str
    key: str
    size: int | None = None
    etag: str | None = None
    sequencer: str | None = None

    @property
    def uri(self) -> str:
        """Where it lies."""
        return f"s3://{self.bucket}/{self.key}"

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON values."""
        return asdict(self)


def landed_in(body: str) -> tuple[LandedObject, ...]:
    """Return the objects that a message tells of; none for S3's test message and for deletions.

    Raises:
        PoisonError: the message is nothing S3 would send.
    """
    try:
        return tuple(_objects(json.loads(body)))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        message = f"{type(error).__name__}: {error}"
        raise PoisonError(message) from error


def routed(
    objects: Iterable[LandedObject], prefixes: Mapping[str, str]
) -> tuple[dict[str, list[LandedObject]], list[LandedObject]]:
    """Return the objects of each asset, and those that belong to none.

    An object belongs to every asset below whose prefix it lies. Of two events of one key the later counts.

    Args:
        objects: as they were told of.
        prefixes: by the asset's name, as `s3://BUCKET/PREFIX/`.
    """
    newest: dict[str, LandedObject] = {}
    for each in objects:
        if each.uri not in newest or _order(each) >= _order(newest[each.uri]):
            newest[each.uri] = each
    found: dict[str, list[LandedObject]] = {}
    strays: list[LandedObject] = []
    for each in newest.values():
        names = [name for name, prefix in prefixes.items() if each.uri.startswith(prefix)]
        for name in names:
            found.setdefault(name, []).append(each)
        if not names:
            strays.append(each)
    return found, strays


def _objects(event: Any) -> Iterator[LandedObject]:  # noqa: ANN401 - any JSON value
    if event.get("Type") == "Notification" and "TopicArn" in event:
        yield from _objects(json.loads(event["Message"]))
    elif event.get("source") == "aws.s3":
        if event["detail-type"] == "Object Created":
            yield _of_event_bridge(event["detail"])
    elif event.get("Event") != _TEST:
        for record in event["Records"]:
            if record["eventSource"] != "aws:s3":
                message = f"an event of {record['eventSource']}"
                raise ValueError(message)
            if record["eventName"].startswith("ObjectCreated:"):
                yield _of_notification(record["s3"])


def _of_event_bridge(detail: Mapping[str, Any]) -> LandedObject:
    found = detail["object"]
    return LandedObject(
        detail["bucket"]["name"], found["key"], found.get("size"), found.get("etag"), found.get("sequencer")
    )


def _of_notification(told: Mapping[str, Any]) -> LandedObject:
    """Return the object of a notification; S3 writes keys there as in the query of an address."""
    found = told["object"]
    return LandedObject(
        told["bucket"]["name"],
        unquote_plus(found["key"]),
        found.get("size"),
        found.get("eTag"),
        found.get("sequencer"),
    )


def _order(landed: LandedObject) -> tuple[int, str]:
    """Return what orders events of a key: hexadecimal numbers that may differ in length."""
    return len(landed.sequencer or ""), landed.sequencer or ""
