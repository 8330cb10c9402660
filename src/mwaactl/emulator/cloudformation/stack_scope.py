"""The names that a stack's template may use: parameters, resources, other stacks' exports."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from mwaactl.emulator.cloudformation.evaluation import Scope, evaluate, holds
from mwaactl.emulator.cloudformation.exports import exported_value
from mwaactl.emulator.cloudformation.faults import ValidationError
from mwaactl.emulator.cloudformation.registry import existing_type
from mwaactl.emulator.cloudformation.stack import Output
from mwaactl.emulator.loopback import client

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mwaactl.emulator.cloudformation.resource_type import Physical
    from mwaactl.emulator.cloudformation.stack import Stack, StackInput
    from mwaactl.emulator.cloudformation.template import ResourceDeclaration
    from mwaactl.emulator.settings import EmulatorSettings

_DYNAMIC = re.compile(r"\{\{resolve:[^}]*\}\}")


class StackScope:
    """Resolves pieces of one stack's template against what exists at that moment.

    Args:
        stack: The stack; its resources are looked up when they are referred to.
        given: The template and parameters to resolve, which may be newer than the stack's.
        stacks: All live stacks of the account and region, for exports.
        settings: The emulator, for availability zones.
    """

    def __init__(
        self, stack: Stack, given: StackInput, stacks: list[Stack], settings: EmulatorSettings
    ) -> None:
        self._stack = stack
        self._given = given
        self._stacks = stacks
        self._settings = settings
        self.imports: set[str] = set()
        self._scope = Scope(
            template=given.template,
            names=_names(stack, given),
            reference=lambda name: self._physical(name).physical_id,
            attribute=self._attribute,
            imported=self._imported,
            zones=self._zones,
        )

    def wants(self, resource: ResourceDeclaration) -> bool:
        """Tell whether the resource's condition, if any, is true."""
        return resource.condition is None or holds(resource.condition, self._scope)

    def properties(self, resource: ResourceDeclaration) -> Mapping[str, Any]:
        """Return the resource's properties, resolved.

        Raises:
            ValidationError: If something can't be resolved.
        """
        resolved: Mapping[str, Any] = evaluate(resource.properties, self._scope)
        if found := _DYNAMIC.search(str(resolved)):
            message = f"Template error: the emulator does not model the dynamic reference {found.group()}"
            raise ValidationError(message)
        return resolved

    def outputs(self) -> tuple[Output, ...]:
        """Return the outputs whose condition is true.

        Raises:
            ValidationError: If something can't be resolved.
        """
        declared = self._given.template.section("Outputs")
        return tuple(
            self._output(key, entry)
            for key, entry in declared.items()
            if entry.get("Condition") is None or holds(entry["Condition"], self._scope)
        )

    def _output(self, key: str, entry: Mapping[str, Any]) -> Output:
        export = entry.get("Export")
        return Output(
            key=key,
            value=str(evaluate(entry["Value"], self._scope)),
            description=entry.get("Description"),
            export=str(evaluate(export["Name"], self._scope)) if export else None,
        )

    def _physical(self, logical_id: str) -> Physical:
        resource = self._stack.resources.get(logical_id)
        if resource is None or resource.physical is None:
            message = (
                f"Template error: Unresolved dependency [{logical_id}]: no such resource exists in the stack"
            )
            raise ValidationError(message)
        return resource.physical

    def _attribute(self, logical_id: str, name: str) -> Any:  # noqa: ANN401 - text or a list
        physical = self._physical(logical_id)
        type_name = self._stack.resources[logical_id].type_name
        try:
            return existing_type(type_name).attribute(physical, name)
        except KeyError as error:
            message = (
                f"Template error: resource {logical_id} does not support attribute type {name} in Fn::GetAtt"
            )
            raise ValidationError(message) from error

    def _imported(self, name: str) -> str:
        self.imports.add(name)
        return exported_value(name, self._stacks)

    def _zones(self, region: str) -> list[str]:
        ec2 = client("ec2", self._settings, region)
        return sorted(zone["ZoneName"] for zone in ec2.describe_availability_zones()["AvailabilityZones"])


def _names(stack: Stack, given: StackInput) -> dict[str, Any]:
    pseudo = {
        "AWS::AccountId": stack.account_id,
        "AWS::Region": stack.region,
        "AWS::StackName": stack.name,
        "AWS::StackId": stack.stack_id,
        "AWS::Partition": "aws",
        "AWS::URLSuffix": "amazonaws.com",
        "AWS::NotificationARNs": list(stack.notification_arns),
    }
    return pseudo | {name: parameter.value for name, parameter in given.parameters.items()}
