"""Files for the reference pipelines, their runs, and what these leave, as seen from outside."""

import csv
import io
import time
from collections.abc import Callable, Iterable
from typing import Any

from tests.emulator.end_to_end.landed_data import DATA_BUCKET, aws
from tests.emulator.end_to_end.project_copy import ProjectCopy


def land(project: ProjectCopy, key: str, rows: Iterable[dict[str, str]]) -> None:
    rows = list(rows)
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    aws(project, "s3").put_object(Bucket=DATA_BUCKET, Key=key, Body=text.getvalue().encode())


def trigger(project: ProjectCopy, dag_id: str) -> int:
    """Run a DAG to its end; return the command's exit code, which is 1 where the run failed."""
    done = project.mwaactl("run", "trigger", dag_id, "-e", "local", "--wait")
    assert done.returncode in {0, 1}, done.stdout + done.stderr
    return done.returncode


def begin(project: ProjectCopy, dag_id: str, run_id: str) -> None:
    """Begin a run that has the given name."""
    path, body = f"/dags/{dag_id}/dagRuns", {"dag_run_id": run_id, "logical_date": None}
    aws(project, "mwaa").invoke_rest_api(Name="flights-local", Path=path, Method="POST", Body=body)


def ended(project: ProjectCopy, dag_id: str, run_id: str) -> str:
    """Wait for the end of one run; return its state."""

    def state() -> str:
        return str(rest(project, f"/dags/{dag_id}/dagRuns/{run_id}")["state"])

    wait_until(lambda: state() in {"success", "failed"})
    return state()


def rest(project: ProjectCopy, path: str, **parameters: Any) -> Any:
    """Ask Airflow's REST API as the environment's callers do."""
    given = {"QueryParameters": parameters} if parameters else {}
    answer = aws(project, "mwaa").invoke_rest_api(Name="flights-local", Path=path, Method="GET", **given)
    return answer["RestApiResponse"]


def runs(project: ProjectCopy, dag_id: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = rest(project, f"/dags/{dag_id}/dagRuns")["dag_runs"]
    return found


def settled(project: ProjectCopy, dag_id: str) -> list[dict[str, Any]]:
    """Return the runs of a DAG when there are some and all have ended."""

    def all_ended() -> bool:
        found = runs(project, dag_id)
        return bool(found) and all(run["state"] in {"success", "failed"} for run in found)

    wait_until(all_ended)
    return runs(project, dag_id)


def wait_until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 240
    while not holds() and time.monotonic() < deadline:
        time.sleep(1)


def events(project: ProjectCopy, dag_id: str) -> list[dict[str, Any]]:
    """Return the asset events of a DAG's runs."""
    found: list[dict[str, Any]] = rest(project, "/assets/events", source_dag_id=dag_id)["asset_events"]
    return found


def keys(project: ProjectCopy, prefix: str) -> list[str]:
    listed = aws(project, "s3").list_objects_v2(Bucket=DATA_BUCKET, Prefix=prefix)
    return [each["Key"] for each in listed.get("Contents", ())]


def body(project: ProjectCopy, key: str) -> bytes:
    read: bytes = aws(project, "s3").get_object(Bucket=DATA_BUCKET, Key=key)["Body"].read()
    return read
