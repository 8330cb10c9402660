"""A scratch folder laid out like MWAA's /usr/local/airflow, with what would be shipped and nothing else."""

import contextlib
import json
import os
import shutil
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.resources import as_file, files
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir

from mwaactl.project.bundle import PLUGINS, Bundle, read_dag_file
from mwaactl.project.reading import read_content
from mwaactl.project.requirements.storage import writing

# Beyond this a file of the DAG folder is linked instead of copied.
_LARGE = 64_000_000
_PREFIX = "mwaactl-check-"
_DAY = 86_400.0


@dataclass(frozen=True, slots=True)
class Job:
    """What the driver is to do.

    Attributes:
        known: Files, as paths below the DAG folder, that need not be parsed.
        workers: How many files are parsed at once.
        budget: Seconds beyond which a file is parsed once more to see what takes the time.
        memory: Bytes that parsing one file may take.
        operators: Operator classes to look out for.
    """

    known: Sequence[str]
    workers: int
    budget: float
    memory: int
    operators: Sequence[str]


@dataclass(frozen=True, slots=True)
class Stage:
    """A laid out scratch folder.

    Attributes:
        home: The folder.
        driver: The driver's script.
        job: The job's file.
    """

    home: Path
    driver: Path
    job: Path

    def relative(self, line: bytes) -> bytes:
        """Makes the paths below Airflow's home in a line of the driver relative to it."""
        return line.replace(json.dumps(f"{self.home}/airflow/")[1:-1].encode(), b"")


@contextmanager
def staged(bundle: Bundle, job: Job) -> Iterator[Stage]:
    """Lays the project out; afterwards the folder is gone.

    Raises:
        ProjectError: A file changed or vanished since the bundle was read, or the disk takes no more.
    """
    _remove_old(Path(gettempdir()))
    with (
        TemporaryDirectory(prefix=_PREFIX, ignore_cleanup_errors=True) as name,
        as_file(files("mwaactl.project.airflow_parsing") / "driver") as driver,
    ):
        home = Path(name).resolve()
        with writing(str(home)):
            for folder in ("airflow/dags", "airflow/plugins", "home", "tmp", "results"):
                (home / folder).mkdir(parents=True)
            _lay_out(bundle, home / "airflow")
            (home / "job.json").write_text(json.dumps(_job_data(job, home)), encoding="utf-8")
        yield Stage(home, driver / "main.py", home / "job.json")


def _remove_old(folder: Path) -> None:
    """Remove scratch folders that a killed process left behind."""
    for path in folder.glob(f"{_PREFIX}*"):
        with contextlib.suppress(OSError):
            found = path.lstat()
            if found.st_uid == os.getuid() and time.time() - found.st_mtime > _DAY:
                shutil.rmtree(path, ignore_errors=True)


def _lay_out(bundle: Bundle, airflow: Path) -> None:
    for dag in bundle.dags:
        target = airflow / dag.key
        target.parent.mkdir(parents=True, exist_ok=True)
        if dag.size > _LARGE:
            target.symlink_to(dag.path.resolve())
        else:
            target.write_bytes(read_dag_file(dag))
    for file in bundle.plugin_files:
        target = airflow / PLUGINS / file.name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(read_content(file.path, f"{PLUGINS}/{file.name}"))


def _job_data(job: Job, home: Path) -> Mapping[str, object]:
    return {
        "dags": str(home / "airflow" / "dags"),
        "roots": [str(home / "airflow" / "dags"), str(home / "airflow" / "plugins")],
        "database": str(home / "metadata.db"),
        "results": str(home / "results"),
        "known": list(job.known),
        "workers": job.workers,
        "budget": job.budget,
        "memory": job.memory,
        "operators": list(job.operators),
    }
