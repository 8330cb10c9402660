"""AWS::EC2::FlowLog."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mwaactl.emulator.cloudformation.faults import ResourceFailure
from mwaactl.emulator.cloudformation.resource_type import Physical, picked
from mwaactl.emulator.cloudformation.types.ec2_type import Ec2Type

if TYPE_CHECKING:
    from mwaactl.emulator.cloudformation.resource_type import Properties

_PASSED = (
    "DeliverLogsPermissionArn",
    "LogDestination",
    "LogDestinationType",
    "LogFormat",
    "LogGroupName",
    "MaxAggregationInterval",
    "ResourceType",
    "TrafficType",
)


class FlowLog(Ec2Type):
    """The record of a network's traffic."""

    type_name = "AWS::EC2::FlowLog"
    properties = frozenset({*_PASSED, "ResourceId", "Tags"})
    replaced_by = frozenset({*_PASSED, "ResourceId"})
    attributes = frozenset({"Id"})
    gone = ("InvalidFlowLogId.NotFound",)

    def make(self, ec2: Any, properties: Properties) -> Physical:  # noqa: ANN401
        """Switch the flow log on."""
        made = ec2.create_flow_logs(ResourceIds=[properties["ResourceId"]], **picked(properties, *_PASSED))
        if refused := made.get("Unsuccessful"):
            raise ResourceFailure(str(refused[0]["Error"]["Message"]))
        return Physical(made["FlowLogIds"][0], {"Id": made["FlowLogIds"][0]})

    def remove(self, ec2: Any, physical: Physical, properties: Properties) -> None:  # noqa: ANN401, ARG002
        """Switch the flow log off."""
        ec2.delete_flow_logs(FlowLogIds=[physical.physical_id])
