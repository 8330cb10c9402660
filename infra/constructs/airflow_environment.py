"""The MWAA environment itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk.aws_mwaa import CfnEnvironment
from constructs import Construct

from infra.acknowledgements import acknowledge
from infra.arns import Arns
from infra.constructs.airflow_log_groups import LOG_KINDS
from infra.constructs.artifact_parameters import ArtifactParameters, WorkerReplacement
from mwaactl.config.environment import EnvironmentConfig
from mwaactl.config.names import LogKind

_DAGS_PATH = "dags"


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the environment runs in and as.

    Attributes:
        role: Its execution role.
        key: The key of the source bucket, which the environment has to use as well.
        subnets: Two private subnets in two availability zones.
    """

    role: iam.IRole
    key: kms.IKey
    security_group: ec2.ISecurityGroup
    subnets: Sequence[ec2.ISubnet]

    @property
    def network(self) -> CfnEnvironment.NetworkConfigurationProperty:
        """Subnets and security group, as MWAA takes them."""
        return CfnEnvironment.NetworkConfigurationProperty(
            subnet_ids=[subnet.subnet_id for subnet in self.subnets],
            security_group_ids=[self.security_group.security_group_id],
        )


class AirflowEnvironment(Construct):
    """AWS::MWAA::Environment, from the configuration and the artifact parameters."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        config: EnvironmentConfig,
        options: Mapping[str, str],
        artifacts: ArtifactParameters,
        replacement: WorkerReplacement,
        surroundings: Surroundings,
    ) -> None:
        super().__init__(scope, construct_id)
        self.resource = CfnEnvironment(
            self,
            "Environment",
            name=config.names.environment_name,
            airflow_version=config.airflow_version,
            airflow_configuration_options=dict(options),
            environment_class=config.environment_class,
            min_workers=config.min_workers,
            max_workers=config.max_workers,
            schedulers=config.schedulers,
            min_webservers=config.min_webservers,
            max_webservers=config.max_webservers,
            webserver_access_mode=config.webserver_access_mode,
            weekly_maintenance_window_start=config.maintenance_window,
            source_bucket_arn=Arns(config.names).source_bucket,
            dag_s3_path=_DAGS_PATH,
            plugins_s3_path=artifacts.plugins.key,
            plugins_s3_object_version=artifacts.plugins.version,
            requirements_s3_path=artifacts.requirements.key,
            requirements_s3_object_version=artifacts.requirements.version,
            startup_script_s3_path=artifacts.startup_script.key,
            startup_script_s3_object_version=artifacts.startup_script.version,
            worker_replacement_strategy=replacement.strategy,
            execution_role_arn=surroundings.role.role_arn,
            kms_key=surroundings.key.key_arn,
            endpoint_management=config.network.endpoint_management,
            network_configuration=surroundings.network,
            logging_configuration=_logging(config),
        )
        acknowledge(self.resource, _accepted(config))


def _accepted(config: EnvironmentConfig) -> dict[str, str]:
    """What is found about the environment and is meant so, by what the configuration says."""
    reasons = {"CloudFormation-Validate::W3030": "While the parameter is empty the property is absent"}
    if config.webserver_access_mode != "PRIVATE_ONLY":
        reasons["MWAA::MW013"] = "The configuration asks for it; IAM says who may sign in"
    if len(config.log_levels) < len(LOG_KINDS):
        reasons["MWAA::MW018"] = "The configuration switches it off"
    return reasons


def _logging(config: EnvironmentConfig) -> CfnEnvironment.LoggingConfigurationProperty:
    return CfnEnvironment.LoggingConfigurationProperty(
        dag_processing_logs=_module(config, "DAGProcessing"),
        scheduler_logs=_module(config, "Scheduler"),
        task_logs=_module(config, "Task"),
        webserver_logs=_module(config, "WebServer"),
        worker_logs=_module(config, "Worker"),
    )


def _module(config: EnvironmentConfig, kind: LogKind) -> CfnEnvironment.ModuleLoggingConfigurationProperty:
    """Logging of one kind; said explicitly when off, because an absent property means "as it was"."""
    level = config.log_levels.get(kind)
    return CfnEnvironment.ModuleLoggingConfigurationProperty(enabled=level is not None, log_level=level)
