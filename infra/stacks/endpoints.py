"""The stack of the account that shares its VPC: the environment's endpoints in it."""

from aws_cdk import CfnParameter, Environment, Stack
from aws_cdk import aws_ec2 as ec2
from constructs import Construct

from infra.constructs.environment_endpoints import EnvironmentEndpoints
from infra.constructs.existing_network import ExistingNetwork
from mwaactl.config.environment import EnvironmentConfig, ExistingVpc

_SERVICE = r"com\.amazonaws\.vpce\.[a-z0-9-]+\.vpce-svc-[0-9a-f]+"
_GROUP = r"sg-[0-9a-f]{8,17}"


class EndpointsStack(Stack):
    """Endpoints to the database and the web server, from what the environment's stack puts out.

    Only the VPC's owner can make endpoints in it:
    https://docs.aws.amazon.com/vpc/latest/userguide/vpc-sharing.html
    """

    def __init__(self, scope: Construct, *, config: EnvironmentConfig, vpc: ExistingVpc) -> None:
        names = config.names
        super().__init__(
            scope,
            names.endpoints_stack,
            env=Environment(account=vpc.owner, region=config.region),
            description=f"VPC endpoints of the MWAA environment {names.environment_name}",
        )
        network = ExistingNetwork(
            self, "Network", vpc_id=vpc.vpc_id, zones=config.availability_zones, subnet_ids=vpc.subnets
        )
        public_only = config.webserver_access_mode == "PUBLIC_ONLY"
        EnvironmentEndpoints(
            self,
            "Endpoints",
            vpc=network.vpc,
            subnets=network.private_subnets,
            group=self._group(network.vpc, config.account),
            database_service=self._given("DatabaseService", _SERVICE),
            webserver_service=None if public_only else self._given("WebserverService", _SERVICE),
        )

    def _group(self, vpc: ec2.IVpc, account: str) -> ec2.SecurityGroup:
        """A group that lets in the environment's own, which belongs to the other account."""
        group = ec2.SecurityGroup(
            self, "SecurityGroup", vpc=vpc, description="Endpoints of MWAA", allow_all_outbound=False
        )
        members = ec2.Peer.security_group_id(self._given("EnvironmentSecurityGroup", _GROUP), account)
        group.add_ingress_rule(members, ec2.Port.HTTPS, "The environment to its web server")
        group.add_ingress_rule(members, ec2.Port.POSTGRES, "The environment to its database")
        return group

    def _given(self, name: str, pattern: str) -> str:
        description = "As the environment's stack puts it out"
        return CfnParameter(self, name, allowed_pattern=pattern, description=description).value_as_string
