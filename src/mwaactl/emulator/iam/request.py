"""A request as IAM sees it: who wants to do what with which resource, and under which circumstances.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-reqcontext.html
"""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mwaactl.emulator.iam.principals import Caller
    from mwaactl.emulator.iam.templates import Values

_ACCOUNT_AT = 4


@dataclass(frozen=True, slots=True)
class Request:
    """One call of one action on one resource.

    Attributes:
        caller: Who makes it.
        action: What they want to do, such as `s3:GetObject`.
        resource: The resource's ARN; `*` for an action that knows no resources; empty if it is not known:
            then an allow counts whatever it names, and a deny if it names everything.
        keys: Condition keys, in lower case, to their values.
        owner: The resource's account; that of its ARN if that names one, else the caller's.
    """

    caller: Caller
    action: str
    resource: str
    keys: Values = field(default_factory=lambda: MappingProxyType({}))
    owner: str | None = None

    @property
    def crosses_accounts(self) -> bool:
        """Whether the resource belongs to another account than the caller."""
        segments = self.resource.split(":")
        named = segments[_ACCOUNT_AT] if len(segments) > _ACCOUNT_AT else ""
        owner = self.owner or (named if named.isdigit() else self.caller.account)
        return owner != self.caller.account
