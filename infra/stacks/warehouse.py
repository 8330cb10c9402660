"""The stack with the data warehouse."""

from collections.abc import Sequence

from aws_cdk import Environment, Stack
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_kms as kms
from constructs import Construct

from infra.constructs.copy_role import CopyRole
from infra.constructs.warehouse import Namespace, Workgroup
from mwaactl.config.environment import EnvironmentConfig


class WarehouseStack(Stack):
    """A Redshift Serverless namespace, its workgroup and the role for COPY and UNLOAD."""

    def __init__(
        self,
        scope: Construct,
        *,
        config: EnvironmentConfig,
        key: kms.IKey,
        vpc: ec2.IVpc,
        subnets: Sequence[ec2.ISubnet],
    ) -> None:
        names = config.names
        super().__init__(
            scope,
            names.warehouse_stack,
            env=Environment(account=config.account, region=config.region),
            description=f"Data warehouse of {names.prefix}",
        )
        copy_role = CopyRole(
            self,
            "Copy",
            bucket=names.data_bucket,
            key_arn=key.key_arn,
            reads=("normalised", "lake", "_assets"),
            writes=("lake",),
        ).role
        namespace = Namespace(self, "Data", names=names, key=key, copy_role=copy_role).namespace
        compute = Workgroup(self, "Compute", names=names, namespace=namespace, vpc=vpc, subnets=subnets)
        self.copy_role_arn = copy_role.role_arn
        self.workgroup_arn = compute.workgroup.attr_workgroup_workgroup_arn
