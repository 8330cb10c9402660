"""What an environment with EndpointManagement CUSTOMER needs after it has named its services."""

from collections.abc import Sequence

from aws_cdk import CfnOutput
from aws_cdk import aws_ec2 as ec2
from aws_cdk.aws_mwaa import CfnEnvironment
from constructs import Construct

from infra.constructs.environment_endpoints import EnvironmentEndpoints
from infra.constructs.vpc_endpoints import InterfaceEndpoints
from infra.endpoint_policies import Boundary
from mwaactl.config.environment import EnvironmentConfig


class CustomerEndpoints(Construct):
    """The endpoints themselves, or outputs for the account that shares the VPC and makes them.

    Where the VPC is this project's and has no NAT gateway, so is the endpoint of SQS made here: by now the
    environment's queue has a name, and the endpoint leads to no other.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        config: EnvironmentConfig,
        environment: CfnEnvironment,
        vpc: ec2.IVpc,
        subnets: Sequence[ec2.ISubnet],
        group: ec2.SecurityGroup,
    ) -> None:
        super().__init__(scope, construct_id)
        database = environment.attr_database_vpc_endpoint_service
        webserver = _webserver(config, environment)
        if config.network.vpc is not None and config.network.vpc.owner:
            self._put_out("DatabaseService", database)
            if webserver is not None:
                self._put_out("WebserverService", webserver)
            self._put_out("EnvironmentSecurityGroup", group.security_group_id)
        else:
            EnvironmentEndpoints(
                self,
                "Endpoints",
                vpc=vpc,
                subnets=subnets,
                group=group,
                database_service=database,
                webserver_service=webserver,
            )
        self._put_out("CeleryExecutorQueue", environment.attr_celery_executor_queue)
        if config.network.vpc is None and config.network.nat == "none":
            InterfaceEndpoints(
                self,
                "Services",
                vpc=vpc,
                subnets=subnets,
                cidr=config.network.cidr,
                boundary=Boundary.configured(config, environment.attr_celery_executor_queue),
                services=["sqs"],
            )

    def _put_out(self, name: str, value: str) -> None:
        CfnOutput(self, name, value=value).override_logical_id(name)


def _webserver(config: EnvironmentConfig, environment: CfnEnvironment) -> str | None:
    if config.webserver_access_mode == "PUBLIC_ONLY":
        return None
    return environment.attr_webserver_vpc_endpoint_service
