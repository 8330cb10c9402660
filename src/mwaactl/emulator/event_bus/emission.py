"""What services of AWS tell of their resources, put on the default bus of an account."""

from __future__ import annotations

import logging
import uuid
from datetime import UTC, datetime
from typing import Any

from moto.events.models import events_backends

_log = logging.getLogger(__name__)


def emit(
    account: str, region: str, source: str, detail_type: str, detail: dict[str, Any], resource: str
) -> None:
    """Send what a service of AWS tells of a resource to the account's default bus.

    Args:
        account: The account.
        region: The region.
        source: For example `aws.cloudformation`.
        detail_type: What kind of event it is.
        detail: What the service says.
        resource: The resource's ARN.
    """
    buses: list[tuple[str, str, Any]] = list(events_backends.iter_backends())
    event = {
        "version": "0",
        "id": str(uuid.uuid4()),
        "detail-type": detail_type,
        "source": source,
        "account": account,
        "time": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "region": region,
        "resources": [resource],
        "detail": detail,
    }
    for owner, where, backend in buses:
        if (owner, where) == (account, region):
            for rule in list(backend.describe_event_bus("default").rules.values()):
                _send(rule, event)


def _send(rule: Any, event: dict[str, Any]) -> None:  # noqa: ANN401 - moto's model
    try:
        rule.send_to_targets(event)
    except Exception:  # noqa: BLE001 - no rule may keep a service from its work
        _log.exception("the rule %s could not be applied", rule.name)
