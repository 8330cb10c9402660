"""AWS::IAM::ManagedPolicy."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from mwaactl.emulator.cloudformation.resource_type import Physical, ResourceContext, ResourceType, picked
from mwaactl.emulator.cloudformation.service_calls import gone_is_fine, undo_on_failure

if TYPE_CHECKING:
    from mwaactl.emulator.cloudformation.resource_type import Properties

_GONE = "NoSuchEntity"
# The property that names who has the policy, and how IAM calls one of them.
_ENTITIES = {"Groups": "group", "Roles": "role", "Users": "user"}
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
_MOST_VERSIONS = 5


class ManagedPolicy(ResourceType):
    """A customer managed policy, attached to roles, users and groups; an update makes a new version."""

    type_name = "AWS::IAM::ManagedPolicy"
    properties = frozenset({*_ENTITIES, "Description", "ManagedPolicyName", "Path", "PolicyDocument"})
    replaced_by = frozenset({"Description", "ManagedPolicyName", "Path"})
    attributes = frozenset({"PolicyArn", "PolicyId"})
    name_property = "ManagedPolicyName"

    def create(self, context: ResourceContext, properties: Properties) -> Physical:
        """Create the policy and attach it."""
        iam = context.client("iam")
        made = iam.create_policy(
            PolicyName=properties.get("ManagedPolicyName") or context.generated_name(128),
            PolicyDocument=json.dumps(properties["PolicyDocument"]),
            **picked(properties, "Description", "Path"),
        )["Policy"]
        arn = str(made["Arn"])
        with undo_on_failure(lambda: _remove(iam, arn, properties)):
            _attach(iam, arn, {}, properties)
        return Physical(arn, {"PolicyArn": arn, "PolicyId": made["PolicyId"]})

    def update(
        self, context: ResourceContext, physical: Physical, old: Properties, new: Properties
    ) -> Physical:
        """Make the new text the default version, and attach the policy to whom the template names."""
        iam, arn = context.client("iam"), physical.physical_id
        if old["PolicyDocument"] != new["PolicyDocument"]:
            _make_room(iam, arn)
            document = json.dumps(new["PolicyDocument"])
            iam.create_policy_version(PolicyArn=arn, PolicyDocument=document, SetAsDefault=True)
        _attach(iam, arn, old, new)
        _detach(iam, arn, old, keeping=new)
        return physical

    def delete(self, context: ResourceContext, physical: Physical, properties: Properties) -> None:
        """Detach the policy and delete it with its versions."""
        with gone_is_fine(_GONE):
            _remove(context.client("iam"), physical.physical_id, properties)


def _attach(iam: Any, arn: str, old: Properties, new: Properties) -> None:  # noqa: ANN401
    for entities, entity in _ENTITIES.items():
        for name in new.get(entities, ()):
            if name not in old.get(entities, ()):
                act = getattr(iam, f"attach_{entity}_policy")
                act(PolicyArn=arn, **{f"{entity.title()}Name": name})


def _detach(iam: Any, arn: str, old: Properties, keeping: Properties) -> None:  # noqa: ANN401
    for entities, entity in _ENTITIES.items():
        for name in old.get(entities, ()):
            if name not in keeping.get(entities, ()):
                act = getattr(iam, f"detach_{entity}_policy")
                with gone_is_fine(_GONE):
                    act(PolicyArn=arn, **{f"{entity.title()}Name": name})


def _remove(iam: Any, arn: str, properties: Properties) -> None:  # noqa: ANN401
    _detach(iam, arn, properties, keeping={})
    for version in _others(iam, arn):
        iam.delete_policy_version(PolicyArn=arn, VersionId=version)
    iam.delete_policy(PolicyArn=arn)


def _make_room(iam: Any, arn: str) -> None:  # noqa: ANN401
    """Delete the oldest version where there are as many as IAM keeps."""
    others = _others(iam, arn)
    if len(others) + 1 >= _MOST_VERSIONS:
        iam.delete_policy_version(PolicyArn=arn, VersionId=others[0])


def _others(iam: Any, arn: str) -> list[str]:  # noqa: ANN401
    """Return the versions that are not in force, the oldest first."""
    versions = iam.list_policy_versions(PolicyArn=arn)["Versions"]
    names = [str(version["VersionId"]) for version in versions if not version["IsDefaultVersion"]]
    return sorted(names, key=lambda name: int(name.removeprefix("v")))
