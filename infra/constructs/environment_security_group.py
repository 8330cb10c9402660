"""The security group that the parts of the MWAA environment share."""

from collections.abc import Iterable

from aws_cdk import aws_ec2 as ec2
from constructs import Construct


class EnvironmentSecurityGroup(Construct):
    """A group whose members reach one another and everything outside.

    MWAA's containers, its database and its endpoints talk to each other through this rule:
    https://docs.aws.amazon.com/mwaa/latest/userguide/vpc-security.html

    Args:
        vpc: Where the environment stands.
        webserver_clients: Address ranges that reach a private web server, whose endpoint is a member; by
            default nobody does but other members.
            https://docs.aws.amazon.com/mwaa/latest/userguide/tutorials-private-network-bastion.html
    """

    def __init__(
        self, scope: Construct, construct_id: str, *, vpc: ec2.IVpc, webserver_clients: Iterable[str] = ()
    ) -> None:
        super().__init__(scope, construct_id)
        self.group = ec2.SecurityGroup(
            self, "Group", vpc=vpc, description="MWAA environment", allow_all_outbound=True
        )
        self.group.add_ingress_rule(self.group, ec2.Port.all_traffic(), "From the environment itself")
        for cidr in webserver_clients:
            self.group.add_ingress_rule(ec2.Peer.ipv4(cidr), ec2.Port.HTTPS, "Browsers to the web server")
