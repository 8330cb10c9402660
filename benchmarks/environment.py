"""An MWAA environment beside `airflow standalone` of its version; a new DAG version; both at rest."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import tempfile
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from benchmarks.idle_process import idle
from benchmarks.own_emulator import free_port, own_emulator
from benchmarks.report import Section
from benchmarks.root import ROOT
from mwaactl.emulator import control
from mwaactl.emulator.loopback import client
from tests.fakes.mwaa_account import environment_request

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from mwaactl.emulator.settings import EmulatorSettings

VERSION, NAME = "3.3.1", "bench"
TIMES, DAG_SECONDS, IDLE_PERCENT, OWN_MEGABYTES = 1.25, 3.0, 5.0, 350.0
SAVES, IDLE_SECONDS = 5, 60.0
LONGEST = 600.0
TEXT = (
    f"Airflow {VERSION}. Standalone: `airflow standalone` with an empty home, until its health page calls\n"
    "all healthy. The environment: from CreateEnvironment until it is AVAILABLE, in an emulator that has\n"
    "just started; then a DAG file is saved to the bucket, and seen through Airflow's API as a new version;\n"
    "then all rests. Memory and processor time are the emulator's process alone."
)
DAG = """from airflow.sdk import DAG, task

with DAG("bench", schedule=None):

    @task
    def step_NUMBER():
        pass

    step_NUMBER()
"""


def measure() -> Section:
    """Measure the peer, then the environment."""
    with tempfile.TemporaryDirectory(prefix="mwaactl-bench-") as folder:
        peer = _standalone(Path(folder) / "airflow")
        print(f"standalone {peer:.1f} s", flush=True)
        with own_emulator(Path(folder) / "project", VERSION) as settings:
            world = _World(settings)
            own = world.create()
            print(f"environment {own:.1f} s", flush=True)
            saves = [world.save(number) for number in range(SAVES)]
            print(f"saves {saves}", flush=True)
            rest = idle(control.status(settings).pid or 0, IDLE_SECONDS)
            print(rest, flush=True)
    ratio, seen = own / peer, max(saves)
    checks = (
        (
            "from nothing to AVAILABLE",
            f"{own:.1f} s",
            f"standalone: {peer:.1f} s, {ratio:.2f} times",
            ratio,
            TIMES,
        ),
        (
            "a saved file is a new DAG version",
            f"{seen:.1f} s",
            f"the slowest of {SAVES}, the first of which makes a new DAG: {saves[0]:.1f} s",
            seen,
            DAG_SECONDS,
        ),
        ("processor at rest", f"{rest.percent:.1f} % of a core", "", rest.percent, IDLE_PERCENT),
        ("memory at rest", f"{rest.megabytes:.0f} MB", "", rest.megabytes, OWN_MEGABYTES),
    )
    rows = tuple(
        (what, figure, note, f"≤ {most:g}" + ("" if value <= most else ": **not kept**"))
        for what, figure, note, value, most in checks
    )
    kept = all(value <= most for *_, value, most in checks)
    return Section("Environment", TEXT, ("what", "figure", "beside", "promised"), rows, kept)


def _standalone(home: Path) -> float:
    """Return the seconds until `airflow standalone` is healthy."""
    found = ROOT.glob(f".mwaactl/runtimes/airflow-{VERSION}-[0-9a-f]*/bin/airflow")
    program = max(found, key=lambda path: path.parents[1].stat().st_mtime)
    port = free_port()
    environment = {
        "PATH": f"{program.parent}{os.pathsep}{os.environ['PATH']}",
        "HOME": str(home),
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__API__PORT": str(port),
        "AIRFLOW__API__BASE_URL": f"http://127.0.0.1:{port}",
        "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"http://127.0.0.1:{port}/execution/",
    }
    home.mkdir()
    started = time.perf_counter()
    with _ended(subprocess.Popen([str(program), "standalone"], env=environment, **_QUIET)):
        _wait(lambda: _healthy(f"http://127.0.0.1:{port}/api/v2/monitor/health"))
        return time.perf_counter() - started


_QUIET: dict[str, Any] = {
    "stdout": subprocess.DEVNULL,
    "stderr": subprocess.DEVNULL,
    "start_new_session": True,
}


@contextmanager
def _ended(process: subprocess.Popen[bytes]) -> Iterator[None]:
    """End the process and its group with the block."""
    try:
        yield
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _healthy(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310 - a loopback address
            found = json.load(answer)
    except OSError:
        return False
    parts = ("metadatabase", "scheduler", "triggerer", "dag_processor")
    return all(found[part]["status"] == "healthy" for part in parts)


class _World:
    """What an environment needs around it, and the environment."""

    def __init__(self, settings: EmulatorSettings) -> None:
        self._settings = settings
        self._s3, self._mwaa = self._client("s3"), self._client("mwaa")

    def _client(self, service: str) -> Any:  # noqa: ANN401
        return client(service, self._settings)

    def create(self) -> float:
        """Create the environment and return the seconds until it is AVAILABLE."""
        request = {**environment_request(self._client, NAME), "AirflowVersion": VERSION}
        started = time.perf_counter()
        self._mwaa.create_environment(**request)
        _wait(self._is_available)
        return time.perf_counter() - started

    def save(self, number: int) -> float:
        """Save the DAG and return the seconds until Airflow shows its new task."""
        self._s3.put_object(
            Bucket=NAME, Key="dags/bench.py", Body=DAG.replace("NUMBER", str(number)).encode()
        )
        started = time.perf_counter()
        _wait(lambda: f"step_{number}" in self._tasks())
        return time.perf_counter() - started

    def _tasks(self) -> set[str]:
        try:
            answer = self._mwaa.invoke_rest_api(Name=NAME, Path="/dags/bench/tasks", Method="GET")
        except ClientError:
            return set()
        return {task["task_id"] for task in answer["RestApiResponse"]["tasks"]}

    def _is_available(self) -> bool:
        environment = self._mwaa.get_environment(Name=NAME)["Environment"]
        assert environment["Status"] in {"CREATING", "AVAILABLE"}, environment
        return bool(environment["Status"] == "AVAILABLE")


def _wait(done: Callable[[], bool]) -> None:
    deadline = time.perf_counter() + LONGEST
    while not done():
        assert time.perf_counter() < deadline, "it takes too long"
        time.sleep(0.1)
