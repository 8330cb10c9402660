"""AWS::EC2::VPCEndpoint."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from mwaactl.emulator.cloudformation.resource_type import Physical
from mwaactl.emulator.cloudformation.types.ec2_type import Ec2Type

if TYPE_CHECKING:
    from mwaactl.emulator.cloudformation.resource_type import Properties

_SETS = {"RouteTableIds": "RouteTableIds", "SecurityGroupIds": "SecurityGroupIds", "SubnetIds": "SubnetIds"}

_EVERYTHING = json.dumps(
    {
        "Version": "2008-10-17",
        "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}],
    }
)


class VpcEndpoint(Ec2Type):
    """A gateway or interface endpoint."""

    type_name = "AWS::EC2::VPCEndpoint"
    properties = frozenset(
        {"PolicyDocument", "PrivateDnsEnabled", "ServiceName", "Tags", "VpcEndpointType", "VpcId", *_SETS}
    )
    replaced_by = frozenset({"ServiceName", "VpcEndpointType", "VpcId"})
    attributes = frozenset({"Id"})
    gone = ("InvalidVpcEndpointId.NotFound", "InvalidVpcEndpoint.NotFound")

    def make(self, ec2: Any, properties: Properties) -> Physical:  # noqa: ANN401
        """Create the endpoint."""
        wanted = {name: value for name, value in properties.items() if name not in {"Tags", "PolicyDocument"}}
        made = ec2.create_vpc_endpoint(**wanted, **_policy(properties))["VpcEndpoint"]["VpcEndpointId"]
        return Physical(made, {"Id": made})

    def change(self, ec2: Any, physical: Physical, old: Properties, new: Properties) -> Physical:  # noqa: ANN401
        """Add and remove what the endpoint is tied to."""
        request: dict[str, Any] = {"VpcEndpointId": physical.physical_id}
        for name in _SETS:
            before, after = old.get(name, []), new.get(name, [])
            if added := [item for item in after if item not in before]:
                request[f"Add{name}"] = added
            if removed := [item for item in before if item not in after]:
                request[f"Remove{name}"] = removed
        if old.get("PrivateDnsEnabled") != new.get("PrivateDnsEnabled"):
            request["PrivateDnsEnabled"] = bool(new.get("PrivateDnsEnabled"))
        # moto does not know ResetPolicy, which puts this document in the place of a policy.
        policy = {"PolicyDocument": _EVERYTHING} if "PolicyDocument" in old else {}
        ec2.modify_vpc_endpoint(**request, **{**policy, **_policy(new)})
        return physical

    def remove(self, ec2: Any, physical: Physical, properties: Properties) -> None:  # noqa: ANN401, ARG002
        """Delete the endpoint."""
        ec2.delete_vpc_endpoints(VpcEndpointIds=[physical.physical_id])


def _policy(properties: Properties) -> dict[str, str]:
    document = properties.get("PolicyDocument")
    return {"PolicyDocument": json.dumps(document)} if document else {}
