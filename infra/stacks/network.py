"""The stack with the VPC, its subnets and their way out."""

from aws_cdk import Environment, Stack
from aws_cdk import aws_kms as kms
from constructs import Construct

from infra.constructs.celery_queue import CeleryQueue
from infra.constructs.flow_logs import FlowLogs
from infra.constructs.mwaa_network import MwaaNetwork
from infra.endpoint_policies import Boundary
from mwaactl.catalog.endpoints import interface_endpoint_services
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
        # "Default" is no part of logical ids: https://docs.aws.amazon.com/cdk/v2/guide/identifiers.html
        made = MwaaNetwork(
            self,
            "Default",
            zones=zones[:_MWAA_ZONES],
            cidr=network.cidr,
            nat=network.nat,
            boundary=Boundary.configured(config, self._celery_queue(config)),
            services=_services(config),
            warehouse_zones=zones,
        )
        self.vpc = made.vpc
        self.private_subnets = made.private_subnets
        self.warehouse_subnets = made.warehouse_subnets
        FlowLogs(self, "FlowLogs", vpc=self.vpc, key=key)

    def _celery_queue(self, config: EnvironmentConfig) -> str | None:
        """A parameter, because MWAA names the queue only after the endpoints are there."""
        if config.network.nat != "none" or "sqs" not in _services(config):
            return None
        return CeleryQueue(self, "CeleryQueue", region=config.region).arn


def _services(config: EnvironmentConfig) -> list[str]:
    """Endpoints that must be there before the environment.

    Where its own endpoints are made after it, so is that of SQS, which can then name the queue.
    """
    later = {"sqs"} if config.network.endpoint_management == "CUSTOMER" else set()
    return [each for each in interface_endpoint_services() if each not in later]
