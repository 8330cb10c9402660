"""Brings an event to one target of a rule, if the target's policy lets EventBridge."""

from __future__ import annotations

import json
import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from moto.awslambda.models import lambda_backends
from moto.events.utils import EventTemplateParser
from moto.sns.models import sns_backends
from moto.sqs.models import sqs_backends

from mwaactl.emulator.authorization.service_access import service_may
from mwaactl.emulator.authorization.topic_access import service_may_publish

if TYPE_CHECKING:
    from collections.abc import Mapping

_log = logging.getLogger(__name__)
_HOST = "events.amazonaws.com"
SERVICES = frozenset({"sns", "lambda", "sqs"})
"""Services whose targets are told here; moto tells the others that it knows."""
# Nobody waits for a delivery: a topic's subscribers may take long.
_workers = ThreadPoolExecutor(2, thread_name_prefix="event-rules")


def deliver(target: Mapping[str, Any], event: Mapping[str, Any], rule_arn: str, account: str) -> None:
    """Send an event to a target soon; one that may not be sent is lost, with a line in the emulator's log.

    Args:
        target: The target as PutTargets took it.
        event: The event.
        rule_arn: The rule.
        account: The rule's account.
    """
    _workers.submit(_deliver, target, dict(event), rule_arn, account)


def _deliver(target: Mapping[str, Any], event: dict[str, Any], rule_arn: str, account: str) -> None:
    arn = target["Arn"]
    try:
        message = _message(target, event)
        _, _, service, region, owner, name = arn.split(":", 5)
        match service:
            case "sns" if service_may_publish(_HOST, arn, rule_arn, account):
                sns_backends[owner][region].publish(arn=arn, message=message)
            case "lambda" if service_may(_HOST, "lambda:InvokeFunction", arn, rule_arn, account):
                function: Any = lambda_backends[owner][region].get_function(arn)
                function.invoke_asynchronously(message)
            case "sqs" if service_may(_HOST, "sqs:SendMessage", arn, rule_arn, account):
                group = target.get("SqsParameters", {}).get("MessageGroupId")
                sqs_backends[owner][region].send_message(
                    queue_name=name, message_body=message, group_id=group
                )
            case _:
                _log.warning("rule %s may not send to %s", rule_arn, arn)
    except Exception:  # noqa: BLE001 - nobody waits for the thread's result
        _log.exception("rule %s could not send to %s", rule_arn, arn)


def _message(target: Mapping[str, Any], event: dict[str, Any]) -> str:
    """Return what a target hears: its own input, what its template makes of the event, or the event."""
    if "Input" in target:
        return str(target["Input"])
    came = event.pop("ingestion-time", None)
    if isinstance(event["time"], int | float):
        event["time"] = datetime.fromtimestamp(event["time"], UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    if transformer := target.get("InputTransformer"):
        template, paths = transformer["InputTemplate"], transformer.get("InputPathsMap", {})
        known: Any = {**event, "ingestion-time": came or event["time"]}
        made: Any = EventTemplateParser.parse(input_template=template, input_paths_map=paths, event=known)
        return made if isinstance(made, str) else json.dumps(made)
    return json.dumps(event)
