"""EventBridge whose rules tell topics and functions.

moto's rules know neither as targets, go on when they are disabled, and take a schedule for a pattern that
matches everything.
"""

from __future__ import annotations

import copy
from typing import Any

from moto.events.exceptions import ValidationException
from moto.events.models import EventsBackend, Rule, events_backends

from mwaactl.emulator.event_bus.delivery import SERVICES, deliver

_MODELLED = frozenset({"Arn", "Id", "Input", "InputTransformer", "SqsParameters"})


class TellingRule(Rule):
    """A rule of moto's that tells topics, functions and queues."""

    def send_to_targets(self, original_event: Any, transform_input: bool = True) -> None:  # noqa: ANN401, FBT001, FBT002 - moto's signature
        """Send an event to all targets, if it is one of the rule's."""
        pattern = self.event_pattern
        if self.state != "ENABLED" or not pattern.get_pattern() or not pattern.matches_event(original_event):
            return
        own = [target for target in self.targets if target["Arn"].split(":")[2] in SERVICES]
        for target in own:
            deliver(target, original_event, self.arn, self.account_id)
        if others := [target for target in self.targets if target not in own]:
            rest = copy.copy(self)
            rest.targets = others
            Rule.send_to_targets(rest, original_event, transform_input)


class TellingEventsBackend(EventsBackend):
    """EventBridge's backend for one account and region."""

    def put_rule(self, name: str, *args: Any, **kwargs: Any) -> Rule:  # noqa: ANN401 - moto's many
        """Create or change a rule."""
        made = super().put_rule(name, *args, **kwargs)
        rule: Any = TellingRule.__new__(TellingRule)
        rule.__dict__.update(made.__dict__)
        self._get_event_bus(made.event_bus_name).rules[name] = rule
        told: Rule = rule
        return told

    def put_targets(self, name: str, event_bus_arn: str | None, targets: list[dict[str, Any]]) -> None:
        """Give a rule targets.

        Raises:
            ValidationException: One has something that is not modelled, or is no ARN.
        """
        unknown = sorted({member for target in targets for member in target} - _MODELLED)
        if unknown:
            message = f"The emulator does not model {', '.join(unknown)} of a target"
            raise ValidationException(message)
        super().put_targets(name, event_bus_arn, targets)


def install() -> None:
    """Make moto build this backend for EventBridge; to be called before the first request."""
    events_backends.backend = TellingEventsBackend
