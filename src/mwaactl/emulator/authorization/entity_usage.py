"""What a role did with its permissions, as a value that is shown."""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003 - pydantic reads it
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class UnusedActions:
    """Actions that a statement allows and nobody used.

    Attributes:
        policy: The policy's name.
        statement: The statement's name or number.
        actions: The actions, as the statement names them.
    """

    policy: str
    statement: str
    actions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Denied:
    """What was asked for and denied.

    Attributes:
        action: The action.
        resource: The resource.
        reason: Why, in AWS's words.
        times: How often.
    """

    action: str
    resource: str
    reason: str
    times: int


@dataclass(frozen=True, slots=True)
class EntityUsage:
    """What one role or user did with its permissions.

    Attributes:
        entity: Its ARN.
        used: The actions that it used, with how often.
        unused: What it may do and never did.
        denied: What it was denied.
    """

    entity: str
    used: Mapping[str, int]
    unused: tuple[UnusedActions, ...]
    denied: tuple[Denied, ...]
