"""Ways to AWS services that do not leave the VPC."""

from collections.abc import Sequence

from aws_cdk import aws_ec2 as ec2
from constructs import Construct

from mwaactl.catalog.endpoints import interface_endpoint_services


class S3Endpoint(Construct):
    """The gateway to S3: free of charge, and COPY and UNLOAD go through it."""

    def __init__(
        self, scope: Construct, construct_id: str, *, vpc: ec2.IVpc, subnets: Sequence[ec2.ISubnet]
    ) -> None:
        super().__init__(scope, construct_id)
        ec2.GatewayVpcEndpoint(
            self,
            "Endpoint",
            vpc=vpc,
            service=ec2.GatewayVpcEndpointAwsService.S3,
            subnets=[ec2.SubnetSelection(subnets=list(subnets))],
        )


class InterfaceEndpoints(Construct):
    """One interface endpoint per service, in every given subnet, for a VPC without NAT."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        vpc: ec2.IVpc,
        subnets: Sequence[ec2.ISubnet],
        cidr: str,
    ) -> None:
        super().__init__(scope, construct_id)
        group = ec2.SecurityGroup(
            self, "SecurityGroup", vpc=vpc, description="Interface endpoints", allow_all_outbound=False
        )
        group.add_ingress_rule(ec2.Peer.ipv4(cidr), ec2.Port.HTTPS, "HTTPS from the VPC")
        for service in interface_endpoint_services():
            ec2.InterfaceVpcEndpoint(
                self,
                service,
                vpc=vpc,
                service=ec2.InterfaceVpcEndpointAwsService(service),
                subnets=ec2.SubnetSelection(subnets=list(subnets)),
                security_groups=[group],
                private_dns_enabled=True,
                open=False,
            )
