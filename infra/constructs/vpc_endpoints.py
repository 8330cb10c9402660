"""Ways to AWS services that do not leave the VPC."""

from collections.abc import Sequence

from aws_cdk import Stack
from aws_cdk import aws_ec2 as ec2
from constructs import Construct

from infra.endpoint_policies import Boundary, gateway_statements, interface_statements
from mwaactl.catalog.endpoints import interface_endpoint_services


class S3Endpoint(Construct):
    """The gateway to S3: free of charge, and COPY and UNLOAD go through it.

    It lets through your own callers to your own buckets, and what MWAA reads of AWS's.
    https://docs.aws.amazon.com/mwaa/latest/userguide/vpc-security.html

    Args:
        vpc: Where it stands.
        subnets: Private subnets whose route tables lead to it.
        boundary: Whose callers and buckets pass.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        vpc: ec2.IVpc,
        subnets: Sequence[ec2.ISubnet],
        boundary: Boundary,
    ) -> None:
        super().__init__(scope, construct_id)
        self.endpoint = ec2.GatewayVpcEndpoint(
            self,
            "Endpoint",
            vpc=vpc,
            service=ec2.GatewayVpcEndpointAwsService.S3,
            subnets=[ec2.SubnetSelection(subnets=list(subnets))],
        )
        for statement in gateway_statements(boundary, Stack.of(self).region):
            self.endpoint.add_to_policy(statement)


class InterfaceEndpoints(Construct):
    """One interface endpoint per service, in every given subnet, for a VPC without NAT.

    https://docs.aws.amazon.com/mwaa/latest/userguide/vpc-vpe-create-access.html

    Args:
        vpc: Where they stand; its DNS support and host names must be on.
        subnets: MWAA's two subnets.
        cidr: Range of the addresses that reach them, on port 443.
        boundary: Whose callers and resources pass.
        services: As in `com.amazonaws.REGION.SERVICE`; by default those that MWAA asks for and those that
            the pipelines of this project call.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        vpc: ec2.IVpc,
        subnets: Sequence[ec2.ISubnet],
        cidr: str,
        boundary: Boundary,
        services: Sequence[str] = interface_endpoint_services(),
    ) -> None:
        super().__init__(scope, construct_id)
        group = ec2.SecurityGroup(
            self, "SecurityGroup", vpc=vpc, description="Interface endpoints", allow_all_outbound=False
        )
        group.add_ingress_rule(ec2.Peer.ipv4(cidr), ec2.Port.HTTPS, "HTTPS from the VPC")
        for service in services:
            endpoint = ec2.InterfaceVpcEndpoint(
                self,
                service,
                vpc=vpc,
                service=ec2.InterfaceVpcEndpointAwsService(service),
                subnets=ec2.SubnetSelection(subnets=list(subnets)),
                security_groups=[group],
                private_dns_enabled=True,
                open=False,
            )
            for statement in interface_statements(service, boundary, Stack.of(self).region):
                endpoint.add_to_policy(statement)
