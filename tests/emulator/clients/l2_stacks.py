"""Synthesises a stack around an L2 construct that others wrote: `python l2_stacks.py CONSTRUCT FOLDER`.

It runs in an environment of its own, which has the construct's package and the CDK library.
"""

import sys

import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3

VERSION = "3.0.6"


def by_robhan(stack: cdk.Stack, vpc: ec2.Vpc) -> None:
    """Declare an environment with robhan-cdk-lib-aws-mwaa, which wants everything from outside."""
    from robhan_cdk_lib import aws_mwaa

    closed = s3.BlockPublicAccess.BLOCK_ALL
    bucket = s3.Bucket(stack, "Bucket", versioned=True, block_public_access=closed)
    group = ec2.SecurityGroup(stack, "Group", vpc=vpc)
    group.add_ingress_rule(group, ec2.Port.all_traffic())
    services = (iam.ServicePrincipal(f"{name}.amazonaws.com") for name in ("airflow", "airflow-env"))
    role = iam.Role(stack, "Role", assumed_by=iam.CompositePrincipal(*services))
    bucket.grant_read(role)
    aws_mwaa.Environment(
        stack,
        "Environment",
        name=stack.stack_name,
        airflow_configuration_options={},
        airflow_version=aws_mwaa.AirflowVersion.V3_0_6,
        dag_s3_path="dags",
        source_bucket=bucket,
        execution_role=role,
        environment_class=aws_mwaa.EnvironmentClass.MW1_SMALL,
        webserver_access_mode=aws_mwaa.WebserverAccessMode.PUBLIC_ONLY,
        network_configuration=aws_mwaa.NetworkConfiguration(
            security_groups=[group], subnets=vpc.private_subnets
        ),
    )


def by_cdk_mwaa(stack: cdk.Stack, vpc: ec2.Vpc) -> None:
    """Declare an environment with cdk-mwaa, which makes bucket, role and security group itself."""
    import cdk_mwaa

    cdk_mwaa.Environment(
        stack,
        "Environment",
        name=stack.stack_name,
        airflow_version=VERSION,
        dag_storage=cdk_mwaa.DagStorage(
            stack, "Dags", versioned=True, removal_policy=cdk.RemovalPolicy.RETAIN
        ),
        sizing=cdk_mwaa.Sizing.mw1_small(),
        vpc=vpc,
        webserver_access_mode=cdk_mwaa.WebserverAccessMode.PUBLIC_ONLY,
    )


CONSTRUCTS = {"robhan-cdk-lib-aws-mwaa": by_robhan, "cdk-mwaa": by_cdk_mwaa}

if __name__ == "__main__":
    name, folder = sys.argv[1:]
    app = cdk.App(outdir=folder)
    stack = cdk.Stack(app, name, synthesizer=cdk.LegacyStackSynthesizer())
    CONSTRUCTS[name](stack, ec2.Vpc(stack, "Vpc", max_azs=2))
    app.synth()
