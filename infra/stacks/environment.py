"""The stack with the MWAA environment and what belongs to it alone."""

from collections.abc import Sequence

from aws_cdk import CfnOutput, Environment, Stack
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_kms as kms
from constructs import Construct

from infra.arns import Arns
from infra.constructs.airflow_environment import AirflowEnvironment, Surroundings
from infra.constructs.airflow_log_groups import AirflowLogGroups
from infra.constructs.artifact_parameters import ArtifactParameters, WorkerReplacement
from infra.constructs.celery_queue import CeleryQueue
from infra.constructs.customer_endpoints import CustomerEndpoints
from infra.constructs.environment_security_group import EnvironmentSecurityGroup
from infra.constructs.execution_role import ExecutionRole, RoleScope
from infra.constructs.pipeline_policy import PipelinePolicy
from infra.pipeline_options import pipeline_options
from infra.pipelines import Landscape, grant_pipelines
from infra.secrets_backend import secrets_options
from mwaactl.config.environment import EnvironmentConfig


class EnvironmentStack(Stack):
    """Execution role, security group, log groups and the environment."""

    def __init__(
        self,
        scope: Construct,
        *,
        config: EnvironmentConfig,
        key: kms.IKey,
        vpc: ec2.IVpc,
        subnets: Sequence[ec2.ISubnet],
        copy_role_arn: str,
        workgroup_arn: str,
    ) -> None:
        names = config.names
        super().__init__(
            scope,
            names.environment_stack,
            env=Environment(account=config.account, region=config.region),
            description=f"MWAA environment {names.environment_name}",
        )
        arns = Arns(names)
        execution = ExecutionRole(
            self,
            "Execution",
            role_scope=RoleScope(
                environment_name=names.environment_name,
                account=config.account,
                region=config.region,
                source_bucket=names.source_bucket,
                key_arn=key.key_arn,
            ),
            queue=CeleryQueue(self, "CeleryQueue", region=config.region),
        )
        pipelines = PipelinePolicy(self, "Pipelines", role=execution.role)
        grant_pipelines(pipelines, Landscape(arns, key.key_arn, workgroup_arn), config.secrets)
        group = EnvironmentSecurityGroup(
            self, "Security", vpc=vpc, webserver_clients=config.network.webserver_clients
        )
        log_groups = AirflowLogGroups(self, "Logs", names=names, key=key)
        airflow = AirflowEnvironment(
            self,
            "Airflow",
            config=config,
            options={
                **config.airflow_config_options,
                **secrets_options(config.secrets),
                **pipeline_options(names, copy_role_arn=copy_role_arn),
            },
            artifacts=ArtifactParameters(self, "Artifacts"),
            replacement=WorkerReplacement(self, "Replacement"),
            surroundings=Surroundings(
                role=execution.role, key=key, security_group=group.group, subnets=subnets
            ),
        )
        # MWAA tries the role's permissions at creation, and makes log groups of its own where it finds none.
        airflow.node.add_dependency(execution, pipelines, group, log_groups)
        CfnOutput(self, "EnvironmentArn", value=airflow.resource.attr_arn)
        if config.network.endpoint_management == "CUSTOMER":
            CustomerEndpoints(
                self,
                "Customer",
                config=config,
                environment=airflow.resource,
                vpc=vpc,
                subnets=subnets,
                group=group.group,
            )
        else:
            CfnOutput(self, "WebserverUrl", value=airflow.resource.attr_webserver_url)
