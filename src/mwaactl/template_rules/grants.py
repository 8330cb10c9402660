"""What a role may do, as far as templates say it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from mwaactl.template_rules.rule import Path
from mwaactl.template_rules.templates import Resource, Templates
from mwaactl.template_rules.values import as_list, as_mapping, text


@dataclass(frozen=True, slots=True)
class Grant:
    """One statement of a policy that allows something.

    Attributes:
        owner: The resource that the policy stands in.
        path: Path of the statement below its properties.
        actions: Actions, in lower case.
        resources: Resources as they stand there; None where all but some are meant.
        conditional: Whether a condition limits it.
    """

    owner: Resource
    path: Path
    actions: tuple[str, ...]
    resources: list[Any] | None
    conditional: bool

    @property
    def everywhere(self) -> bool:
        """Whether it is about every resource, and no condition says otherwise."""
        return not self.conditional and (self.resources is None or "*" in self.resources)

    def allows(self, action: str) -> bool:
        """Whether an action is among those allowed."""
        return any(fnmatchcase(action.lower(), each) for each in self.actions)


def policies_of(templates: Templates, role: Resource) -> Iterator[Resource]:
    """Gives the policies that stand outside a role and are its own."""
    for kind in ("AWS::IAM::Policy", "AWS::IAM::ManagedPolicy"):
        for each in templates.of_type(kind):
            roles = [templates.behind(each.template, one) for one in as_list(each.properties.get("Roles"))]
            if any(one is not None and one.place == role.place for one in roles):
                yield each


def grants_of(templates: Templates, role: Resource) -> Iterator[Grant]:
    """Gives what is allowed to a role by the policies in it and those of its own."""
    for index, policy in enumerate(as_list(role.properties.get("Policies"))):
        document = as_mapping(as_mapping(policy).get("PolicyDocument"))
        yield from _grants(role, ("Policies", index, "PolicyDocument"), document)
    for each in policies_of(templates, role):
        yield from _grants(each, ("PolicyDocument",), as_mapping(each.properties.get("PolicyDocument")))


def managed_policies(role: Resource) -> list[str | None]:
    """Returns the ARNs of managed policies that a role names; None for one that is not known."""
    return [text(each) for each in as_list(role.properties.get("ManagedPolicyArns"))]


def _grants(owner: Resource, path: Path, document: Mapping[str, Any]) -> Iterator[Grant]:
    for index, each in enumerate(as_list(document.get("Statement"))):
        statement = as_mapping(each)
        if statement.get("Effect") == "Allow":
            actions = statement.get("Action", "*" if "NotAction" in statement else None)
            yield Grant(
                owner,
                (*path, "Statement", index),
                tuple(str(action).lower() for action in as_list(actions)),
                None if "NotResource" in statement else as_list(statement.get("Resource")),
                bool(statement.get("Condition")),
            )
