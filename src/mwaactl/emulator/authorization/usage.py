"""What roles and users did with their permissions, and what they were denied, since the emulator started."""

from __future__ import annotations

from dataclasses import dataclass, replace
from threading import Lock
from typing import TYPE_CHECKING

from mwaactl.emulator.authorization.access import UNKNOWN_RESOURCE
from mwaactl.emulator.authorization.traced_access import TracedAccess

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mwaactl.emulator.authorization.access import Access
    from mwaactl.emulator.iam.decision import Decision, Source

MOST = 20_000
"""How many uses keep their resource: a role that reads a million objects must not fill the memory."""


@dataclass(frozen=True, slots=True)
class Use:
    """One action on one resource, as it was decided.

    Attributes:
        entity: The ARN of the role or the user.
        action: The action.
        resource: The resource.
        reason: Why it was denied, in AWS's words; None if it was allowed.
    """

    entity: str
    action: str
    resource: str
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class AllowedBy:
    """A statement that allowed an action.

    Attributes:
        entity: The ARN of the role or the user that has it.
        policy: The policy's name.
        statement: The statement's name or number.
        action: The action.
    """

    entity: str
    policy: str
    statement: str
    action: str


@dataclass(frozen=True, slots=True)
class _Traced:
    """What makes an access another one."""

    entity: str
    action: str
    resource: str
    keys: frozenset[tuple[str, str | tuple[str, ...]]]


class Usage:
    """Keeps every use once, with how often it happened, and which statements allowed what."""

    def __init__(self) -> None:
        self._counts: dict[Use, int] = {}
        self._allowed_by: set[AllowedBy] = set()
        self._trace: dict[_Traced, TracedAccess] = {}
        self._lock = Lock()

    def record(
        self, entity: str, access: Access, decision: Decision, allowing: Iterable[Source] = ()
    ) -> None:
        """Remember a decision.

        Args:
            entity: The ARN of the role or the user.
            access: What was asked for.
            decision: How it was decided.
            allowing: The statements of the entity's own policies that allow it, each by itself.
        """
        reason = None if decision.allowed else decision.reason(access.action)
        use = Use(entity, access.action, access.resource, reason)
        by = {
            AllowedBy(entity, source.policy.name, source.statement.label, access.action)
            for source in allowing
        }
        traced = _Traced(entity, access.action, access.resource, frozenset(access.keys.items()))
        with self._lock:
            if len(self._trace) < MOST and traced not in self._trace:
                self._trace[traced] = TracedAccess(
                    entity, access.action, access.resource, dict(access.keys), decision.allowed
                )
            if use not in self._counts and len(self._counts) >= MOST:
                use = replace(use, resource=UNKNOWN_RESOURCE)
            self._counts[use] = self._counts.get(use, 0) + 1
            self._allowed_by |= by

    def counts(self) -> dict[Use, int]:
        """Return every use with how often it happened."""
        with self._lock:
            return dict(self._counts)

    def trace(self) -> tuple[TracedAccess, ...]:
        """Return every access once, as it was first decided, in the order of their first time."""
        with self._lock:
            return tuple(self._trace.values())

    def actions_by(self, entity: str, policy: str, statement: str) -> frozenset[str]:
        """Return the actions that a statement has allowed."""
        with self._lock:
            named = (entity, policy, statement)
            return frozenset(
                by.action for by in self._allowed_by if (by.entity, by.policy, by.statement) == named
            )
