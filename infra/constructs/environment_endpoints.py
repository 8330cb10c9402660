"""The VPC endpoints of an environment whose EndpointManagement is CUSTOMER."""

from collections.abc import Sequence

from aws_cdk import aws_ec2 as ec2
from constructs import Construct

_POSTGRESQL = 5432


class EnvironmentEndpoints(Construct):
    """The ways to the environment's database and, unless it is public only, to its web server.

    MWAA names their services while the environment is PENDING, and goes on when they are there.
    CloudFormation takes an environment that is PENDING for created, so that they may stand in the
    environment's own stack, or in one of the account that shares the VPC.
    https://docs.aws.amazon.com/mwaa/latest/userguide/vpc-endpoint-management.html

    Args:
        vpc: The VPC of the environment.
        subnets: The environment's two subnets.
        group: A security group that lets the environment in; its own, where that is at hand.
        database_service: Attribute DatabaseVpcEndpointService of the environment.
        webserver_service: Attribute WebserverVpcEndpointService; None with PUBLIC_ONLY, which has none.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        vpc: ec2.IVpc,
        subnets: Sequence[ec2.ISubnet],
        group: ec2.ISecurityGroup,
        database_service: str,
        webserver_service: str | None,
    ) -> None:
        super().__init__(scope, construct_id)
        wanted = {"Database": ec2.InterfaceVpcEndpointService(database_service, _POSTGRESQL)}
        if webserver_service is not None:
            wanted["Webserver"] = ec2.InterfaceVpcEndpointService(webserver_service)
        for name, service in wanted.items():
            ec2.InterfaceVpcEndpoint(
                self,
                name,
                vpc=vpc,
                service=service,
                subnets=ec2.SubnetSelection(subnets=list(subnets)),
                security_groups=[group],
                # The names of these endpoints are MWAA's business: the services have no private one.
                private_dns_enabled=False,
                open=False,
            )
