"""Environments over boto3: created, shown, updated, deleted, and what happens when Airflow does not run."""

from __future__ import annotations

import json
import re
import socket
import threading
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError
from moto.events.models import events_backends

from mwaactl.aws.mwaa import Environments
from mwaactl.config.load import load_config
from mwaactl.emulator.event_bus.models import TellingEventsBackend
from mwaactl.emulator.mwaa.application import service_apps
from mwaactl.emulator.mwaa.host import ArtifactRef, HostFailure, NothingRunsFailure, UpdatePhase
from tests.fakes.fake_airflow_host import FakeAirflowHosts

if TYPE_CHECKING:
    from pathlib import Path

    from mwaactl.emulator.loopback_services import LoopbackServices
    from tests.emulator.mwaa.conftest import World

EVENTS_MAY_SEND = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": "events.amazonaws.com"},
                "Action": "sqs:SendMessage",
                "Resource": "*",
            }
        ],
    }
)


def test_environment_is_creating_until_airflow_is_healthy(world: World) -> None:
    host = world.hosts.prepare("slow")
    host.gate.clear()
    answer = world.mwaa.create_environment(**world.request("slow"))
    assert answer["Arn"] == "arn:aws:airflow:us-east-1:123456789012:environment/slow"
    assert world.wait("slow", "CREATING")["LastUpdate"]["Status"] == "PENDING"
    host.gate.set()
    assert world.wait("slow", "AVAILABLE")["LastUpdate"]["Status"] == "SUCCESS"


def test_available_environment_shows_what_clients_read(world: World) -> None:
    logging = {"TaskLogs": {"Enabled": True, "LogLevel": "WARNING"}}
    shown = world.create("shown", LoggingConfiguration=logging, Tags={"team": "data"})
    assert shown["EnvironmentClass"] == "mw1.small"
    assert (shown["MinWorkers"], shown["MaxWorkers"], shown["Schedulers"]) == (1, 10, 2)
    assert shown["NetworkConfiguration"] == world.network
    assert shown["Tags"] == {"team": "data"}
    assert re.fullmatch(r"localhost:\d+", shown["WebserverUrl"])
    assert shown["LoggingConfiguration"]["TaskLogs"] == {
        "Enabled": True,
        "LogLevel": "WARNING",
        "CloudWatchLogGroupArn": "arn:aws:logs:us-east-1:123456789012:log-group:airflow-shown-Task",
    }
    assert shown["LoggingConfiguration"]["WorkerLogs"] == {"Enabled": False, "LogLevel": "INFO"}
    assert "PluginsS3Path" not in shown
    assert "DatabaseVpcEndpointService" not in shown


@pytest.mark.parametrize("name", ["mw1.micro", "mw1.small", "mw1.large"])
def test_an_environment_of_a_class_has_the_size_that_a_configuration_of_it_has(
    world: World, tmp_path: Path, name: str
) -> None:
    environment = "[environments.local]\naccount = '123456789012'\nregion = 'us-east-1'"
    (tmp_path / "mwaactl.toml").write_text(f"project = 'p'\n{environment}\nenvironment_class = '{name}'\n")
    world.create("sized", EnvironmentClass=name)

    found = Environments(world.mwaa).find("sized")

    assert found is not None
    assert found.size == load_config(tmp_path / "mwaactl.toml").environments["local"].size


def test_environment_brings_its_log_groups_queue_and_service_role(world: World) -> None:
    logging = {"SchedulerLogs": {"Enabled": True, "LogLevel": "INFO"}}
    shown = world.create("owner", LoggingConfiguration=logging)
    groups = world.client("logs").describe_log_groups(logGroupNamePrefix="airflow-owner-")["logGroups"]
    assert [group["logGroupName"] for group in groups] == ["airflow-owner-Scheduler"]
    queue = shown["CeleryExecutorQueue"].rpartition(":")[2]
    assert world.client("sqs").get_queue_url(QueueName=queue)["QueueUrl"].endswith(queue)
    role = world.client("iam").get_role(RoleName=shown["ServiceRoleArn"].rpartition("/")[2])["Role"]
    assert role["Arn"] == shown["ServiceRoleArn"]


def test_log_group_made_beforehand_keeps_its_retention(world: World) -> None:
    logs = world.client("logs")
    logs.create_log_group(logGroupName="airflow-kept-Task")
    logs.put_retention_policy(logGroupName="airflow-kept-Task", retentionInDays=7)
    world.create("kept", LoggingConfiguration={"TaskLogs": {"Enabled": True, "LogLevel": "INFO"}})
    [group] = logs.describe_log_groups(logGroupNamePrefix="airflow-kept-")["logGroups"]
    assert group["retentionInDays"] == 7


def test_host_gets_every_setting_that_decides_how_airflow_runs(world: World) -> None:
    version = world.put("artifacts/requirements.txt", b"attrs\n")
    shown = world.create(
        "exact",
        RequirementsS3Path="artifacts/requirements.txt",
        RequirementsS3ObjectVersion=version,
        AirflowConfigurationOptions={"core.default_task_retries": "2"},
        EnvironmentClass="mw1.micro",
        LoggingConfiguration={"DagProcessingLogs": {"Enabled": True, "LogLevel": "ERROR"}},
    )
    [spec] = world.hosts.hosts["exact"].specs
    assert spec.requirements == ArtifactRef("artifacts/requirements.txt", version)
    assert spec.plugins is None
    assert spec.source_bucket == world.bucket
    assert spec.config_options == {"core.default_task_retries": "2"}
    assert spec.environment_class == "mw1.micro"
    assert spec.log_levels == {"DAGProcessing": "ERROR"}
    assert spec.execution_role_arn == world.role_arn
    assert spec.web_url == f"http://{shown['WebserverUrl']}"


def test_airflow_that_does_not_start_makes_create_failed_with_the_reason(world: World) -> None:
    world.hosts.prepare("broken").fail_with = HostFailure("INCORRECT_CONFIGURATION", "no such provider")
    world.mwaa.create_environment(**world.request("broken"))
    last = world.wait("broken", "CREATE_FAILED")["LastUpdate"]
    assert last["Status"] == "FAILED"
    assert last["Error"] == {"ErrorCode": "INCORRECT_CONFIGURATION", "ErrorMessage": "no such provider"}
    with pytest.raises(ClientError, match="cannot update"):
        world.mwaa.update_environment(Name="broken", MaxWorkers=2)
    world.mwaa.delete_environment(Name="broken")
    _assert_gone(world, "broken")


def test_update_applies_and_keeps_what_it_does_not_name(world: World) -> None:
    world.create("updated", AirflowConfigurationOptions={"core.parallelism": "8"})
    version = world.put("artifacts/plugins.zip", b"PK")

    def update_gracefully() -> None:
        world.mwaa.update_environment(
            Name="updated",
            PluginsS3Path="artifacts/plugins.zip",
            PluginsS3ObjectVersion=version,
            WorkerReplacementStrategy="GRACEFUL",
        )

    with pytest.raises(ClientError, match=r"GRACEFUL needs an earlier update with .* FORCED"):
        update_gracefully()
    world.mwaa.update_environment(Name="updated", MaxWorkers=3)
    world.wait("updated", "AVAILABLE")
    update_gracefully()
    shown = world.wait("updated", "AVAILABLE")
    assert shown["PluginsS3ObjectVersion"] == version
    assert shown["AirflowConfigurationOptions"] == {"core.parallelism": "8"}
    assert shown["LastUpdate"]["WorkerReplacementStrategy"] == "GRACEFUL"
    running = world.hosts.hosts["updated"].running
    assert running is not None
    assert running.plugins == ArtifactRef("artifacts/plugins.zip", version)
    assert world.hosts.hosts["updated"].strategies == ["FORCED", "GRACEFUL"]


def test_empty_path_detaches_an_artifact(world: World) -> None:
    version = world.put("artifacts/startup.sh", b"true\n")
    path = "artifacts/startup.sh"
    world.create("detached", StartupScriptS3Path=path, StartupScriptS3ObjectVersion=version)
    world.mwaa.update_environment(Name="detached", StartupScriptS3Path="", StartupScriptS3ObjectVersion="")
    assert "StartupScriptS3Path" not in world.wait("detached", "AVAILABLE")
    assert world.hosts.hosts["detached"].specs[-1].startup_script is None


def test_failed_update_shows_what_still_runs_and_a_later_one_heals(world: World) -> None:
    world.create("healed")
    host = world.hosts.hosts["healed"]
    host.fail_with = HostFailure("INCORRECT_CONFIGURATION", "No matching distribution found for nonsense")
    world.mwaa.update_environment(Name="healed", DagS3Path="other")
    shown = world.wait("healed", "UPDATE_FAILED")
    assert shown["DagS3Path"] == "dags"
    assert "nonsense" in shown["LastUpdate"]["Error"]["ErrorMessage"]
    assert world.mwaa.invoke_rest_api(Name="healed", Path="/dags", Method="GET")["RestApiStatusCode"] == 200
    host.fail_with = None
    world.mwaa.update_environment(Name="healed", DagS3Path="other")
    healed = world.wait("healed", "AVAILABLE")
    assert (healed["DagS3Path"], "Error" in healed["LastUpdate"]) == ("other", False)


def test_update_after_which_nothing_runs_leaves_the_environment_unavailable(world: World) -> None:
    world.create("lost")
    world.hosts.hosts["lost"].fail_with = NothingRunsFailure("INTERNAL_ERROR", "the scheduler keeps ending")
    world.mwaa.update_environment(Name="lost", AirflowVersion="3.2.1")
    assert world.wait("lost", "UNAVAILABLE")["LastUpdate"]["Status"] == "FAILED"
    with pytest.raises(ClientError, match="its status is UNAVAILABLE"):
        world.mwaa.create_cli_token(Name="lost")
    world.mwaa.delete_environment(Name="lost")
    _assert_gone(world, "lost")


@pytest.mark.parametrize("operation", ["update_environment", "delete_environment"])
def test_operation_during_an_update_is_refused(world: World, operation: str) -> None:
    name = f"busy-{operation.partition('_')[0]}"
    world.create(name)
    host = world.hosts.hosts[name]
    host.gate.clear()
    world.mwaa.update_environment(Name=name, MaxWorkers=3)
    with pytest.raises(ClientError, match="is in status UPDATING") as caught:
        getattr(world.mwaa, operation)(Name=name)
    assert caught.value.response["Error"]["Code"] == "ValidationException"
    host.gate.set()
    assert world.wait(name, "AVAILABLE")["MaxWorkers"] == 3


def test_update_shows_each_phase_while_the_environment_serves(world: World) -> None:
    world.create("phases")
    host = world.hosts.hosts["phases"]
    host.phases = (UpdatePhase.SNAPSHOT, UpdatePhase.APPLYING, UpdatePhase.ROLLBACK)
    host.fail_with = HostFailure("INTERNAL_ERROR", "the scheduler was not healthy")
    world.mwaa.update_environment(Name="phases", WorkerReplacementStrategy="FORCED")
    for status in ("CREATING_SNAPSHOT", "UPDATING", "ROLLING_BACK"):
        world.wait("phases", status)
        assert world.mwaa.create_cli_token(Name="phases")["CliToken"]
        host.phase_gate.release()
    assert world.wait("phases", "UPDATE_FAILED")["LastUpdate"]["Error"]["ErrorCode"] == "INTERNAL_ERROR"
    assert host.strategies == ["FORCED"]


def test_rule_hears_of_each_new_status(world: World) -> None:
    usual, events_backends.backend = events_backends.backend, TellingEventsBackend
    events, sqs = world.client("events"), world.client("sqs")
    try:
        queue = sqs.create_queue(QueueName="statuses")["QueueUrl"]
        sqs.set_queue_attributes(QueueUrl=queue, Attributes={"Policy": EVENTS_MAY_SEND})
        pattern = {"source": ["aws.airflow"], "detail-type": ["MWAA Environment Status Change"]}
        events.put_rule(Name="statuses", EventPattern=json.dumps(pattern))
        target = {"Id": "queue", "Arn": "arn:aws:sqs:us-east-1:123456789012:statuses"}
        events.put_targets(Rule="statuses", Targets=[target])

        world.create("told")
        world.mwaa.delete_environment(Name="told")
        told: list[dict[str, Any]] = []
        while len(told) < 3:
            answer = sqs.receive_message(QueueUrl=queue, WaitTimeSeconds=10, MaxNumberOfMessages=10)
            told += [json.loads(each["Body"]) for each in answer["Messages"]]
    finally:
        events.remove_targets(Rule="statuses", Ids=["queue"])
        events.delete_rule(Name="statuses")
        events_backends.backend = usual

    assert {each["detail"]["status"] for each in told} == {"AVAILABLE", "DELETING", "DELETED"}
    assert {(each["account"], each["region"], *each["resources"]) for each in told} == {
        ("123456789012", "us-east-1", "arn:aws:airflow:us-east-1:123456789012:environment/told")
    }


def test_name_that_exists_is_refused(world: World) -> None:
    world.create("twice")
    with pytest.raises(ClientError, match="already exists"):
        world.mwaa.create_environment(**world.request("twice"))


def test_deleted_environment_is_gone_with_its_queue_and_its_airflow(world: World) -> None:
    queue = world.create("deleted")["CeleryExecutorQueue"].rpartition(":")[2]
    world.mwaa.delete_environment(Name="deleted")
    _assert_gone(world, "deleted")
    assert world.hosts.hosts["deleted"].running is None
    with pytest.raises(ClientError, match="does not exist"):
        world.client("sqs").get_queue_url(QueueName=queue)


def test_shutdown_ends_airflow_and_front_door_even_in_the_middle_of_a_creation(
    world: World, emulated_aws: LoopbackServices
) -> None:
    hosts = FakeAirflowHosts()
    apps = service_apps(world.settings, hosts)
    emulated_aws.apps.update(apps)
    done = world.create("done")
    hosts.prepare("half").gate.clear()
    world.mwaa.create_environment(**world.request("half"))
    threading.Timer(0.1, hosts.hosts["half"].gate.set).start()
    apps.shutdown()
    assert [host.running for host in hosts.hosts.values()] == [None, None]
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", int(done["WebserverUrl"].rpartition(":")[2])))


def test_unforeseen_failure_while_starting_does_not_leave_the_environment_creating(world: World) -> None:
    world.hosts.prepare("odd").surprise = RuntimeError("nobody thought of this")
    world.mwaa.create_environment(**world.request("odd"))
    error = world.wait("odd", "CREATE_FAILED")["LastUpdate"]["Error"]
    assert error == {"ErrorCode": "INTERNAL_FAILURE", "ErrorMessage": "RuntimeError: nobody thought of this"}


def test_unforeseen_failure_of_an_operation_is_an_internal_server_exception(world: World) -> None:
    world.create("crash")
    world.hosts.hosts["crash"].surprise = RuntimeError("no key")
    with pytest.raises(ClientError) as caught:
        world.mwaa.invoke_rest_api(Name="crash", Path="/dags", Method="GET")
    assert caught.value.response["Error"]["Code"] == "InternalServerException"


def _poll_deleted(world: World, name: str) -> None:
    """Ask for an environment that is deleted, which may still be found for a moment, until nothing is."""
    for _ in range(100):
        world.wait(name, "DELETED")
        threading.Event().wait(0.02)


def _assert_gone(world: World, name: str) -> None:
    with pytest.raises(ClientError) as caught:
        _poll_deleted(world, name)
    assert caught.value.response["Error"]["Code"] == "ResourceNotFoundException"
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 404
