"""S3 that tells functions, queues and topics what happens to objects.

moto tells them while the request waits, asks no policy, says `Put` before `CompleteMultipartUpload`, and
nothing of delete markers. So it gets only the EventBridge part of a configuration, and this sends the rest.
"""

from __future__ import annotations

import time
from threading import local
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from moto.s3.exceptions import InvalidNotificationDestination, S3ClientError
from moto.s3.models import FakeDeleteMarker, FakeKey, NotificationConfiguration, S3Backend

from mwaactl.emulator.storage.event_delivery import deliver, may_receive
from mwaactl.emulator.storage.event_records import ObjectEvent, Rule, ambiguous, message_of, message_of_test

if TYPE_CHECKING:
    from moto.s3.models import FakeAcl

_REGION_AT, _SERVICE_AT = 3, 2
_INVALID = "InvalidArgument"
# The object that the request of this thread is creating.
_thread = local()


class NotifyingS3Backend(S3Backend):
    """moto's S3 with notifications of our own."""

    def __init__(self, region_name: str, account_id: str) -> None:
        super().__init__(region_name, account_id)
        self._notifications: dict[str, NotificationConfiguration] = {}

    def get_bucket_notification_configuration(self, bucket_name: str) -> NotificationConfiguration | None:
        """Return a bucket's configuration, or None."""
        self.get_bucket(bucket_name)
        return self._notifications.get(bucket_name)

    def put_bucket_notification_configuration(
        self, bucket_name: str, notification_config: dict[str, Any]
    ) -> None:
        """Keep a bucket's configuration in the place of the old one, and try queues and topics out.

        Raises:
            S3ClientError: InvalidArgument, if a destination is not there or does not let S3 send.
        """
        bucket = self.get_bucket(bucket_name)
        made = _configuration(notification_config)
        rules = _rules(made)
        self._refuse(rules, bucket)
        self._notifications[bucket_name] = made
        bucket.notification_configuration = (
            None if made.event_bridge is None else NotificationConfiguration(event_bridge=made.event_bridge)
        )
        for arn in {rule.arn for rule in rules if rule.arn.split(":")[_SERVICE_AT] != "lambda"}:
            message = message_of_test(bucket_name, _request_id(), time.time_ns())
            deliver(arn, message, bucket_name, self.account_id)

    def delete_bucket(self, bucket_name: str) -> Any:  # noqa: ANN401 - moto's signature
        """Delete the bucket and its configuration."""
        deleted = super().delete_bucket(bucket_name)
        if deleted is not None:
            self._notifications.pop(bucket_name, None)
        return deleted

    def put_object(self, bucket_name: str, key_name: str, value: bytes, *args: Any, **kwargs: Any) -> FakeKey:  # noqa: ANN401 - moto's many
        """Put an object; of an upload in parts, and of a copy, its end tells."""
        made = super().put_object(bucket_name, key_name, value, *args, **kwargs)
        if kwargs.get("disable_notification"):
            return made
        _thread.created = made
        if kwargs.get("multipart") is None:
            posted = kwargs.get("request_method") == "POST"
            self._tell("s3:ObjectCreated:Post" if posted else "s3:ObjectCreated:Put", bucket_name, made)
        return made

    def complete_multipart_upload(self, bucket_name: str, *args: Any, **kwargs: Any) -> FakeKey | None:  # noqa: ANN401 - moto's
        """Complete an upload in parts."""
        made = super().complete_multipart_upload(bucket_name, *args, **kwargs)
        if made is not None:
            self._tell("s3:ObjectCreated:CompleteMultipartUpload", bucket_name, made)
        return made

    def copy_object(
        self,
        src_key: FakeKey,
        dest_bucket_name: str,
        dest_key_name: str,
        *args: Any,  # noqa: ANN401 - moto's many
        **kwargs: Any,  # noqa: ANN401
    ) -> None:
        """Copy an object."""
        super().copy_object(src_key, dest_bucket_name, dest_key_name, *args, **kwargs)
        self._tell("s3:ObjectCreated:Copy", dest_bucket_name, self._newest(dest_bucket_name, dest_key_name))

    def delete_object(
        self,
        bucket_name: str,
        key_name: str,
        version_id: str | None = None,
        bypass: bool = False,  # noqa: FBT001, FBT002 - moto's signature
    ) -> tuple[bool, dict[str, Any]]:
        """Delete an object or a version of it, or put a delete marker over it."""
        done, meta = super().delete_object(bucket_name, key_name, version_id, bypass)
        if done:
            marker = version_id is None and meta.get("delete-marker") == "true"
            name = "s3:ObjectRemoved:DeleteMarkerCreated" if marker else "s3:ObjectRemoved:Delete"
            version = meta.get("version-id")
            self._tell_of_key(name, bucket_name, key_name, version)
        return done, meta

    def put_object_tagging(self, key: FakeKey, tags: dict[str, str] | None) -> FakeKey:
        """Tag an object; moto does so at the end of each creation too, which tells nothing more."""
        tagged = super().put_object_tagging(key, tags)
        created, _thread.created = getattr(_thread, "created", None), None
        if created is not key:
            self._tell("s3:ObjectTagging:Put", str(key.bucket_name), key)
        return tagged

    def delete_object_tagging(self, bucket_name: str, key_name: str, version_id: str | None = None) -> None:
        """Take an object's tags away."""
        super().delete_object_tagging(bucket_name, key_name, version_id)
        self._tell("s3:ObjectTagging:Delete", bucket_name, self.get_object(bucket_name, key_name, version_id))

    def put_object_acl(
        self,
        bucket_name: str,
        key_name: str,
        acl: FakeAcl | None,
        disable_notification: bool | None = False,  # noqa: FBT001, FBT002 - moto's signature
    ) -> None:
        """Change who may read an object."""
        super().put_object_acl(bucket_name, key_name, acl, disable_notification)
        if not disable_notification:
            self._tell("s3:ObjectAcl:Put", bucket_name, self._newest(bucket_name, key_name))

    def _refuse(self, rules: list[Rule], bucket: Any) -> None:  # noqa: ANN401 - moto's model
        if any(rule.arn.split(":")[_REGION_AT] != bucket.region_name for rule in rules):
            raise InvalidNotificationDestination
        if ambiguous(rules):
            raise S3ClientError(
                _INVALID,
                "Configuration is ambiguously defined. Cannot have overlapping suffixes in two rules if the "
                "prefixes are overlapping for the same event type.",
            )
        if not all(may_receive(rule.arn, bucket.name, self.account_id) for rule in rules):
            raise S3ClientError(_INVALID, "Unable to validate the following destination configurations")

    def _newest(self, bucket_name: str, key_name: str) -> FakeKey | FakeDeleteMarker | None:
        newest: FakeKey | FakeDeleteMarker | None = self.get_bucket(bucket_name).keys.get(key_name)
        return newest

    def _tell(self, name: str, bucket_name: str, key: FakeKey | FakeDeleteMarker | None) -> None:
        if isinstance(key, FakeKey) and (rules := self._wanted(name, bucket_name, key.name)):
            version = key.version_id if self.get_bucket(bucket_name).is_versioned else None
            size, etag = int(key.size), key.etag.strip('"')
            self._send(rules, self._event(name, bucket_name, key.name, version, size, etag))

    def _tell_of_key(self, name: str, bucket_name: str, key_name: str, version: str | None) -> None:
        if rules := self._wanted(name, bucket_name, key_name):
            self._send(rules, self._event(name, bucket_name, key_name, version, None, None))

    def _wanted(self, name: str, bucket_name: str, key_name: str) -> list[Rule]:
        kept = self._notifications.get(bucket_name)
        return [rule for rule in _rules(kept) if rule.matches(name, key_name)] if kept else []

    def _event(
        self, name: str, bucket: str, key: str, version: str | None, size: int | None, etag: str | None
    ) -> ObjectEvent:
        region = self.get_bucket(bucket).region_name
        return ObjectEvent(
            name,
            bucket,
            region,
            self.account_id,
            key,
            version,
            size,
            etag,
            _request_id(),
            time.time_ns(),
        )

    def _send(self, rules: list[Rule], event: ObjectEvent) -> None:
        for rule in rules:
            deliver(rule.arn, message_of(event, rule), event.bucket, self.account_id)


def _configuration(given: dict[str, Any]) -> NotificationConfiguration:
    return NotificationConfiguration(
        topic=given.get("TopicConfiguration"),
        queue=given.get("QueueConfiguration"),
        cloud_function=given.get("CloudFunctionConfiguration"),
        event_bridge=given.get("EventBridgeConfiguration"),
    )


def _rules(config: NotificationConfiguration) -> list[Rule]:
    return [Rule.of(each) for each in (*config.topic, *config.queue, *config.cloud_function)]


def _request_id() -> str:
    return uuid4().hex[:16].upper()
