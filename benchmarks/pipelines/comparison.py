"""What a thousand pipelines cost: to the dag processor, and to each task that starts."""

from __future__ import annotations

import json
import os
import resource
import sqlite3
import subprocess
import tempfile
import time
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.pipelines.contestants import LOADER, write_by_hand, write_dag_factory, write_ours
from benchmarks.pipelines.python_with_dag_factory import DAG_FACTORY, VERSION, python_with_dag_factory
from benchmarks.report import Section
from benchmarks.root import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

COUNT, TASKS, RUNS = 1000, 5, 2
FOLDER_TIMES, TASK_TIMES, PROCESSOR_TIMES = 2.5, 8.0, 3.0
PARSE = Path(__file__).with_name("parse.py")
WHAT = (
    f"{COUNT:,} pipelines of {TASKS} tasks (S3, Lambda, Redshift) on Airflow {VERSION} with MWAA's packages"
)
PARSING = f"""{WHAT}, in one Python for both.
dag-factory {DAG_FACTORY}: one loader for a folder of YAML files, telemetry off. Ours: the loader alone, which
then reports mistakes itself, and with the file beside it that reports them. Folder: DagBag in one process,
where the second file finds what the first has kept; start of a task: the same for one DAG, as a task's
process does it. Without the import of Airflow; the least of several runs in turns. Seconds of processor
time, wall time in brackets."""
PASS = f"""{WHAT}:
one pass of the dag processor with an empty metadata database, its start included, over our YAML (both DAG
files, of which each makes all DAGs in a process of its own), and over a Python file for each pipeline.
Seconds of processor time, wall time in brackets."""
FOUND = """SELECT (SELECT count(*) FROM dag WHERE NOT is_stale), (SELECT count(*) FROM serialized_dag),
(SELECT count(*) FROM import_error)"""
COLUMNS = ("what", "ours", "peer", "figure", "promised", "runs")


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds of processor time, and of the clock."""

    cpu: float
    wall: float

    def __str__(self) -> str:
        return f"{self.cpu:.2f} s ({self.wall:.2f} s)"


def measure() -> Section:
    """Measure parsing beside dag-factory."""
    with _folders() as (airflow, folders):
        names = ("ours", "dag-factory")
        loader = _least(lambda name: airflow.parse(folders[name], (LOADER,)), names)
        both = _least(lambda name: airflow.parse(folders[name], ()), ("ours",))
        task = _least(lambda name: airflow.task(folders[name]), names)
    rows = (
        ("folder, by the loader", loader["ours"], "dag-factory", loader["dag-factory"], FOLDER_TIMES, RUNS),
        (
            "folder, by the loader and what reports mistakes",
            both["ours"],
            "dag-factory",
            loader["dag-factory"],
            FOLDER_TIMES,
            RUNS,
        ),
        ("start of a task", task["ours"], "dag-factory", task["dag-factory"], TASK_TIMES, RUNS),
    )
    return _section("Pipelines in YAML", PARSING, rows)


def measure_pass() -> Section:
    """Measure a pass of the dag processor beside files that are written by hand."""
    with _folders() as (airflow, folders):
        own, peer = (airflow.dag_processor(folders[name]) for name in ("ours", "by hand"))
    rows = (("pass of the dag processor", own, "a file for each", peer, PROCESSOR_TIMES, 1),)
    return _section("Pipelines in YAML and the dag processor", PASS, rows)


@contextmanager
def _folders() -> Iterator[tuple[_Airflow, Mapping[str, Path]]]:
    """Write what every contestant parses; remove it afterwards."""
    python = python_with_dag_factory()
    with tempfile.TemporaryDirectory(prefix="mwaactl-bench-") as scratch:
        yield _Airflow(python, Path(scratch)), _write(Path(scratch))


type Row = tuple[str, Cost, str, Cost, float, int]


def _section(title: str, text: str, rows: Sequence[Row]) -> Section:
    kept = all(peer.cpu / own.cpu >= least for _, own, _, peer, least, _ in rows)
    return Section(title, text, COLUMNS, tuple(_row(*each) for each in rows), kept)


def _row(what: str, own: Cost, name: str, peer: Cost, least: float, runs: int) -> tuple[str, ...]:
    times = peer.cpu / own.cpu
    promise = f"≥ {least:g}" + ("" if times >= least else ": **not kept**")
    return what, str(own), f"{name}: {peer}", f"{times:.1f} times cheaper", promise, str(runs)


def _write(scratch: Path) -> Mapping[str, Path]:
    writers = {"ours": write_ours, "dag-factory": write_dag_factory, "by hand": write_by_hand}
    for name, write in writers.items():
        write(scratch / name, COUNT)
    return {name: scratch / name for name in writers}


def _least(cost: Callable[[str], Cost], names: tuple[str, ...]) -> dict[str, Cost]:
    found: dict[str, Cost] = {}
    for _ in range(RUNS):
        for name in names:
            one = cost(name)
            print(f"{name}: {one}", flush=True)
            found[name] = min(found.get(name, one), one, key=lambda each: each.cpu)
    return found


@dataclass(frozen=True, slots=True)
class _Airflow:
    """Airflow's Python with a home in a scratch folder."""

    python: Path
    scratch: Path

    def environment(self, home: str, dags: Path) -> dict[str, str]:
        """Return the environment of a process: nothing of this one's own but the PATH."""
        folder = self.scratch / home
        folder.mkdir(exist_ok=True)
        return {
            "PATH": os.defpath,
            "HOME": str(folder),
            "AIRFLOW_HOME": str(folder),
            "AIRFLOW__CORE__DAGS_FOLDER": str(dags),
            "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
            "AIRFLOW__CORE__DAGBAG_IMPORT_TIMEOUT": "600",
            "AIRFLOW__CORE__PLUGINS_FOLDER": str(folder / "plugins"),
            "AIRFLOW__DAG_PROCESSOR__DAG_FILE_PROCESSOR_TIMEOUT": "900",
            "AIRFLOW__LOGGING__LOGGING_LEVEL": "ERROR",
            "PYTHONPATH": str(ROOT / "plugins"),
            "DO_NOT_TRACK": "true",
            "SCARF_NO_ANALYTICS": "true",
        }

    def parse(self, folder: Path, files: tuple[str, ...]) -> Cost:
        """Parse DAG files of a folder, or all."""
        return self._parse(folder, "-", files, COUNT)

    def task(self, folder: Path) -> Cost:
        """Parse the loader as the start of a task does."""
        return self._parse(folder, f"p{COUNT // 2}", (LOADER,), 1)

    def _parse(self, folder: Path, dag_id: str, files: tuple[str, ...], least: int) -> Cost:
        environment = self.environment("parsing", folder)
        argv = [str(self.python), str(PARSE), str(folder), dag_id, *files]
        done = subprocess.run(argv, env=environment, check=True, capture_output=True, text=True)
        found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        assert found["dags"] >= least, found
        assert found["tasks"] == TASKS * found["dags"], found
        assert not found["errors"], found
        return Cost(found["cpu"], found["wall"])

    def dag_processor(self, folder: Path) -> Cost:
        """Run one pass of the dag processor over a folder, with a database of its own."""
        environment = self.environment(f"home {folder.name}", folder)
        database = Path(environment["AIRFLOW_HOME"], "airflow.db")
        _copy(self._empty_database(), database)
        before, started = _children(), time.perf_counter()
        run = [str(self.python), "-m", "airflow", "dag-processor", "--num-runs", "1"]
        subprocess.run(run, env=environment, check=True, capture_output=True)
        cost = Cost(_children() - before, time.perf_counter() - started)
        print(f"dag processor, {folder.name}: {cost}", flush=True)
        with closing(sqlite3.connect(database)) as connection:
            found = connection.execute(FOUND).fetchone()
        assert found == (COUNT, COUNT, 0), found
        return cost

    def _empty_database(self) -> Path:
        """Return a database without DAGs, made once."""
        environment = self.environment("empty", self.scratch / "empty")
        database = Path(environment["AIRFLOW_HOME"], "airflow.db")
        if not database.exists():
            migrate = [str(self.python), "-m", "airflow", "db", "migrate"]
            subprocess.run(migrate, env=environment, check=True, capture_output=True)
        return database


def _copy(database: Path, to: Path) -> None:
    """Copy a database with what is still in its log."""
    with closing(sqlite3.connect(database)) as source, closing(sqlite3.connect(to)) as target:
        source.backup(target)


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
