"""What a DAG file does in its process neither spoils the driver's results nor outlives the driver."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from mwaactl.project.airflow_parsing import driver

PRELUDE = f"""\
import importlib.util, json, os, sys, time
from pathlib import Path

def neighbour(name):
    file = Path({str(Path(str(driver.__file__)).parent)!r}, name + ".py")
    spec = importlib.util.spec_from_file_location(name, file)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
"""
RUN = """
guard = neighbour("watch").Guard([sys.argv[1]], "metadata.db")
os.dup2(os.pipe()[0], 0)  # whose end would tell that nobody waits any more
found = []
job = {"results": sys.argv[1], "workers": 2, "memory": 10**9}
processes = neighbour("processes").Processes(job, guard, None, lambda: None)
processes.run([("bad.py", bad), ("good.py", lambda _: {"dags": ["good"]})], 20, found.append)
found = [each for each in found if each["kind"] != "begun"]
print(json.dumps(sorted(found, key=lambda each: each["file"])))
"""
DAEMON = """
def daemon():
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            Path(sys.argv[1], "pid").write_text(str(os.getpid()))
            time.sleep(600)
        os._exit(0)

parentage = neighbour("parentage")
parentage.adopt_orphans()
daemon()
while not Path(sys.argv[1], "pid").exists() or not Path(sys.argv[1], "pid").read_text():
    time.sleep(0.01)
parentage.end_descendants()
"""


def run(script: str, folder: Path) -> str:
    command = [sys.executable, "-c", PRELUDE + script, str(folder)]
    done = subprocess.run(
        command, check=True, capture_output=True, text=True, timeout=60, start_new_session=True
    )
    return done.stdout


@pytest.mark.parametrize(
    ("body", "result"),
    [
        ("json.dumps = lambda *_, **__: 'no'; return {'dags': ['bad']}", {"dags": ["bad"]}),
        ("json.JSONEncoder.encode = lambda *_: 'no'; return {}", {"ended": 0, "trace": ""}),
        ("os._exit(3)", {"ended": 3, "trace": ""}),
        ("return {'x': 'y' * 300_000}", {"x": "y" * 300_000}),
    ],
)
def test_one_file_spoils_the_result_of_none_other(tmp_path: Path, body: str, result: dict[str, Any]) -> None:
    found = json.loads(run(f"def bad(_):\n    {body}\n{RUN}", tmp_path))
    assert found == [
        {"kind": "parsed", "file": "bad.py", **result},
        {"kind": "parsed", "file": "good.py", "dags": ["good"]},
    ]


@pytest.mark.parametrize(
    ("call", "name"),
    [
        ("os.kill(os.getppid(), 9)", "SIGKILL"),
        ("os.kill(0, 15)", "SIGTERM"),
        ("sys.audit('os.kill', -1, 9)", "SIGKILL"),  # what os.kill asks before it does it
        ("os.kill(-os.getpgrp(), 9)", "SIGKILL"),
        ("os.killpg(0, 9)", "SIGKILL"),
        ("os.killpg(os.getpgid(os.getppid()), 9)", "SIGKILL"),
    ],
)
def test_a_file_cannot_end_the_process_that_parses_the_others(tmp_path: Path, call: str, name: str) -> None:
    bad, good = json.loads(run(f"def bad(_):\n    {call}\n    return {{}}\n{RUN}", tmp_path))
    assert bad["raised"] == f"SignalRefusedError('{name}: mwaactl check lets no file end other processes')"
    assert good["dags"] == ["good"]


def test_a_file_may_end_what_it_has_started_itself(tmp_path: Path) -> None:
    body = """
    child = subprocess.Popen(["sleep", "600"], start_new_session=True)
    os.kill(os.getppid(), 0)
    os.killpg(child.pid, 15)
    return {"dags": [child.wait()]}
"""
    (bad, _) = json.loads(run(f"def bad(_):\n    import subprocess{body}\n{RUN}", tmp_path))
    assert bad["dags"] == [-15]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux gives orphans another parent than init")
def test_a_daemon_that_a_file_starts_ends_with_the_driver(tmp_path: Path) -> None:
    run(DAEMON, tmp_path)
    pid = (tmp_path / "pid").read_text()
    assert not Path("/proc", pid).exists()
