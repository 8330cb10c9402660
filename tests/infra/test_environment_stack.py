"""What the MWAA environment promises: its properties, log groups, security group and parameters."""

from typing import Any

import pytest

from infra.constructs.airflow_log_groups import LOG_KINDS
from tests.infra.templates import (
    SynthesisedEnvironment,
    key_import,
    only,
    properties,
    resolved,
    resources,
)

PARAMETERS = {
    "PluginsKey": "PluginsS3Path",
    "PluginsVersion": "PluginsS3ObjectVersion",
    "RequirementsKey": "RequirementsS3Path",
    "RequirementsVersion": "RequirementsS3ObjectVersion",
    "StartupScriptKey": "StartupScriptS3Path",
    "StartupScriptVersion": "StartupScriptS3ObjectVersion",
    "WorkerReplacementStrategy": "WorkerReplacementStrategy",
}


def airflow(environment: SynthesisedEnvironment, **parameters: str) -> dict[str, Any]:
    """Properties of the environment as CloudFormation hands them to MWAA."""
    template = environment.environment
    found: dict[str, Any] = resolved(template, only(template, "AWS::MWAA::Environment"), parameters)
    return found


def test_configuration_reaches_the_environment(prod: SynthesisedEnvironment) -> None:
    config, found = prod.config, airflow(prod)

    assert found["Name"] == "flights-prod"
    assert found["AirflowVersion"] == config.airflow_version
    assert found["EnvironmentClass"] == config.environment_class == "mw1.medium"
    assert (found["MinWorkers"], found["MaxWorkers"]) == (config.min_workers, config.max_workers)
    assert (found["MinWebservers"], found["MaxWebservers"]) == (config.min_webservers, config.max_webservers)
    assert found["Schedulers"] == config.schedulers
    assert found["WebserverAccessMode"] == config.webserver_access_mode
    assert found["WeeklyMaintenanceWindowStart"] == config.maintenance_window == "SUN:03:30"
    assert found["Tags"] == dict(config.tags)
    assert found["DagS3Path"] == "dags"
    assert found["SourceBucketArn"] == f"arn:aws:s3:::{config.names.source_bucket}"


def test_maintenance_window_is_left_to_mwaa_when_none_is_given(local: SynthesisedEnvironment) -> None:
    assert local.config.maintenance_window is None
    assert "WeeklyMaintenanceWindowStart" not in airflow(local)


def test_every_taggable_resource_carries_the_tags(prod: SynthesisedEnvironment) -> None:
    expected = [{"Key": tag, "Value": value} for tag, value in sorted(prod.config.tags.items())]
    assert expected

    for template in prod.templates:
        for each in (*properties(template, "AWS::IAM::Role"), *properties(template, "AWS::Logs::LogGroup")):
            assert each["Tags"] == expected


@pytest.mark.parametrize("property_name", PARAMETERS.values())
def test_artifact_is_absent_while_its_parameter_is_empty(
    prod: SynthesisedEnvironment, property_name: str
) -> None:
    assert property_name not in airflow(prod)


@pytest.mark.parametrize(("parameter", "property_name"), PARAMETERS.items())
def test_artifact_follows_its_parameter_and_no_other(
    prod: SynthesisedEnvironment, parameter: str, property_name: str
) -> None:
    changed = airflow(prod, **{parameter: "some-value"})

    assert changed.pop(property_name) == "some-value"
    assert changed == airflow(prod)


def test_template_has_these_parameters_with_empty_defaults(prod: SynthesisedEnvironment) -> None:
    parameters = {k: v for k, v in prod.environment["Parameters"].items() if k != "BootstrapVersion"}

    assert set(parameters) == {*PARAMETERS, "CeleryQueueArn"}
    assert {(each["Type"], each["Default"]) for each in parameters.values()} == {("String", "")}


def test_dags_learn_their_surroundings_from_options(prod: SynthesisedEnvironment) -> None:
    options = airflow(prod)["AirflowConfigurationOptions"]
    (role,) = resources(prod.warehouse, "AWS::IAM::Role")
    exports = {o["Export"]["Name"]: o["Value"] for o in prod.warehouse["Outputs"].values()}
    copy_role = options.pop("pipelines.warehouse_copy_role_arn")

    assert exports[copy_role["Fn::ImportValue"]] == {"Fn::GetAtt": [role, "Arn"]}
    assert {name: value for name, value in options.items() if name.startswith("pipelines.")} == {
        "pipelines.data_bucket": "flights-prod-data-444455556666-eu-west-1",
        "pipelines.landed_queue_url": "https://sqs.eu-west-1.amazonaws.com/444455556666/flights-prod-landed",
        "pipelines.normalise_function": "flights-prod-normalise",
        "pipelines.notification_topic_arn": "arn:aws:sns:eu-west-1:444455556666:flights-prod-warn",
        "pipelines.serving_table": "flights-prod-serving",
        "pipelines.warehouse_database": "warehouse",
        "pipelines.warehouse_secret_arn": "redshift!flights-prod-admin",
        "pipelines.warehouse_workgroup": "flights-prod",
    }
    assert prod.config.airflow_config_options.items() <= options.items()


def test_switched_off_logs_are_said_to_be_off(without_nat: SynthesisedEnvironment) -> None:
    assert airflow(without_nat)["LoggingConfiguration"] == {
        "DagProcessingLogs": {"Enabled": True, "LogLevel": "ERROR"},
        "SchedulerLogs": {"Enabled": True, "LogLevel": "DEBUG"},
        "TaskLogs": {"Enabled": True, "LogLevel": "INFO"},
        "WebserverLogs": {"Enabled": False},
        "WorkerLogs": {"Enabled": False},
    }


def test_log_groups_have_the_names_that_mwaa_writes_to(without_nat: SynthesisedEnvironment) -> None:
    found = {
        each["LogGroupName"]: each for each in properties(without_nat.environment, "AWS::Logs::LogGroup")
    }

    assert set(found) == {f"airflow-flights-dev-{kind}" for kind in LOG_KINDS}
    assert len(found) == 5
    assert {each["RetentionInDays"] for each in found.values()} == {90}
    assert all(each["KmsKeyId"] == key_import(without_nat) for each in found.values())


def test_environment_uses_the_key_of_its_source_bucket(prod: SynthesisedEnvironment) -> None:
    assert airflow(prod)["KmsKey"] == key_import(prod)


def test_members_of_the_security_group_reach_one_another_and_nobody_else_reaches_them(
    prod: SynthesisedEnvironment,
) -> None:
    (group,) = resources(prod.environment, "AWS::EC2::SecurityGroup")
    group_id = {"Fn::GetAtt": [group, "GroupId"]}
    rule = only(prod.environment, "AWS::EC2::SecurityGroupIngress")

    assert airflow(prod)["NetworkConfiguration"]["SecurityGroupIds"] == [group_id]
    assert (rule["GroupId"], rule["SourceSecurityGroupId"], rule["IpProtocol"]) == (group_id, group_id, "-1")
    assert "SecurityGroupIngress" not in only(prod.environment, "AWS::EC2::SecurityGroup")
    (egress,) = only(prod.environment, "AWS::EC2::SecurityGroup")["SecurityGroupEgress"]
    assert (egress["CidrIp"], egress["IpProtocol"]) == ("0.0.0.0/0", "-1")


def test_environment_waits_for_permissions_log_groups_and_the_rule(prod: SynthesisedEnvironment) -> None:
    (environment,) = resources(prod.environment, "AWS::MWAA::Environment").values()
    needed = ("AWS::IAM::Policy", "AWS::Logs::LogGroup", "AWS::EC2::SecurityGroupIngress")
    expected = [logical_id for kind in needed for logical_id in resources(prod.environment, kind)]

    assert len(expected) == 8
    assert set(expected) <= set(environment["DependsOn"])
