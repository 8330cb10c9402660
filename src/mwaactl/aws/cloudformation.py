"""Stacks: how they are, why they failed, and new parameters for the template that they have."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import takewhile
from typing import TYPE_CHECKING

from mwaactl.aws.failures import mapped
from mwaactl.errors import ServiceError
from mwaactl.observed import ObservedStack

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_cloudformation.literals import CapabilityType
    from mypy_boto3_cloudformation.type_defs import ParameterTypeDef, StackEventTypeDef

CAPABILITIES: tuple[CapabilityType, ...] = (
    "CAPABILITY_IAM",
    "CAPABILITY_NAMED_IAM",
    "CAPABILITY_AUTO_EXPAND",
)
# What CloudFormation writes on resources that it gave up because another one failed.
ECHOES = ("Resource creation cancelled", "Resource update cancelled")


@dataclass(frozen=True, slots=True)
class Stacks:
    """CloudFormation, as far as a deployment needs it."""

    client: CloudFormationClient

    def find(self, name: str) -> ObservedStack | None:
        """Return a stack, or None if there is none."""
        try:
            with mapped("cloudformation", "DescribeStacks", name):
                found = self.client.describe_stacks(StackName=name)["Stacks"][0]
        except ServiceError as error:
            if _is_absence(error):
                return None
            raise
        parameters = {each["ParameterKey"]: each["ParameterValue"] for each in found.get("Parameters", ())}
        return ObservedStack(found["StackName"], found["StackStatus"], parameters)

    def update_parameters(self, name: str, values: Mapping[str, str]) -> bool:
        """Update a stack with its previous template; return whether there was anything to update."""
        with mapped("cloudformation", "DescribeStacks", name):
            known = self.client.describe_stacks(StackName=name)["Stacks"][0].get("Parameters", ())
        given: list[ParameterTypeDef] = [
            {"ParameterKey": key, "ParameterValue": values[key]} for key in values
        ]
        others = (each["ParameterKey"] for each in known if each["ParameterKey"] not in values)
        kept: list[ParameterTypeDef] = [{"ParameterKey": key, "UsePreviousValue": True} for key in others]
        try:
            with mapped("cloudformation", "UpdateStack", name):
                self.client.update_stack(
                    StackName=name,
                    UsePreviousTemplate=True,
                    Parameters=[*given, *kept],
                    Capabilities=CAPABILITIES,
                )
        except ServiceError as error:
            if error.error_code == "ValidationError" and "No updates are to be performed" in error.message:
                return False
            raise
        return True

    def failures(self, name: str, since: datetime) -> tuple[str, ...]:
        """Return why resources of a stack failed since a moment, first cause first; none without a stack."""
        try:
            with mapped("cloudformation", "DescribeStackEvents", name):
                found = [reason for event in self._events(name, since) if (reason := _failure(event))]
        except ServiceError as error:
            if _is_absence(error):
                return ()
            raise
        return tuple(reversed(found))

    def _events(self, name: str, since: datetime) -> Iterator[StackEventTypeDef]:
        """Yield a stack's events, newest first, as far back as a moment."""
        pages = self.client.get_paginator("describe_stack_events")
        events = (event for page in pages.paginate(StackName=name) for event in page["StackEvents"])
        return takewhile(lambda event: event["Timestamp"] >= since, events)


def _is_absence(error: ServiceError) -> bool:
    # CloudFormation has no code of its own for a stack that does not exist.
    return error.error_code == "ValidationError" and "does not exist" in error.message


def _failure(event: StackEventTypeDef) -> str | None:
    reason = event.get("ResourceStatusReason", "")
    failed = event.get("ResourceStatus", "").endswith("_FAILED")
    return f"{event.get('LogicalResourceId')}: {reason}" if failed and not reason.startswith(ECHOES) else None
