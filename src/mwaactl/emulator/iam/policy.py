"""Policies as values: what a document says, ready to be compared with a request."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, StrEnum
from typing import TYPE_CHECKING

from mwaactl.emulator.iam.templates import matches

if TYPE_CHECKING:
    from mwaactl.emulator.iam.conditions import Condition
    from mwaactl.emulator.iam.principals import Principals
    from mwaactl.emulator.iam.templates import Template


class Effect(StrEnum):
    """What a statement does when it applies."""

    ALLOW = "Allow"
    DENY = "Deny"


class Kind(Enum):
    """What a policy is attached to; the value is what AWS calls it when it denies."""

    IDENTITY = "identity-based policy"
    BOUNDARY = "permissions boundary"
    SESSION = "session policy"
    RESOURCE = "resource-based policy"
    TRUST = "role trust policy"

    @property
    def names_principals(self) -> bool:
        """Whether its statements say for whom they are."""
        return self in {Kind.RESOURCE, Kind.TRUST}


def covers(pattern: Template, action: str) -> bool:
    """Tell whether one pattern of a statement covers an action."""
    filled = pattern.fill({})
    return filled is not None and matches(filled, action.lower())


@dataclass(frozen=True, slots=True)
class Actions:
    """`Action`, or `NotAction` if `inverted`."""

    patterns: tuple[Template, ...]
    inverted: bool = False

    def name(self, action: str) -> bool:
        """Tell whether this applies to an action, whatever its case."""
        return any(covers(pattern, action) for pattern in self.patterns) is not self.inverted


@dataclass(frozen=True, slots=True)
class Resources:
    """`Resource`, or `NotResource` if `inverted`."""

    patterns: tuple[Template, ...]
    inverted: bool = False


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement.

    Attributes:
        number: Its place in the policy, from 1.
        sid: Its name, if it has one.
        effect: What it does.
        actions: To which actions it applies.
        resources: To which resources; None is the one that the policy is attached to.
        principals: For whom; None in policies of identities.
        conditions: What must hold besides.
    """

    number: int
    sid: str | None
    effect: Effect
    actions: Actions
    resources: Resources | None
    principals: Principals | None = None
    conditions: tuple[Condition, ...] = ()

    @property
    def label(self) -> str:
        """The statement's name, or its number."""
        return self.sid or f"statement {self.number}"


@dataclass(frozen=True, slots=True)
class Policy:
    """A policy.

    Attributes:
        name: What people know it by: an ARN, or the name of an inline policy.
        kind: What it is attached to.
        statements: Its statements in their order.
    """

    name: str
    kind: Kind
    statements: tuple[Statement, ...]
    _by_action: dict[str, tuple[Statement, ...]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def naming(self, action: str) -> tuple[Statement, ...]:
        """Return the statements that name an action; found once, for every call asks for them."""
        found = self._by_action.get(action)
        if found is None:
            found = tuple(statement for statement in self.statements if statement.actions.name(action))
            self._by_action[action] = found
        return found
