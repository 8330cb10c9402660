"""Redshift Serverless: the namespace that holds the data and the workgroup that computes."""

from collections.abc import Sequence

from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_redshiftserverless as redshiftserverless
from constructs import Construct

from infra.admin_secret import ADMIN_USER
from infra.retention import HOLDS_DATA
from mwaactl.catalog.warehouse import base_capacity
from mwaactl.config.names import Names


class Namespace(Construct):
    """A database whose administrator's password Redshift makes up, keeps in Secrets Manager and rotates."""

    def __init__(
        self, scope: Construct, construct_id: str, *, names: Names, key: kms.IKey, copy_role: iam.IRole
    ) -> None:
        super().__init__(scope, construct_id)
        self.namespace = redshiftserverless.CfnNamespace(
            self,
            "Namespace",
            namespace_name=names.namespace,
            db_name=names.database,
            admin_username=ADMIN_USER,
            manage_admin_password=True,
            admin_password_secret_kms_key_id=key.key_id,
            kms_key_id=key.key_id,
            iam_roles=[copy_role.role_arn],
            default_iam_role_arn=copy_role.role_arn,
            log_exports=["connectionlog", "useractivitylog", "userlog"],
        )
        self.namespace.apply_removal_policy(HOLDS_DATA)


class Workgroup(Construct):
    """Compute in private subnets that nothing connects to: SQL arrives through the Redshift Data API."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        names: Names,
        namespace: redshiftserverless.CfnNamespace,
        vpc: ec2.IVpc,
        subnets: Sequence[ec2.ISubnet],
    ) -> None:
        super().__init__(scope, construct_id)
        group = ec2.SecurityGroup(
            self, "SecurityGroup", vpc=vpc, description="Redshift Serverless", allow_all_outbound=False
        )
        group.add_egress_rule(ec2.Peer.any_ipv4(), ec2.Port.HTTPS, "S3, through the gateway endpoint")
        self.workgroup = redshiftserverless.CfnWorkgroup(
            self,
            "Workgroup",
            workgroup_name=names.workgroup,
            namespace_name=namespace.ref,
            base_capacity=base_capacity(),
            subnet_ids=[subnet.subnet_id for subnet in subnets],
            security_group_ids=[group.security_group_id],
            publicly_accessible=False,
            enhanced_vpc_routing=True,
        )
