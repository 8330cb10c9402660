"""What MWAA refuses, over boto3 with the client's own checks off, so that the service must refuse it."""

from __future__ import annotations

import uuid
from functools import cache
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from mwaactl.catalog.versions import airflow_versions

if TYPE_CHECKING:
    from tests.emulator.mwaa.conftest import World


@cache
def _unchecked_client(endpoint_url: str) -> Any:
    """A client that sends what it is given."""
    return boto3.client(
        "mwaa",
        region_name="us-east-1",
        endpoint_url=endpoint_url,
        aws_access_key_id="emulator",
        aws_secret_access_key="emulator",
        config=Config(inject_host_prefix=False, parameter_validation=False),
    )


def _refusal(world: World, changes: dict[str, Any] | None = None, *, name: str = "refused") -> str:
    request = world.request(name, **(changes or {}))
    with pytest.raises(ClientError) as caught:
        _unchecked_client(world.settings.endpoint_url).create_environment(**request)
    response: Any = caught.value.response
    assert response["Error"]["Code"] == "ValidationException"
    assert response["ResponseMetadata"]["HTTPStatusCode"] == 400
    assert world.mwaa.list_environments()["Environments"] == []
    return str(response["Error"]["Message"])


@pytest.mark.parametrize(
    "member", ["ExecutionRoleArn", "SourceBucketArn", "DagS3Path", "NetworkConfiguration"]
)
def test_missing_member_is_named(world: World, member: str) -> None:
    where = member[0].lower() + member[1:]
    assert f"Value null at '{where}' failed to satisfy constraint" in _refusal(world, {member: None})


def test_name_must_begin_with_a_letter(world: World) -> None:
    assert "Value '1st' at 'name' failed to satisfy constraint" in _refusal(world, name="1st")


def test_unknown_airflow_version_lists_the_known_ones(world: World) -> None:
    message = _refusal(world, {"AirflowVersion": "3.1.0"})
    assert all(version in message for version in airflow_versions())


@pytest.mark.parametrize(
    ("changes", "part"),
    [
        ({"EnvironmentClass": "mw1.huge"}, "Invalid environment class mw1.huge"),
        ({"EnvironmentClass": "mw1.micro", "MaxWorkers": 2}, "MaxWorkers must be between 1 and 1"),
        ({"MinWorkers": 5, "MaxWorkers": 2}, "MinWorkers must not be greater than MaxWorkers"),
        ({"Schedulers": 1}, "Schedulers must be between 2 and 5"),
        ({"Schedulers": 6}, "less than or equal to 5"),
        ({"WebserverAccessMode": "OPEN"}, "Member must satisfy enum value set"),
        (
            {"WebserverAccessMode": "PUBLIC_AND_PRIVATE", "AirflowVersion": "3.0.6"},
            "requires Airflow 3.2.1 or later",
        ),
        ({"AirflowConfigurationOptions": {"core.multi_team": "True"}}, "core.multi_team is not allowed"),
        ({"AirflowConfigurationOptions": {"Core.x": "1"}}, "regular expression pattern"),
        ({"LoggingConfiguration": {"TaskLogs": {"Enabled": True, "LogLevel": "LOUD"}}}, "enum value set"),
        (
            {"LoggingConfiguration": {"TaskLogs": {"Enabled": True}}},
            "'loggingConfiguration.taskLogs.logLevel'",
        ),
        ({"PluginsS3Path": "plugins.zip"}, "PluginsS3ObjectVersion is required"),
        ({"RequirementsS3ObjectVersion": "abc"}, "RequirementsS3Path is required"),
        ({"DagS3Path": "s3://bucket/dags"}, "must be relative to the bucket"),
        ({"WeeklyMaintenanceWindowStart": "MON:12:15"}, "regular expression pattern"),
        ({"Tags": {"aws:owner": "me"}}, "reserved"),
        ({"Tags": {"owner": "x" * 257}}, "less than or equal to 256"),
        ({"SourceBucketArn": "arn:aws:s3:::nowhere-at-all"}, "nowhere-at-all does not exist"),
        ({"ExecutionRoleArn": "arn:aws:iam::123456789012:role/nobody"}, "role/nobody does not exist"),
        ({"ExecutionRoleArn": "arn:aws:iam::123456789012:role/no/path/nobody"}, "nobody does not exist"),
        ({"KmsKey": "alias/none"}, "Unable to read the KMS key alias/none"),
        ({"Teams": {"team": {"SourceBucketArn": "arn:aws:s3:::b", "DagS3Path": "d"}}}, "not modelled"),
    ],
)
def test_request_that_mwaa_refuses(world: World, changes: dict[str, Any], part: str) -> None:
    assert part in _refusal(world, changes)


@pytest.mark.parametrize("count", [1, 3])
def test_number_of_subnets_other_than_two_is_refused(world: World, count: int) -> None:
    subnets = (world.network["SubnetIds"] * 2)[:count]
    message = _refusal(world, {"NetworkConfiguration": world.network | {"SubnetIds": subnets}})
    assert "at 'networkConfiguration.subnetIds' failed to satisfy constraint" in message


def test_same_subnet_twice_is_refused(world: World) -> None:
    subnets = world.network["SubnetIds"][:1] * 2
    message = _refusal(world, {"NetworkConfiguration": world.network | {"SubnetIds": subnets}})
    assert "exactly two subnets" in message


def test_subnet_that_does_not_exist_is_refused(world: World) -> None:
    subnets = [world.network["SubnetIds"][0], "subnet-00000000"]
    message = _refusal(world, {"NetworkConfiguration": world.network | {"SubnetIds": subnets}})
    assert "subnet-00000000" in message


def test_six_security_groups_are_refused(world: World) -> None:
    groups = [f"sg-{number}" for number in range(6)]
    message = _refusal(world, {"NetworkConfiguration": world.network | {"SecurityGroupIds": groups}})
    assert "less than or equal to 5" in message


def test_secret_values_of_options_do_not_show_in_the_refusal(world: World) -> None:
    message = _refusal(world, {"AirflowConfigurationOptions": {"smtp.smtp_password": "geheim\u00e9"}})
    assert "geheim" not in message


def test_bucket_without_versioning_is_refused(world: World) -> None:
    bucket = f"plain-{uuid.uuid4()}"
    world.client("s3").create_bucket(Bucket=bucket)
    assert "versioning" in _refusal(world, {"SourceBucketArn": f"arn:aws:s3:::{bucket}"})


def test_bucket_open_to_the_public_is_refused(world: World) -> None:
    world.client("s3").delete_public_access_block(Bucket=world.bucket)
    assert "does not have BlockPublicAccess set" in _refusal(world)


def test_object_version_that_does_not_exist_is_refused(world: World) -> None:
    world.put("artifacts/requirements.txt", b"")
    path = "artifacts/requirements.txt"
    message = _refusal(world, {"RequirementsS3Path": path, "RequirementsS3ObjectVersion": "gone"})
    assert f"Unable to read version gone of file {path}" in message


def test_update_checks_as_creation_does_and_changes_nothing(world: World) -> None:
    world.create("steady")
    with pytest.raises(ClientError, match=r"Unable to read version gone of file plugins\.zip"):
        world.mwaa.update_environment(
            Name="steady", PluginsS3Path="plugins.zip", PluginsS3ObjectVersion="gone"
        )
    assert world.mwaa.get_environment(Name="steady")["Environment"]["Status"] == "AVAILABLE"
    assert len(world.hosts.hosts["steady"].specs) == 1


def test_step_from_an_old_airflow_2_to_3_is_refused(world: World) -> None:
    world.create("old", AirflowVersion="2.10.3")
    with pytest.raises(ClientError, match=r"upgrade to 2\.11\.x first"):
        world.mwaa.update_environment(Name="old", AirflowVersion="3.3.1")


def test_step_from_airflow_3_to_an_old_airflow_2_is_refused(world: World) -> None:
    world.create("new", AirflowVersion="3.0.6")
    with pytest.raises(ClientError, match=r"downgrade to 2\.11\.x first"):
        world.mwaa.update_environment(Name="new", AirflowVersion="2.10.3")
    world.mwaa.update_environment(Name="new", AirflowVersion="2.11.2")
    assert world.wait("new", "AVAILABLE")["AirflowVersion"] == "2.11.2"


@pytest.mark.parametrize(
    ("operation", "arguments"),
    [
        ("get_environment", {"Name": "absent"}),
        ("update_environment", {"Name": "absent"}),
        ("delete_environment", {"Name": "absent"}),
        ("create_cli_token", {"Name": "absent"}),
        ("create_web_login_token", {"Name": "absent"}),
        ("invoke_rest_api", {"Name": "absent", "Path": "/dags", "Method": "GET"}),
        (
            "list_tags_for_resource",
            {"ResourceArn": "arn:aws:airflow:us-east-1:123456789012:environment/absent"},
        ),
    ],
)
def test_environment_that_does_not_exist_is_not_found(
    world: World, operation: str, arguments: dict[str, Any]
) -> None:
    with pytest.raises(ClientError) as caught:
        getattr(world.mwaa, operation)(**arguments)
    assert caught.value.response["Error"]["Code"] == "ResourceNotFoundException"
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 404
