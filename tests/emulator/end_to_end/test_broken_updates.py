"""Updates that go wrong, and one that replaces workers gracefully: the web server answers throughout.

One Airflow serves all of it. The next release mends it in the end, for the tests that share the deployment.
"""

import io
import json
import threading
import time
import urllib.request
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.emulator.end_to_end.landed_data import aws
from tests.emulator.end_to_end.next_release import NextRelease
from tests.emulator.end_to_end.project_copy import ProjectCopy

pytestmark = pytest.mark.timeout(900)

NAME = "flights-local"
KINDS = ("Plugins", "Requirements", "StartupScript")
BROKEN = "broken/"
RAISING_PLUGIN = "raise RuntimeError('this plugin does not load')\n"
WAITING_DAG = """from pathlib import Path
from time import sleep

from airflow.sdk import dag, task


@dag(schedule=None, is_paused_upon_creation=False)
def waits():
    @task
    def until_released():
        while not Path({release!r}).exists():
            sleep(0.2)

    until_released()


waits()
"""


def test_each_broken_update_ends_as_on_mwaa_and_what_ran_before_serves(
    deployed: ProjectCopy, next_release: NextRelease, tmp_path: Path
) -> None:
    before, release = environment(deployed), tmp_path / "released"
    with undone(deployed, before), answering(before) as failures:
        startup_script_that_fails(deployed, before)
        packages_and_plugin_that_fail_while_a_task_runs(deployed, release)
        task_that_a_deployment_ends(deployed, release, next_release)
        assert failures == []


def startup_script_that_fails(project: ProjectCopy, before: dict[str, Any]) -> None:
    """The update fails, and everything is as it was."""
    pids = {name: one["pid"] for name, one in components(project).items()}

    statuses, after = update(project, StartupScript=b"set -e\nfalse\n")

    assert statuses[-1] == "UPDATE_FAILED"
    assert set(statuses) <= {"UPDATING", "ROLLING_BACK", "UPDATE_FAILED"}
    assert "the startup script ended its shell with code 1" in after["LastUpdate"]["Error"]["ErrorMessage"]
    members = [f"{kind}S3ObjectVersion" for kind in KINDS]
    assert [after[name] for name in members] == [before[name] for name in members]
    assert {name: one["pid"] for name, one in components(project).items()} == pids


def packages_and_plugin_that_fail_while_a_task_runs(project: ProjectCopy, release: Path) -> None:
    """The update succeeds without them; a running task ends where it began, the next is on the new."""
    bucket = before_bucket(project)
    body = WAITING_DAG.format(release=str(release)).encode()
    aws(project, "s3").put_object(Bucket=bucket, Key="dags/waits.py", Body=body)
    eventually(lambda: rest(project, "GET", "/dags/waits") is not None)
    trigger(project, "old")
    eventually(lambda: task(project, "old")["state"] == "running")
    pids = {one["pid"] for one in components(project).values()}

    begin_update(
        project, "GRACEFUL", Plugins=zipped(RAISING_PLUGIN), Requirements=b"no-such-package-of-ours==1.0\n"
    )
    eventually(lambda: not pids & {one.get("pid") for one in components(project).values()})
    trigger(project, "new")
    eventually(lambda: task(project, "new")["state"] == "running")
    assert environment(project)["Status"] == "UPDATING"
    eventually(lambda: task(project, "old")["state"] == "running")
    release.touch()

    assert settled(project)[-1] == "AVAILABLE"
    assert environment(project)["LastUpdate"]["Status"] == "SUCCESS"
    for run in ("old", "new"):
        eventually(partial(has_succeeded_at_first, project, run))
    packages_are_missing(project)
    eventually(lambda: plugin_errors(project) != [])
    assert ["this plugin does not load" in error for error in plugin_errors(project)] == [True]


def packages_are_missing(project: ProjectCopy) -> None:
    """MWAA only logs that packages could not be installed; the status says so here."""
    logged = log(project, "airflow-flights-local-Scheduler", "requirements_install_")
    assert "no-such-package-of-ours" in logged
    [shown] = project.environments()
    assert shown["airflow"]["requirements"]["installed"] is False


def task_that_a_deployment_ends(project: ProjectCopy, release: Path, next_release: NextRelease) -> None:
    """Its update is forced, and mends all: the task fails, to be tried again as the configuration says."""
    release.unlink()
    trigger(project, "forced")
    eventually(lambda: task(project, "forced")["state"] == "running")

    next_release.deploy()

    after, ended = environment(project), task(project, "forced")
    assert not any(after[f"{kind}S3Path"].startswith(BROKEN) for kind in KINDS)
    eventually(partial(loads_all_plugins, project))
    assert (ended["state"], ended["try_number"]) == ("up_for_retry", 1)
    release.touch()


def update_back(project: ProjectCopy, before: dict[str, Any]) -> None:
    """Update to the artifacts that there were."""
    members = [f"{kind}S3{part}" for kind in KINDS for part in ("Path", "ObjectVersion")]
    aws(project, "mwaa").update_environment(Name=NAME, **{name: before[name] for name in members})
    assert settled(project)[-1] == "AVAILABLE"


@contextmanager
def undone(project: ProjectCopy, before: dict[str, Any]) -> Iterator[None]:
    """Bring back what the environment was."""
    try:
        yield
    finally:
        aws(project, "s3").delete_object(Bucket=before_bucket(project), Key="dags/waits.py")
        settled(project)
        after = environment(project)
        if any(after[f"{kind}S3Path"].startswith(BROKEN) for kind in KINDS):
            update_back(project, before)


@contextmanager
def answering(environment: dict[str, Any]) -> Iterator[list[str]]:
    """Ask the web server again and again; gives the answers that were none."""
    url, failures, done = f"http://{environment['WebserverUrl']}/api/v2/version", [], threading.Event()

    def ask() -> None:
        while not done.wait(0.2):
            try:
                with urllib.request.urlopen(url, timeout=30) as answer:
                    json.load(answer)
            except (OSError, ValueError) as error:
                failures.append(f"{time.strftime('%X')} {error}")

    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    try:
        yield failures
    finally:
        done.set()
        asking.join()


def environment(project: ProjectCopy) -> dict[str, Any]:
    return dict(aws(project, "mwaa").get_environment(Name=NAME)["Environment"])


def before_bucket(project: ProjectCopy) -> str:
    return str(environment(project)["SourceBucketArn"].rpartition(":")[2])


def update(project: ProjectCopy, **artifacts: bytes) -> tuple[list[str], dict[str, Any]]:
    """Update to these artifacts; return the statuses that were seen, and the environment in the end."""
    begin_update(project, "FORCED", **artifacts)
    return settled(project), environment(project)


def begin_update(project: ProjectCopy, strategy: str, **artifacts: bytes) -> None:
    members: dict[str, str] = {}
    s3, bucket = aws(project, "s3"), before_bucket(project)
    for kind, body in artifacts.items():
        key = f"{BROKEN}{kind.lower()}"
        version = s3.put_object(Bucket=bucket, Key=key, Body=body)["VersionId"]
        members |= {f"{kind}S3Path": key, f"{kind}S3ObjectVersion": version}
    aws(project, "mwaa").update_environment(Name=NAME, WorkerReplacementStrategy=strategy, **members)


def settled(project: ProjectCopy) -> list[str]:
    """Wait until no update is under way; return the statuses that were seen."""
    seen: list[str] = []

    def is_settled() -> bool:
        status = environment(project)["Status"]
        seen.extend([status] if [status] != seen[-1:] else [])
        return status in {"AVAILABLE", "UPDATE_FAILED"}

    eventually(is_settled)
    return seen


def components(project: ProjectCopy) -> dict[str, Any]:
    [shown] = project.environments()
    return {one["name"]: one for one in shown["airflow"]["components"]}


def trigger(project: ProjectCopy, run: str) -> None:
    body = {"dag_run_id": run, "logical_date": None}
    rest(project, "POST", "/dags/waits/dagRuns", body)


def task(project: ProjectCopy, run: str) -> dict[str, Any]:
    found = rest(project, "GET", f"/dags/waits/dagRuns/{run}/taskInstances")
    return dict(found["task_instances"][0]) if found else {"state": None}


def has_succeeded_at_first(project: ProjectCopy, run: str) -> bool:
    found = task(project, run)
    assert found.get("try_number", 1) == 1
    return bool(found["state"] == "success")


def loads_all_plugins(project: ProjectCopy) -> bool:
    found = rest(project, "GET", "/plugins/importErrors")
    return found is not None and found["import_errors"] == []


def plugin_errors(project: ProjectCopy) -> list[str]:
    found = rest(project, "GET", "/plugins/importErrors") or {"import_errors": []}
    return [one["error"] for one in found["import_errors"]]


def rest(project: ProjectCopy, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
    """Return Airflow's answer, or None if it refused or took longer than MWAA allows."""
    mwaa = aws(project, "mwaa")
    given = {} if body is None else {"Body": body}
    try:
        return mwaa.invoke_rest_api(Name=NAME, Method=method, Path=path, **given).get("RestApiResponse")
    except (mwaa.exceptions.RestApiClientException, mwaa.exceptions.RestApiServerException):
        return None


def log(project: ProjectCopy, group: str, prefix: str) -> str:
    """Return the newest stream of that kind."""
    logs = aws(project, "logs")
    streams = logs.describe_log_streams(logGroupName=group, logStreamNamePrefix=prefix)["logStreams"]
    newest = max(stream["logStreamName"] for stream in streams)
    events = logs.get_log_events(logGroupName=group, logStreamName=newest, startFromHead=True)["events"]
    return "\n".join(event["message"] for event in events)


def zipped(plugin: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("raising.py", plugin)
    return buffer.getvalue()


def eventually(condition: Callable[[], bool], seconds: float = 240) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it never came true"
        time.sleep(0.3)
