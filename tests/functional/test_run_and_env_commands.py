from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from mwaactl.errors import OperationError
from tests.fakes.in_memory_aws import FixedIdentity

if TYPE_CHECKING:
    from tests.fakes.command_line import CommandLine


@pytest.fixture
def deployed(mwaactl: CommandLine) -> CommandLine:
    assert mwaactl("deploy").code == 0
    return mwaactl


# mwaactl run trigger flights
def test_trigger_unpauses_a_paused_dag_and_says_so(deployed: CommandLine) -> None:
    deployed.aws.airflow.paused = {"flights"}

    result = deployed("run", "trigger", "flights")

    assert (result.code, result.stdout) == (0, "manual__1 queued\n")
    assert result.stderr == "flights was paused; it is unpaused now\ntriggered flights, run manual__1\n"
    assert deployed.aws.airflow.paused == set()


# mwaactl run trigger flights --wait --conf '{"day": 1}'
def test_trigger_and_wait_tells_the_progress(deployed: CommandLine) -> None:
    deployed.aws.airflow.run_states = ["queued", "running", "success"]

    result = deployed("run", "trigger", "flights", "--wait", "--conf", '{"day": 1}')

    assert (result.code, result.stdout) == (0, "manual__1 success\n")
    assert result.stderr.splitlines()[-3:] == [
        "flights is queued: 1 success",
        "flights is running: 1 success",
        "flights is success: 1 success",
    ]
    assert deployed.aws.airflow.runs[0]["conf"] == {"day": 1}


# mwaactl run trigger flights --wait
@pytest.mark.parametrize(("looks", "least", "most"), [(2, 0.5, 0.6), (100, 150, 2 * 99)])
def test_a_run_is_asked_for_less_often_the_longer_it_takes(
    deployed: CommandLine, looks: int, least: float, most: float
) -> None:
    clock = deployed.aws.clock
    deployed.aws.airflow.run_states = ["running"] * (looks - 1) + ["success"]
    began = clock.now()

    assert deployed("run", "trigger", "flights", "--wait").code == 0

    assert least <= (clock.now() - began).total_seconds() <= most


# mwaactl run trigger flights --wait
def test_a_failed_run_names_the_task_and_shows_its_log(deployed: CommandLine) -> None:
    deployed.aws.airflow.run_states = ["failed"]
    deployed.aws.airflow.task_states = {"load": "failed", "publish": "upstream_failed"}
    stream = "dag_id=flights/run_id=manual__1/task_id=load/attempt=1.log"
    deployed.aws.logs.contents["airflow-flights-local-Task", stream] = (
        '{"event": "loading", "level": "info"}',
        "plain line",
    )

    result = deployed("run", "trigger", "flights", "--wait")

    assert result.code == 1
    assert result.stderr.split("error: ")[1] == (
        "run `manual__1` of `flights` failed: `load`\n\n"
        "last lines of the log of `load`:\n"
        "  info: loading\n"
        "  plain line\n"
    )


# mwaactl run trigger flights --wait
def test_a_failed_attempt_is_told_once_and_at_once(deployed: CommandLine) -> None:
    deployed.aws.airflow.run_states = ["running", "running", "success"]
    deployed.aws.airflow.task_states = {"load": "up_for_retry"}
    stream = "dag_id=flights/run_id=manual__1/task_id=load/attempt=1.log"
    cause = {"exc_type": "OSError", "exc_value": "full"}
    line = json.dumps({"event": "Task failed", "level": "error", "error_detail": [cause]})
    deployed.aws.logs.contents["airflow-flights-local-Task", stream] = (line,)

    result = deployed("run", "trigger", "flights", "--wait")

    told = [line for line in result.stderr.splitlines() if "tried again" in line]
    assert told == ["load failed and will be tried again: OSError: full"]


# mwaactl run trigger flights --wait
def test_waiting_outlasts_a_web_server_that_cannot_answer_for_a_moment(deployed: CommandLine) -> None:
    deployed.aws.airflow.refusals = [OperationError("not now", context={"status": "502"})]

    assert deployed("run", "trigger", "flights", "--wait").stdout == "manual__1 success\n"


# mwaactl run trigger flights --wait
def test_waiting_ends_where_airflow_refuses_for_good(deployed: CommandLine) -> None:
    deployed.aws.airflow.refusals = [OperationError("not you", context={"status": "403"})]

    result = deployed("run", "trigger", "flights", "--wait")

    assert (result.code, result.stderr.splitlines()[-1]) == (1, "error: not you")


# mwaactl run trigger flights --wait --timeout 10
def test_a_run_that_takes_too_long_is_an_error(deployed: CommandLine) -> None:
    deployed.aws.airflow.run_states = ["running"]

    result = deployed("run", "trigger", "flights", "--wait", "--timeout", "10")

    assert result.code == 1
    assert "is still running after 0:00:10" in result.stderr


# mwaactl run trigger nope
def test_an_unknown_dag_is_an_error_that_lists_the_known_ones(deployed: CommandLine) -> None:
    result = deployed("run", "trigger", "nope")

    assert result.code == 1
    assert result.stderr == "error: Airflow knows no DAG `nope`\n\nhint: there are: flights\n"


# mwaactl run trigger nope
def test_an_unknown_dag_is_an_error_that_lists_no_more_than_three_of_many(deployed: CommandLine) -> None:
    for number in range(5):
        deployed.write(f"dags/tenant_{number}.py", f"from airflow.sdk import DAG\nDAG('tenant_{number}')\n")
    assert deployed("deploy").code == 0

    result = deployed("run", "trigger", "nope")

    assert result.code == 1
    assert result.stderr.splitlines()[-1] == "hint: there are: flights, tenant_0, tenant_1 …"


# mwaactl run trigger flihgts
def test_an_unknown_dag_is_an_error_that_names_the_nearest_one(deployed: CommandLine) -> None:
    result = deployed("run", "trigger", "flihgts")

    assert result.code == 1
    assert result.stderr == "error: Airflow knows no DAG `flihgts`\n\nhint: did you mean `flights`?\n"


# mwaactl run trigger flights --conf '[1]'
def test_a_configuration_that_is_no_object_is_a_usage_error_before_aws_is_asked(mwaactl: CommandLine) -> None:
    assert mwaactl("run", "trigger", "flights", "--conf", "[1]").code == 2
    assert mwaactl("run", "trigger", "flights", "--conf", "{").code == 2


# mwaactl run trigger flights
def test_nothing_is_triggered_with_the_credentials_of_another_account(deployed: CommandLine) -> None:
    deployed.aws.identity = FixedIdentity("999999999999")

    result = deployed("run", "trigger", "flights")

    assert result.code == 1
    assert (
        "`local` belongs to account 123456789012, and the credentials to account 999999999999"
        in result.stderr
    )
    assert deployed.aws.airflow.runs == []


# mwaactl run list flights
def test_list_shows_the_newest_run_first(deployed: CommandLine) -> None:
    deployed.aws.airflow.run_states = ["success"]
    deployed("run", "trigger", "flights")
    deployed("run", "trigger", "flights")

    result = deployed("run", "list", "flights")

    assert [line.split()[:2] for line in result.stdout.splitlines()] == [
        ["RUN", "STATE"],
        ["manual__2", "success"],
        ["manual__1", "success"],
    ]


# mwaactl run list flights --json
def test_list_as_json(deployed: CommandLine) -> None:
    deployed("run", "trigger", "flights")

    runs = json.loads(deployed("run", "list", "flights", "--json").stdout)["runs"]

    assert [each["run_id"] for each in runs] == ["manual__1"]


# mwaactl env show
def test_show_tells_status_and_release(deployed: CommandLine) -> None:
    release = json.loads(deployed.aws.bucket.contents["releases/current.json"])

    shown = json.loads(deployed("env", "show", "--json").stdout)

    assert (shown["name"], shown["status"]) == ("flights-local", "AVAILABLE")
    assert shown["release"] == release["id"]
    assert f"release                {release['id']}" in deployed("env", "show").stdout


# mwaactl env open --print
def test_open_prints_the_sign_in_address(deployed: CommandLine) -> None:
    result = deployed("env", "open", "--print")

    assert result.stdout == "http://localhost:4578/aws_mwaa/aws-console-sso?login=true#t0k3n\n"


# mwaactl env show
def test_an_environment_that_does_not_exist_is_an_error(mwaactl: CommandLine) -> None:
    result = mwaactl("env", "show", "--json")

    assert result.code == 1
    assert json.loads(result.stdout) == {
        "error": "environment `flights-local` does not exist",
        "code": "environment.absent",
        "hint": "create it with `mwaactl deploy -e local`",
        "context": {},
    }
