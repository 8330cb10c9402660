"""The security group that the parts of the MWAA environment share."""

from aws_cdk import aws_ec2 as ec2
from constructs import Construct


class EnvironmentSecurityGroup(Construct):
    """A group whose members reach one another and everything outside.

    MWAA's containers, its database and its endpoints talk to each other through this rule:
    https://docs.aws.amazon.com/mwaa/latest/userguide/vpc-security.html
    """

    def __init__(self, scope: Construct, construct_id: str, *, vpc: ec2.IVpc) -> None:
        super().__init__(scope, construct_id)
        self.group = ec2.SecurityGroup(
            self, "Group", vpc=vpc, description="MWAA environment", allow_all_outbound=True
        )
        self.group.add_ingress_rule(self.group, ec2.Port.all_traffic(), "From the environment itself")
