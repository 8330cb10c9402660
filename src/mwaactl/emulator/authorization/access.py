"""What a call asks IAM for: actions on resources, each under condition keys of its own."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mwaactl.emulator.iam.templates import Values

NO_RESOURCE = "*"
UNKNOWN_RESOURCE = ""
"""The resource of a call whose service is not described: only its action is judged."""


@dataclass(frozen=True, slots=True)
class Access:
    """One action on one resource.

    Attributes:
        action: The action, with its service's prefix.
        resource: The resource's ARN; `*` for an action that knows no resources.
        keys: Condition keys, in lower case, besides those that every request has.
    """

    action: str
    resource: str
    keys: Values = field(default_factory=lambda: MappingProxyType({}))
