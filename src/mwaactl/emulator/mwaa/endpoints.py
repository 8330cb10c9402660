"""VPC endpoints of EndpointManagement CUSTOMER: an environment is PENDING until the customer has made them.

https://docs.aws.amazon.com/mwaa/latest/userguide/vpc-vpe-access.html
"""

from __future__ import annotations

import uuid
from time import monotonic
from typing import TYPE_CHECKING, Any

from mwaactl.catalog.limits import limits
from mwaactl.emulator.mwaa.host import HostFailure

if TYPE_CHECKING:
    from collections.abc import Mapping
    from threading import Event

    from mwaactl.emulator.mwaa.surroundings import Client

DATABASE, WEB_SERVER = "DatabaseVpcEndpointService", "WebserverVpcEndpointService"
PAUSE = 0.5


def endpoint_services(members: Mapping[str, Any], region: str) -> dict[str, str]:
    """Return the names of the services to connect to, as members of the environment.

    A web server that is public only needs no endpoint.

    Args:
        members: The environment's members.
        region: Its region.
    """
    public = members["WebserverAccessMode"] == "PUBLIC_ONLY"
    wanted = (DATABASE,) if public else (DATABASE, WEB_SERVER)
    return {name: f"com.amazonaws.vpce.{region}.vpce-svc-{uuid.uuid4().hex[:17]}" for name in wanted}


def await_endpoints(members: Mapping[str, Any], ec2: Client, abandoned: Event) -> None:
    """Return when there is an endpoint for each service in the environment's VPC, or nobody waits any more.

    Args:
        members: The environment's members, with the services.
        ec2: A client of EC2 in its region.
        abandoned: Set when the environment is deleted or the emulator ends.

    Raises:
        HostFailure: There is none after the 72 hours that MWAA waits.
    """
    deadline = monotonic() + limits().endpoint_wait_seconds
    services = {members[name] for name in (DATABASE, WEB_SERVER) if name in members}
    subnets = members["NetworkConfiguration"]["SubnetIds"]
    vpc = ec2.describe_subnets(SubnetIds=subnets)["Subnets"][0]["VpcId"]
    while not services <= _connected(vpc, ec2):
        if abandoned.wait(PAUSE):
            return
        if monotonic() > deadline:
            msg = "INCORRECT_CONFIGURATION"
            raise HostFailure(msg, "the VPC endpoints were not created within 72 hours")


def _connected(vpc: str, ec2: Client) -> set[str]:
    found = ec2.get_paginator("describe_vpc_endpoints").paginate()
    endpoints = [endpoint for page in found for endpoint in page["VpcEndpoints"]]
    return {
        endpoint["ServiceName"]
        for endpoint in endpoints
        if endpoint["VpcId"] == vpc and endpoint["State"] != "deleted"
    }
