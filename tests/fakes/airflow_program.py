"""A program in the place of a Python environment's `bin/python`: Airflow's components that only seem to work.

They answer for their health, name their jobs in a folder, and end as Airflow's do: the scheduler when its
task has ended. While there is a file `sets-up`, the web server answers no task. The option `fake.broken`
names a component that does not start.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from mwaactl.emulator.runtime.locks import RuntimeLock

PROGRAM = """
import json, os, signal, sys, time
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

arguments, here = sys.argv[3:], Path(__file__).parent
if arguments[0] == "db":
    with (here / "ran").open("a") as ran:
        ran.write(" ".join(arguments) + chr(10))
    sys.exit("there is no way" if (here / "refuses").exists() else 0)
home = Path(os.environ["AIRFLOW_HOME"])
if os.environ.get("AIRFLOW__FAKE__BROKEN") == arguments[0]:
    sys.exit("this component does not start")


def leave(*_):
    while arguments[0] == "scheduler" and (home / "task-runs").exists():
        time.sleep(0.02)
    os._exit(0)


class Health(BaseHTTPRequestHandler):
    def do_GET(self):
        with (home / "asked").open("a") as asked:
            asked.write(self.path + chr(10))
        while self.path.startswith("/execution/") and (home / "sets-up").exists():
            time.sleep(0.02)
        now = datetime.now(UTC).isoformat()
        report = {"metadatabase": {"status": "healthy"}}
        for name in ("scheduler", "triggerer", "dag_processor"):
            report[name] = {"status": "healthy", f"latest_{name}_heartbeat": now}
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps(report).encode())

    def log_message(self, *_):
        pass


signal.signal(signal.SIGTERM, leave)
if arguments[0] == "api-server":
    HTTPServer(("127.0.0.1", int(arguments[arguments.index("--port") + 1])), Health).serve_forever()
jobs = {"scheduler": "SchedulerJob", "dag-processor": "DagProcessorJob", "triggerer": "TriggererJob"}
(home / "jobs").mkdir(exist_ok=True)
(home / "jobs" / f"{jobs[arguments[0]]}-{os.getpid()}").write_text(json.dumps(dict(os.environ)))
time.sleep(600)
"""


@dataclass(slots=True)
class FakePackages:
    """Python environments of any Airflow version, below a folder."""

    folder: Path

    def base(self, lock: RuntimeLock) -> Path:
        return self.of(lock.name)

    def of(self, name: str) -> Path:
        program = self.folder / name / "bin" / "python"
        if not program.exists():
            program.parent.mkdir(parents=True)
            program.write_text(f"#!{sys.executable} -SE\n{PROGRAM}")
            program.chmod(0o755)
        return program.parent.parent


@dataclass(slots=True)
class FakeDatabases:
    """Databases that remember what is done to them; jobs are read where the components write them."""

    home: Path
    kind: str = "postgresql"
    done: list[str] = field(default_factory=list)

    def create(self, name: str, runtime: str, migrate: Callable[[str], None]) -> str:
        assert runtime
        assert callable(migrate)
        self.done.append("create")
        return self.url(name)

    def open(self, name: str, runtime: str, migrate: Callable[[str], None]) -> str:
        return self.create(name, runtime, migrate)

    def prepare(self, runtime: str, migrate: Callable[[str], None]) -> None:
        raise NotImplementedError

    def url(self, name: str) -> str:
        return f"postgresql+psycopg2://nobody@/{name}"

    def drop(self, _: str) -> None:
        self.done.append("drop")

    def snapshot(self, _: str) -> None:
        self.done.append("snapshot")

    def restore(self, _: str) -> None:
        self.done.append("restore")

    def drop_snapshot(self, _: str) -> None:
        self.done.append("drop_snapshot")

    def started_jobs(self, _: str, since: datetime) -> list[str]:
        files = (self.home / "jobs").iterdir()
        return [file.name.split("-")[0] for file in files if file.stat().st_mtime >= since.timestamp()]
