"""What roles and users were allowed and never used, and what they were denied, from what was decided."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mwaactl.emulator.authorization.entity_usage import Denied, EntityUsage, UnusedActions
from mwaactl.emulator.iam.policy import Effect, covers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from mwaactl.emulator.authorization.usage import Usage, Use
    from mwaactl.emulator.iam.policy import Policy


def usage_report(usage: Usage, policies_of: Callable[[str], tuple[Policy, ...]]) -> tuple[EntityUsage, ...]:
    """Return the usage of every role and user that made a request, by ARN.

    Args:
        usage: What was decided.
        policies_of: Returns the present policies of a role or a user.
    """
    counts = usage.counts()
    entities = sorted({use.entity for use in counts})
    return tuple(_usage_of(entity, usage, counts, policies_of(entity)) for entity in entities)


def _usage_of(
    entity: str, usage: Usage, counts: Mapping[Use, int], policies: tuple[Policy, ...]
) -> EntityUsage:
    own = {use: times for use, times in counts.items() if use.entity == entity}
    used: dict[str, int] = {}
    for use, times in own.items():
        if use.reason is None:
            used[use.action] = used.get(use.action, 0) + times
    denied = (Denied(use.action, use.resource, use.reason, times) for use, times in own.items() if use.reason)
    return EntityUsage(
        entity=entity,
        used=dict(sorted(used.items())),
        unused=tuple(_unused(entity, usage, policies)),
        denied=tuple(sorted(denied, key=lambda each: (each.action, each.resource))),
    )


def _unused(entity: str, usage: Usage, policies: Iterable[Policy]) -> Iterable[UnusedActions]:
    """Yield the actions of statements that allow, of which the statement has allowed none."""
    for policy in policies:
        for statement in policy.statements:
            if statement.effect is Effect.ALLOW and not statement.actions.inverted:
                here = usage.actions_by(entity, policy.name, statement.label)
                never = (
                    pattern.text
                    for pattern in statement.actions.patterns
                    if not any(covers(pattern, action) for action in here)
                )
                if actions := tuple(never):
                    yield UnusedActions(policy.name, statement.label, actions)
