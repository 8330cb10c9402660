"""Brings S3's messages to functions, queues and topics, if their policies let S3."""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from moto.awslambda.models import lambda_backends
from moto.sns.models import sns_backends
from moto.sqs.models import sqs_backends

from mwaactl.emulator.authorization.service_access import service_may

if TYPE_CHECKING:
    from collections.abc import Mapping

_log = logging.getLogger(__name__)
SERVICE = "s3.amazonaws.com"
_ACTIONS: Mapping[str, str] = {
    "lambda": "lambda:InvokeFunction",
    "sqs": "sqs:SendMessage",
    "sns": "sns:Publish",
}
_SUBJECT = "Amazon S3 Notification"
# Nobody waits for a delivery: a topic's subscribers may take long.
_workers = ThreadPoolExecutor(4, thread_name_prefix="s3-events")


def may_receive(arn: str, bucket: str, account: str) -> bool:
    """Tell whether a function, queue or topic exists and its policy lets S3 send to it for a bucket."""
    _, _, service, region, owner, name = arn.split(":", 5)
    known: dict[str, Any] = {
        "lambda": lambda: lambda_backends[owner][region].get_function(arn),
        "sqs": lambda: sqs_backends[owner][region].get_queue(name),
        "sns": lambda: sns_backends[owner][region].get_topic(arn),
    }
    try:
        known[service]()
    except Exception:  # noqa: BLE001 - each service of moto has its own error for what does not exist
        return False
    return service_may(SERVICE, _ACTIONS[service], arn, f"arn:aws:s3:::{bucket}", account)


def deliver(arn: str, message: str, bucket: str, account: str) -> None:
    """Send a message soon; one that may not be sent, or that nobody takes, is lost as on AWS."""
    _workers.submit(_deliver, arn, message, bucket, account)


def _deliver(arn: str, message: str, bucket: str, account: str) -> None:
    try:
        if not may_receive(arn, bucket, account):
            _log.warning("an event of bucket %s may not be sent to %s", bucket, arn)
            return
        _, _, service, region, owner, name = arn.split(":", 5)
        match service:
            case "lambda":
                function: Any = lambda_backends[owner][region].get_function(arn)
                function.invoke_asynchronously(message)
            case "sqs":
                sqs_backends[owner][region].send_message(queue_name=name, message_body=message)
            case _:
                sns_backends[owner][region].publish(arn=arn, message=message, subject=_SUBJECT)
    except Exception:  # noqa: BLE001 - nobody waits for the thread's result
        _log.exception("an event of bucket %s was not sent to %s", bucket, arn)
