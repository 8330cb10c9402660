"""From nothing to a green pipeline, and what may go wrong after: the real Airflow on the emulated AWS.

The tests share one deployment and run in the order of this file; the ones that break things come last.
"""

import json
import os
import re
import signal
import time
import urllib.request
from http.cookiejar import CookieJar
from typing import Any

import pytest

from mwaactl.catalog.alarms import alarms
from tests.emulator.end_to_end import expected_figures as expected
from tests.emulator.end_to_end.landed_data import DATA_BUCKET, SOURCE_BUCKET, aws, query
from tests.emulator.end_to_end.processes import processes_of
from tests.emulator.end_to_end.project_copy import ProjectCopy
from tests.emulator.end_to_end.second_run import CARRIERS, SecondRun
from tests.fakes.browser import new_page

pytestmark = pytest.mark.timeout(900)

TYPO_DAG = """from airflow.sdk import DAG

with DAG("broken", schedule=None):
    undefined_operator(task_id="nothing")
"""


def test_the_environment_is_available_with_what_the_repository_holds(deployed: ProjectCopy) -> None:
    found = aws(deployed, "mwaa").get_environment(Name="flights-local")["Environment"]

    assert found["Status"] == "AVAILABLE"
    assert found["AirflowVersion"] == "3.3.1"
    assert found["PluginsS3Path"] == "artifacts/plugins.zip"
    assert found["RequirementsS3Path"] == "artifacts/requirements.txt"
    assert found["StartupScriptS3Path"] == "artifacts/startup.sh"
    assert all(found[f"{kind}S3ObjectVersion"] for kind in ("Plugins", "Requirements", "StartupScript"))


def test_a_second_deployment_changes_nothing(deployed: ProjectCopy) -> None:
    plan = deployed.mwaactl("plan", "-e", "local", "--check")
    assert plan.returncode == 0, plan.stdout
    before = _versions(deployed)

    again = deployed.mwaactl("deploy", "-e", "local")

    assert again.returncode == 0, again.stderr
    assert _versions(deployed) == before


def test_the_aws_command_line_agrees_with_the_emulator(deployed: ProjectCopy) -> None:
    exports = deployed.exports()

    listed = deployed.run("aws", "mwaa", "list-environments", environment=exports)
    shown = deployed.run("aws", "mwaa", "get-environment", "--name", "flights-local", environment=exports)

    assert json.loads(listed.stdout)["Environments"] == ["flights-local"], listed.stderr
    environment = json.loads(shown.stdout)["Environment"]
    assert (environment["Status"], environment["EnvironmentClass"]) == ("AVAILABLE", "mw1.small")


def test_carriers_agree_with_the_csv_files(pipeline_run: ProjectCopy) -> None:
    rows = query(
        pipeline_run,
        "SELECT carrier, flights, cancelled, average_departure_delay, average_arrival_delay, percent_late "
        "FROM mart.delay_by_carrier",
    )

    found = {carrier: tuple(float(figure) for figure in figures) for carrier, *figures in rows}

    figures = expected.delay_by_carrier()
    assert set(found) == set(figures)
    for carrier, expectation in figures.items():
        assert found[carrier] == pytest.approx(expectation, abs=0.0051), carrier


def test_routes_and_weather_agree_with_the_csv_files(pipeline_run: ProjectCopy) -> None:
    routes = query(pipeline_run, "SELECT origin, dest, flights FROM mart.delay_by_route")
    weather = query(
        pipeline_run, "SELECT weather, flights, average_departure_delay FROM mart.delay_by_weather"
    )

    assert {(origin, dest): flights for origin, dest, flights in routes} == expected.flights_by_route()
    figures = expected.delay_by_weather()
    assert {name: flights for name, flights, _ in weather} == {name: one[0] for name, one in figures.items()}
    for name, _, delay in weather:
        assert float(delay) == pytest.approx(figures[name][1], abs=0.0051), name


def test_the_impossible_row_is_in_quarantine_with_its_reason(pipeline_run: ProjectCopy) -> None:
    s3 = aws(pipeline_run, "s3")
    listed = s3.list_objects_v2(Bucket=DATA_BUCKET, Prefix="quarantine/nyc_flights/").get("Contents", [])
    bodies = [s3.get_object(Bucket=DATA_BUCKET, Key=each["Key"])["Body"].read() for each in listed]

    assert any(b"wind_speed" in _plain(body) and b"1048" in _plain(body) for body in bodies), listed


def test_a_summary_lies_in_the_lake(pipeline_run: ProjectCopy) -> None:
    listed = aws(pipeline_run, "s3").list_objects_v2(Bucket=DATA_BUCKET, Prefix="lake/nyc_flights/")

    assert any(each["Key"].endswith(".parquet") and each["Size"] > 0 for each in listed["Contents"])


def test_a_second_run_gives_the_same_tables(pipeline_run: ProjectCopy, second_run: SecondRun) -> None:
    assert second_run.healed.returncode == 0, second_run.healed.stdout + second_run.healed.stderr
    assert len(second_run.carriers_before) == len(expected.delay_by_carrier())
    assert query(pipeline_run, CARRIERS) == second_run.carriers_before == second_run.carriers_between
    assert query(pipeline_run, 'SELECT COUNT(*) FROM "raw".flights') == [(len(expected.table("flights")),)]


def test_task_logs_are_in_cloudwatch(pipeline_run: ProjectCopy) -> None:
    logs = aws(pipeline_run, "logs")
    streams = logs.describe_log_streams(logGroupName="airflow-flights-local-Task")["logStreams"]

    pattern = r"dag_id=nyc_flights_elt/run_id=manual__[^/:]+/task_id=\w+/(map_index=\d+/)?attempt=\d+\.log"
    assert any(re.fullmatch(pattern, stream["logStreamName"]) for stream in streams), streams


def test_metrics_of_airflow_and_its_containers_are_in_cloudwatch(pipeline_run: ProjectCopy) -> None:
    environment = {"Name": "Environment", "Value": "flights-local"}
    succeeded = [{"Name": "DAG", "Value": "All"}, {"Name": "Task", "Value": "All"}, environment]
    beats = [{"Name": "Function", "Value": "Scheduler"}, environment]
    cluster = [{"Name": "Cluster", "Value": "Scheduler"}, environment]
    wanted = (
        ("AmazonMWAA", "TaskInstanceSuccesses", succeeded),
        ("AmazonMWAA", "SchedulerHeartbeat", beats),
        ("AWS/MWAA", "CPUUtilization", cluster),
        ("AWS/MWAA", "RunningTasks", [environment]),
    )
    cloudwatch, deadline = aws(pipeline_run, "cloudwatch"), time.monotonic() + 90
    found: dict[str, float] = {}
    while len(found) < len(wanted) and time.monotonic() < deadline:
        for namespace, name, dimensions in wanted:
            now = time.time()
            answer = cloudwatch.get_metric_statistics(
                Namespace=namespace,
                MetricName=name,
                Dimensions=dimensions,
                StartTime=now - 3600,
                EndTime=now,
                Period=3600,
                Statistics=["Maximum"],
            )
            if answer["Datapoints"]:
                found[name] = answer["Datapoints"][0]["Maximum"]
        time.sleep(1)

    assert found.keys() == {name for _, name, _ in wanted}
    assert found["TaskInstanceSuccesses"] > 0
    assert found["SchedulerHeartbeat"] > 0
    assert 0 < found["CPUUtilization"] <= 100


def test_the_environment_is_watched(deployed: ProjectCopy) -> None:
    found = aws(deployed, "cloudwatch").describe_alarms(AlarmNamePrefix="flights-local-")["MetricAlarms"]

    assert len(found) == len(alarms())
    assert {each["AlarmActions"][0].rpartition(":")[2] for each in found} == {
        "flights-local-page",
        "flights-local-warn",
    }


def test_signing_in_leads_to_the_airflow_ui(deployed: ProjectCopy) -> None:
    url = deployed.mwaactl("env", "open", "--print", "-e", "local").stdout.strip()
    page, _, token = url.partition("#")
    host = page.partition("/aws_mwaa")[0]
    jar = CookieJar()
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))

    browser.open(f"{host}/pluginsv2/aws_mwaa/login", data=f"token={token}".encode(), timeout=30).read()
    home = browser.open(f"{host}/", timeout=30).read().decode()

    assert "<title>Airflow</title>" in home
    assert "_token" in {cookie.name for cookie in jar}


def test_a_browser_signs_in_sees_the_dag_and_opens_a_tasks_log(pipeline_run: ProjectCopy) -> None:
    mwaa = aws(pipeline_run, "mwaa")
    runs = mwaa.invoke_rest_api(Name="flights-local", Path="/dags/nyc_flights_elt/dagRuns", Method="GET")
    run = runs["RestApiResponse"]["dag_runs"][0]["dag_run_id"]
    given = mwaa.create_web_login_token(Name="flights-local")
    site = f"http://{given['WebServerHostname']}"

    with new_page() as page:
        page.goto(f"{site}/aws_mwaa/aws-console-sso?login=true#{given['WebToken']}")
        page.wait_for_url(re.compile(rf"{re.escape(site)}/(\?.*)?$"))
        page.goto(f"{site}/dags")
        page.get_by_role("link", name="nyc_flights_elt", exact=True).first.click()
        page.wait_for_url(f"{site}/dags/nyc_flights_elt**")
        page.goto(f"{site}/dags/nyc_flights_elt/runs/{run}/tasks/await_landing")
        said = page.get_by_text("Poking for key").first.inner_text()

    assert "landing/nyc_flights/" in said


def test_a_typo_fails_the_deployment_with_file_line_and_error(deployed: ProjectCopy) -> None:
    broken = deployed.root / "dags" / "broken.py"
    broken.write_text(TYPO_DAG, encoding="utf-8")
    try:
        done = deployed.mwaactl("deploy", "-e", "local")
    finally:
        broken.unlink()

    assert done.returncode == 1
    assert "dags/broken.py" in done.stderr
    assert re.search(r"broken\.py\D+4\b", done.stderr), done.stderr
    assert "NameError: name 'undefined_operator' is not defined" in done.stderr
    assert "dags/broken.py" in _keys(deployed)

    again = deployed.mwaactl("deploy", "-e", "local")

    assert again.returncode == 0, again.stderr
    assert "dags/broken.py" not in _keys(deployed)


def test_a_requirement_that_does_not_exist_leaves_the_environment_as_it_was(deployed: ProjectCopy) -> None:
    requirements = deployed.root / "requirements" / "requirements.txt"
    text = requirements.read_text(encoding="utf-8")
    before = aws(deployed, "mwaa").get_environment(Name="flights-local")["Environment"]
    # The index of the test knows its packages by their metadata only, so that pip gets no further than those.
    requirements.write_text("no-such-package-of-ours==1.0\n", encoding="utf-8")
    try:
        done = deployed.mwaactl("deploy", "-e", "local")
    finally:
        requirements.write_text(text, encoding="utf-8")

    assert done.returncode == 1
    assert "no-such-package-of-ours" in done.stderr + done.stdout
    assert aws(deployed, "mwaa").get_environment(Name="flights-local")["Environment"] == before


def test_a_killed_component_is_started_again_and_the_status_says_so(deployed: ProjectCopy) -> None:
    before = _components(deployed)
    assert set(before) == {"api-server", "scheduler", "dag-processor", "triggerer"}

    os.kill(before["triggerer"]["pid"], signal.SIGKILL)

    deadline = time.monotonic() + 60
    while _restarts_of_the_triggerer(deployed) == 0 and time.monotonic() < deadline:
        time.sleep(0.5)
    after = _components(deployed)
    assert after["triggerer"] | {"pid": 0} == {
        "name": "triggerer",
        "pid": 0,
        "restarts": 1,
        "exit_code": -signal.SIGKILL,
    }
    assert after["triggerer"]["pid"] != before["triggerer"]["pid"]
    assert after["scheduler"] == before["scheduler"]


def test_down_leaves_nothing_running(deployed: ProjectCopy) -> None:
    assert processes_of(deployed.root)

    done = deployed.mwaactl("emulator", "down")

    assert done.returncode == 0, done.stderr
    assert processes_of(deployed.root) == set()


def _restarts_of_the_triggerer(project: ProjectCopy) -> int:
    [environment] = project.environments()
    components = environment["airflow"]["components"]
    return next(int(each["restarts"]) for each in components if each["name"] == "triggerer")


def _components(project: ProjectCopy) -> dict[str, Any]:
    [environment] = project.environments()
    return {component["name"]: component for component in environment["airflow"]["components"]}


def _keys(project: ProjectCopy) -> set[str]:
    listed = aws(project, "s3").list_objects_v2(Bucket=SOURCE_BUCKET, Prefix="dags/")["Contents"]
    return {each["Key"] for each in listed}


def _versions(project: ProjectCopy) -> set[tuple[str, str]]:
    pages = aws(project, "s3").get_paginator("list_object_versions").paginate(Bucket=SOURCE_BUCKET)
    versions: list[Any] = [one for page in pages for one in page.get("Versions", [])]
    return {(one["Key"], one["VersionId"]) for one in versions}


def _plain(body: bytes) -> bytes:
    import gzip

    return gzip.decompress(body) if body.startswith(b"\x1f\x8b") else body
