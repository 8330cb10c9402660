"""Which action on which resource IAM judges for a call, as far as botocore's model does not say it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from types import MappingProxyType
from typing import Any

from mwaactl.catalog.tables import read_table


@dataclass(frozen=True, slots=True)
class ResourceRule:
    """Which resource operations are about.

    Attributes:
        operations: Which; none are all that no other rule names.
        name: Where in the parameters the resource's name or ARN stands.
        read: How the name is read, if it is not as it stands.
        arn: The ARN around the name; None if the name is one.
        action: The action's name, if it is not the operation's.
    """

    operations: tuple[str, ...] = ()
    name: str | None = None
    read: str | None = None
    arn: str | None = None
    action: str | None = None


@dataclass(frozen=True, slots=True)
class ServiceRequests:
    """What IAM asks for the calls of one service.

    Attributes:
        model: botocore's name of the service.
        prefix: The prefix of its actions.
        code: The error code of its denials.
        status: The HTTP status of its denials.
        actions: Operation to the name of its action, where they differ.
        free: Operations that need no permission.
        own: Operations that the service judges itself.
        keys: Condition key, in lower case, to where in the parameters its value stands.
        passes: Operation to where the role stands that it hands over.
        rules: Which resource an operation is about.
    """

    model: str
    prefix: str
    code: str
    status: int
    actions: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    free: frozenset[str] = frozenset()
    own: frozenset[str] = frozenset()
    keys: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    passes: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    rules: tuple[ResourceRule, ...] = ()

    def action(self, operation: str) -> str:
        """Return the action that an operation takes."""
        return f"{self.prefix}:{self.actions.get(operation, operation)}"

    def rules_for(self, operation: str) -> tuple[ResourceRule, ...]:
        """Return the rules that name an operation; () if only the general ones hold for it."""
        return tuple(rule for rule in self.rules if operation in rule.operations)

    @property
    def general_rules(self) -> tuple[ResourceRule, ...]:
        """The rules for operations that none names, the first that fits first."""
        return tuple(rule for rule in self.rules if not rule.operations)


@cache
def iam_requests() -> Mapping[str, ServiceRequests]:
    """Return every service that is described, by the name that its requests are signed for."""
    services = read_table("iam_requests")["services"]
    return MappingProxyType({name: _service(stated) for name, stated in services.items()})


def _service(stated: Mapping[str, Any]) -> ServiceRequests:
    rules = tuple(
        ResourceRule(**{**rule, "operations": tuple(rule.get("operations", ()))})
        for rule in stated.get("rules", ())
    )
    keys = {key.lower(): where for key, where in stated.get("keys", {}).items()}
    return ServiceRequests(
        model=stated["model"],
        prefix=stated["prefix"],
        code=stated["code"],
        status=stated["status"],
        actions=MappingProxyType(stated.get("actions", {})),
        free=frozenset(stated.get("free", ())),
        own=frozenset(stated.get("own", ())),
        keys=MappingProxyType(keys),
        passes=MappingProxyType(stated.get("passes", {})),
        rules=rules,
    )
