"""AWS::RedshiftServerless::Namespace and AWS::RedshiftServerless::Workgroup."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from botocore.exceptions import ClientError

from mwaactl.emulator.cloudformation.faults import ResourceFailure
from mwaactl.emulator.cloudformation.resource_type import (
    Physical,
    ResourceContext,
    ResourceType,
    changed_properties,
    tags_as_list,
    wait_for,
)
from mwaactl.emulator.cloudformation.service_calls import (
    gone_is_fine,
    lower_first,
    tag_changes,
    undo_on_failure,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from mwaactl.emulator.cloudformation.resource_type import Properties

_SECONDS = 600.0
_NOT_FOUND = "ResourceNotFoundException"


class _ServerlessType(ResourceType):
    """What both share: lower-case member names, tags, and a status that ends as AVAILABLE."""

    noun: ClassVar[str]
    tag_style = "list"

    def create(self, context: ResourceContext, properties: Properties) -> Physical:
        """Create it and wait until it is available."""
        service = context.client("redshift-serverless")
        wanted = lower_first({name: value for name, value in properties.items() if name != "Tags"})
        tags = tags_as_list(properties.get("Tags"), "key", "value")
        getattr(service, f"create_{self.noun}")(**wanted, **({"tags": tags} if tags else {}))
        name = str(properties[self.name_property])
        with undo_on_failure(lambda: getattr(service, f"delete_{self.noun}")(**self._named(name))):
            return self._available(service, name)

    def update(
        self, context: ResourceContext, physical: Physical, old: Properties, new: Properties
    ) -> Physical:
        """Change it and wait until it is available again."""
        service = context.client("redshift-serverless")
        changed = changed_properties(old, new) - {"Tags"}
        if gone := sorted(changed - set(new)):
            message = f"The emulator does not model the removal of [{', '.join(gone)}] from {self.type_name}"
            raise ResourceFailure(message)
        if changed:
            wanted = {name: new[name] for name in {*changed, self.name_property}}
            getattr(service, f"update_{self.noun}")(**lower_first(wanted))
        physical = self._available(service, physical.physical_id)
        to_set, to_remove = tag_changes(old.get("Tags"), new.get("Tags"))
        arn = physical.attributes[f"{self.noun.title()}.{self.noun.title()}Arn"]
        if to_set:
            service.tag_resource(resourceArn=arn, tags=tags_as_list(to_set, "key", "value"))
        if to_remove:
            service.untag_resource(resourceArn=arn, tagKeys=to_remove)
        return physical

    def delete(self, context: ResourceContext, physical: Physical, properties: Properties) -> None:  # noqa: ARG002
        """Delete it and wait until it is gone."""
        service, name = context.client("redshift-serverless"), physical.physical_id
        with gone_is_fine(_NOT_FOUND):
            getattr(service, f"delete_{self.noun}")(**self._named(name))
            wait_for(lambda: self._is_gone(service, name), bool, name, _SECONDS, 0.3)

    def _available(self, service: Any, name: str) -> Physical:  # noqa: ANN401
        found = wait_for(lambda: self._get(service, name), _is_available, name, _SECONDS, 0.3)
        title = self.noun.title()
        attributes = {f"{title}.{key[:1].upper()}{key[1:]}": value for key, value in found.items()}
        return Physical(name, attributes)

    def _get(self, service: Any, name: str) -> Mapping[str, Any]:  # noqa: ANN401
        look: Callable[..., Mapping[str, Any]] = getattr(service, f"get_{self.noun}")
        found: Mapping[str, Any] = look(**self._named(name))[self.noun]
        return found

    def _is_gone(self, service: Any, name: str) -> bool:  # noqa: ANN401
        try:
            self._get(service, name)
        except ClientError as error:
            if error.response["Error"]["Code"] == _NOT_FOUND:
                return True
            raise
        return False

    def _named(self, name: str) -> dict[str, str]:
        return {f"{self.noun}Name": name}


class Namespace(_ServerlessType):
    """A namespace: database, users and data."""

    type_name = "AWS::RedshiftServerless::Namespace"
    noun = "namespace"
    properties = frozenset(
        {
            "AdminPasswordSecretKmsKeyId",
            "AdminUserPassword",
            "AdminUsername",
            "DbName",
            "DefaultIamRoleArn",
            "IamRoles",
            "KmsKeyId",
            "LogExports",
            "ManageAdminPassword",
            "NamespaceName",
            "Tags",
        }
    )
    replaced_by = frozenset({"DbName", "NamespaceName"})
    attributes = frozenset({"Namespace.NamespaceArn", "Namespace.NamespaceId", "Namespace.NamespaceName"})
    name_property = "NamespaceName"


class Workgroup(_ServerlessType):
    """A workgroup: the compute over a namespace."""

    type_name = "AWS::RedshiftServerless::Workgroup"
    noun = "workgroup"
    properties = frozenset(
        {
            "BaseCapacity",
            "ConfigParameters",
            "EnhancedVpcRouting",
            "MaxCapacity",
            "NamespaceName",
            "Port",
            "PubliclyAccessible",
            "SecurityGroupIds",
            "SubnetIds",
            "Tags",
            "WorkgroupName",
        }
    )
    replaced_by = frozenset({"NamespaceName", "WorkgroupName"})
    attributes = frozenset({"Workgroup.WorkgroupArn", "Workgroup.WorkgroupId", "Workgroup.WorkgroupName"})
    name_property = "WorkgroupName"

    def attribute(self, physical: Physical, name: str) -> Any:  # noqa: ANN401
        """Return an attribute; those of the endpoint lie one level deeper."""
        if name.startswith("Workgroup.Endpoint."):
            member = name.removeprefix("Workgroup.Endpoint.")
            return physical.attributes["Workgroup.Endpoint"][f"{member[:1].lower()}{member[1:]}"]
        return super().attribute(physical, name)


def _is_available(found: Mapping[str, Any]) -> bool:
    return str(found.get("status")) == "AVAILABLE"
