"""A whole network for MWAA: VPC, subnets, and ways out or endpoints."""

from collections.abc import Sequence

from aws_cdk import Stack
from aws_cdk import aws_ec2 as ec2
from constructs import Construct

from infra.constructs.vpc import TwoZoneVpc
from infra.constructs.vpc_endpoints import InterfaceEndpoints, S3Endpoint
from infra.constructs.warehouse_subnets import WarehouseSubnets
from infra.endpoint_policies import Boundary
from mwaactl.catalog.access import refused_access
from mwaactl.catalog.endpoints import interface_endpoint_services
from mwaactl.config.environment import AccessMode, Nat


class MwaaNetwork(Construct):
    """A VPC in which an MWAA environment works, with public routing or with private.

    https://docs.aws.amazon.com/mwaa/latest/userguide/networking-about.html

    Args:
        zones: Full names of two availability zones.
        cidr: Range of the VPC's addresses, between /16 and /24; by default `10.192.0.0/16`.
        nat: `one` NAT gateway for both zones (the default), one `per-zone`, or `none`: private routing, with
            an interface endpoint for each service.
        boundary: Whose callers and resources the endpoints let through; by default the stack's account's.
        services: Services with interface endpoints, where there is no NAT gateway; by default those that MWAA
            asks for and those that the pipelines of this project call.
        warehouse_zones: Zones of three more subnets, for Redshift Serverless; by default there are none.
    """

    def __init__(  # noqa: PLR0913 - each is a property of the network
        self,
        scope: Construct,
        construct_id: str,
        *,
        zones: Sequence[str],
        cidr: str = "10.192.0.0/16",
        nat: Nat = "one",
        boundary: Boundary | None = None,
        services: Sequence[str] = interface_endpoint_services(),
        warehouse_zones: Sequence[str] = (),
    ) -> None:
        super().__init__(scope, construct_id)
        inside = boundary or Boundary(Stack.of(self).account)
        two_zones = TwoZoneVpc(self, "Network", zones=zones, cidr=cidr, nat=nat)
        self.vpc = two_zones.vpc
        self.private_subnets = two_zones.private_subnets
        self.warehouse_subnets = self._warehouse(cidr, warehouse_zones)
        self._nat = nat
        S3Endpoint(
            self,
            "S3",
            vpc=self.vpc,
            subnets=[*self.private_subnets, *self.warehouse_subnets],
            boundary=inside,
        )
        if nat == "none":
            InterfaceEndpoints(
                self,
                "Endpoints",
                vpc=self.vpc,
                subnets=self.private_subnets,
                cidr=cidr,
                boundary=inside,
                services=services,
            )

    def access(self, mode: AccessMode, *, airflow_version: str) -> AccessMode:
        """Return the way to the web server, for `webserver_access_mode`, if it works in this network.

        Raises:
            ValueError: The version does not offer it, or no task would reach the web server that way.
        """
        for refusal in refused_access(mode, airflow_version, internet=self._nat != "none"):
            message = f"`webserver_access_mode` {refusal.message}; {refusal.hint}"
            raise ValueError(message)
        return mode

    def _warehouse(self, cidr: str, zones: Sequence[str]) -> list[ec2.ISubnet]:
        if not zones:
            return []
        return WarehouseSubnets(self, "Warehouse", vpc=self.vpc, cidr=cidr, zones=zones).subnets
