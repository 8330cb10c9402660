"""The stack with the VPC, its subnets and their way out."""

from aws_cdk import Environment, Stack
from aws_cdk import aws_kms as kms
from constructs import Construct

from infra.constructs.flow_logs import FlowLogs
from infra.constructs.vpc import TwoZoneVpc
from infra.constructs.vpc_endpoints import InterfaceEndpoints, S3Endpoint
from infra.constructs.warehouse_subnets import WarehouseSubnets
from mwaactl.config.environment import EnvironmentConfig

_MWAA_ZONES = 2


class NetworkStack(Stack):
    """The VPC: two private subnets for MWAA, three for the warehouse, and NAT or endpoints."""

    def __init__(self, scope: Construct, *, config: EnvironmentConfig, key: kms.IKey) -> None:
        names = config.names
        super().__init__(
            scope,
            names.network_stack,
            env=Environment(account=config.account, region=config.region),
            description=f"Network of {names.prefix}",
        )
        network, zones = config.network, config.availability_zones
        two_zones = TwoZoneVpc(self, "Network", network=network, zones=zones[:_MWAA_ZONES])
        self.vpc = two_zones.vpc
        self.private_subnets = two_zones.private_subnets
        warehouse = WarehouseSubnets(self, "Warehouse", vpc=self.vpc, cidr=network.cidr, zones=zones)
        self.warehouse_subnets = warehouse.subnets
        FlowLogs(self, "FlowLogs", vpc=self.vpc, key=key)
        S3Endpoint(self, "S3", vpc=self.vpc, subnets=[*self.private_subnets, *self.warehouse_subnets])
        if network.nat == "none":
            InterfaceEndpoints(
                self, "Endpoints", vpc=self.vpc, subnets=self.private_subnets, cidr=network.cidr
            )
