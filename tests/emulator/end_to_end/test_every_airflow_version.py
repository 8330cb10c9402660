"""An environment of each Airflow version that the demo does not run on: deployed, run, signed in to.

The demo's environment, which other tests share, is of the newest version. The tests of one version share one
environment and run in the order of this file.
"""

import json
import os
import re
import signal
import time
import urllib.error
import urllib.request
from base64 import b64decode
from collections.abc import Iterator
from dataclasses import dataclass
from http.cookiejar import CookieJar
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from tests.emulator.end_to_end.landed_data import LOOPBACK, REGION, aws
from tests.emulator.end_to_end.project_copy import ProjectCopy
from tests.emulator.end_to_end.small_project import (
    BROKEN_DAG,
    DAG_ID,
    DATA_BUCKET,
    RESULT_KEY,
    small_project,
)
from tests.fakes.package_index import package_index

pytestmark = [pytest.mark.whole, pytest.mark.timeout(900)]

NAME = "flights-local"
LOGIN_PATHS = {2: "/aws_mwaa/login", 3: "/pluginsv2/aws_mwaa/login"}
WEB_SERVERS = {2: "webserver", 3: "api-server"}


@dataclass(frozen=True)
class Deployed:
    """A deployed project and its Airflow version."""

    project: ProjectCopy
    version: str

    @property
    def major(self) -> int:
        return int(self.version[0])

    def client(self, service: str) -> Any:
        return aws(self.project, service)

    def succeed(self, *arguments: str) -> str:
        done = self.project.mwaactl(*arguments, "-e", "local")
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


@pytest.fixture(scope="module", params=["2.10.3", "2.11.2", "3.0.6", "3.2.1"])
def deployed(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployed]:
    """Start an emulator and deploy to it; stop it whatever happens."""
    with package_index() as index_url:
        project = small_project(tmp_path_factory.mktemp("project"), index_url, request.param)
        up = project.mwaactl("emulator", "up")
        try:
            assert up.returncode == 0, up.stderr
            found = Deployed(project, request.param)
            found.succeed("deploy")
            yield found
        finally:
            project.mwaactl("emulator", "down")


def test_an_environment_of_this_version_is_available(deployed: Deployed) -> None:
    environment = deployed.client("mwaa").get_environment(Name=NAME)["Environment"]

    assert (environment["Status"], environment["AirflowVersion"]) == ("AVAILABLE", deployed.version)
    assert components(deployed).keys() == {
        WEB_SERVERS[deployed.major],
        "scheduler",
        "dag-processor",
        "triggerer",
    }
    assert deployed.succeed("plan") == "local: nothing to do\n"


def test_a_task_acts_as_the_execution_role(deployed: Deployed) -> None:
    deployed.succeed("run", "trigger", DAG_ID, "--wait")

    written = deployed.client("s3").get_object(Bucket=DATA_BUCKET, Key=RESULT_KEY)["Body"].read().decode()
    role = deployed.client("mwaa").get_environment(Name=NAME)["Environment"]["ExecutionRoleArn"]
    word, plugin, retries, caller = written.split()
    assert (word, plugin, retries) == ("archive", "plugin", "standard")
    assert f":assumed-role/{role.rpartition('/')[2]}/" in caller


def test_what_a_task_says_is_in_cloudwatch(deployed: Deployed) -> None:
    pattern = rf"dag_id={DAG_ID}/run_id=manual__[^/:]+/task_id=greet/attempt=1\.log"
    deadline = time.monotonic() + 30  # Airflow 3.0 sends them some seconds after the task has succeeded
    while not (found := messages(deployed, "Task")) and time.monotonic() < deadline:
        time.sleep(0.5)

    [stream] = found
    assert re.fullmatch(pattern, stream)
    assert any("greet says archive plugin standard" in message for message in found[stream]), found[stream]


def test_components_and_parsed_files_have_their_log_streams(deployed: Deployed) -> None:
    parsed = {2: "scheduler_greets.py.log", 3: "scheduler_dag_processor_greets.py.log"}[deployed.major]

    assert parsed in messages(deployed, "DAGProcessing")
    for kind, beginning in (
        ("Scheduler", "scheduler_"),
        ("Scheduler", "triggerer_"),
        ("WebServer", "webserver_"),
    ):
        streams = messages(deployed, kind)
        assert any(re.fullmatch(rf"{beginning}.+_\d+\.log", name) for name in streams), streams


def test_signing_in_leads_to_the_airflow_ui(deployed: Deployed) -> None:
    page, _, token = deployed.succeed("env", "open", "--print").strip().partition("#")
    host = page.partition("/aws_mwaa")[0]
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))

    anonymous = browser.open(f"{host}/", timeout=30).read().decode()
    login = f"{host}{LOGIN_PATHS[deployed.major]}"
    browser.open(login, data=f"token={token}".encode(), timeout=30).read()
    home = browser.open(f"{host}/", timeout=30).read().decode()

    assert f"Signing in to {NAME}" in anonymous or deployed.major == 3
    assert re.search(r"<title>\s*(DAGs - )?Airflow\s*</title>", home)
    assert (f"/dags/{DAG_ID}/" in home) == (deployed.major == 2)  # Airflow 3 fetches its list by script


@pytest.mark.parametrize(
    ("role", "allowed"), [("Admin", True), ("Op", True), ("User", True), ("Viewer", False), ("Public", False)]
)
def test_iam_decides_the_airflow_role(deployed: Deployed, role: str, allowed: bool) -> None:  # noqa: FBT001
    mwaa = client_with_role(deployed, role)

    def pause(dag_id: str, *, paused: bool) -> dict[str, Any]:
        body = {"is_paused": paused}
        answer: dict[str, Any] = mwaa.invoke_rest_api(
            Name=NAME, Path=f"/dags/{dag_id}", Method="PATCH", Body=body
        )
        return answer

    if allowed:
        assert pause(DAG_ID, paused=False)["RestApiResponse"]["is_paused"] is False
        return
    with pytest.raises(ClientError) as refused:
        pause(DAG_ID, paused=True)
    said: Any = refused.value.response
    assert (said["Error"]["Code"], said["RestApiStatusCode"]) == ("RestApiClientException", 403)


def test_the_command_line_route_runs_airflows_commands(deployed: Deployed) -> None:
    token = deployed.client("mwaa").create_cli_token(Name=NAME)
    headers = {"Authorization": f"Bearer {token['CliToken']}", "Content-Type": "text/plain"}

    def run(command: str) -> str:
        url = f"http://{token['WebServerHostname']}/aws_mwaa/cli"
        asked = urllib.request.Request(url, command.encode(), headers)
        with urllib.request.build_opener().open(asked, timeout=120) as answer:
            return b64decode(json.load(answer)["stdout"]).decode()

    assert run("version").splitlines()[-1] == deployed.version
    assert DAG_ID in run("dags list -o plain")
    with pytest.raises(urllib.error.HTTPError, match="400"):
        run("users list")


def test_an_import_error_fails_the_deployment_with_its_line(deployed: Deployed) -> None:
    broken = deployed.project.root / "dags" / "broken.py"
    broken.write_text(BROKEN_DAG, encoding="utf-8")
    try:
        done = deployed.project.mwaactl("deploy", "-e", "local")
    finally:
        broken.unlink()

    assert done.returncode == 1
    assert "NameError: name 'undefined_operator' is not defined" in done.stderr
    deployed.succeed("deploy")


def test_dags_work_as_one_archive(deployed: Deployed) -> None:
    deployed.client("s3").delete_object(Bucket=DATA_BUCKET, Key=RESULT_KEY)

    deployed.succeed("deploy", "--zero-window")
    deployed.succeed("run", "trigger", DAG_ID, "--wait")

    parsed = deployed.client("mwaa").invoke_rest_api(Name=NAME, Path=f"/dags/{DAG_ID}", Method="GET")
    assert parsed["RestApiResponse"]["fileloc"].endswith("/dags/flights.zip/greets.py")
    written = deployed.client("s3").get_object(Bucket=DATA_BUCKET, Key=RESULT_KEY)["Body"].read()
    assert written.startswith(b"archive plugin standard ")


def test_a_killed_web_server_is_started_again(deployed: Deployed) -> None:
    name = WEB_SERVERS[deployed.major]
    before = components(deployed)[name]

    os.kill(before["pid"], signal.SIGKILL)

    deadline = time.monotonic() + 90
    while not serves_again(deployed, before["restarts"]) and time.monotonic() < deadline:
        time.sleep(0.5)
    assert serves_again(deployed, before["restarts"])
    assert components(deployed)[name]["pid"] != before["pid"]


def test_history_is_there_after_down_and_up(deployed: Deployed) -> None:
    before = deployed.project.answer("run", "list", DAG_ID, "-e", "local")

    assert deployed.project.mwaactl("emulator", "down").returncode == 0
    assert deployed.project.mwaactl("emulator", "up").returncode == 0

    assert deployed.project.answer("run", "list", DAG_ID, "-e", "local") == before


def components(deployed: Deployed) -> dict[str, Any]:
    [environment] = deployed.project.answer("emulator", "status")["environments"]
    return {each["name"]: each for each in environment["airflow"]["components"]}


def serves_again(deployed: Deployed, restarts: int) -> bool:
    """Whether Airflow answers, by a web server that was started once more since it had been so often."""
    if components(deployed)[WEB_SERVERS[deployed.major]]["restarts"] != restarts + 1:
        return False
    try:
        deployed.client("mwaa").invoke_rest_api(Name=NAME, Path="/dags", Method="GET")
    except ClientError:
        return False
    return True


def messages(deployed: Deployed, kind: str) -> dict[str, list[str]]:
    """Return what stands in each stream of a log group."""
    logs, group = deployed.client("logs"), f"airflow-{NAME}-{kind}"
    streams = logs.describe_log_streams(logGroupName=group)["logStreams"]
    names = [stream["logStreamName"] for stream in streams]
    return {
        name: [
            event["message"]
            for event in logs.get_log_events(logGroupName=group, logStreamName=name)["events"]
        ]
        for name in names
    }


def client_with_role(deployed: Deployed, role: str) -> Any:
    """Return a client of MWAA for a new user who may be one of Airflow's roles only."""
    iam = deployed.client("iam")
    user = f"{role.lower()}-{deployed.version}"
    iam.create_user(UserName=user)
    statement = {
        "Effect": "Allow",
        "Action": "airflow:InvokeRestApi",
        "Resource": f"arn:aws:airflow:{REGION}:123456789012:role/{NAME}/{role}",
    }
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    iam.put_user_policy(UserName=user, PolicyName="airflow", PolicyDocument=document)
    key = iam.create_access_key(UserName=user)["AccessKey"]
    session: Any = boto3.Session(key["AccessKeyId"], key["SecretAccessKey"], region_name=REGION)
    return session.client("mwaa", endpoint_url=deployed.project.endpoint_url, config=LOOPBACK)
