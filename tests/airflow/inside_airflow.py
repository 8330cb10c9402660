"""Runs pytest files and scripts in the Python of an Airflow version, in a home of their own.

The files lie in `inside/`; their names do not begin with `test_`, so that the toolkit's pytest, which has no
Airflow, never imports them.
"""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mwaactl.emulator.runtime.variable_tables import TABLES
from tests.airflow.runtimes import ROOT, metadata_database, pytest_for_airflow, runtime

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

INSIDE = Path(__file__).with_name("inside")
_LIMIT = 840.0


@dataclass(frozen=True, slots=True)
class Results:
    """What pytest said inside.

    Attributes:
        reports: in the order of the run, with `file`, `name`, `outcome`, `text`, and what it took: `seconds`
            and, however many others share the machine, `cpu`.
        output: all that it wrote.
        code: of its end; 0 where all passed, 1 where some failed.
    """

    reports: tuple[Mapping[str, Any], ...]
    output: str
    code: int

    def failures(self, file: str) -> list[str]:
        """Return what failed in a file; a file of which nothing was run has failed too."""
        of_it = [report for report in self.reports if report["file"] == file]
        if not of_it:
            return [f"nothing of {file} was run (exit code {self.code}):\n{self.output}"]
        return [f"{each['name']}\n{each['text']}" for each in of_it if each["outcome"] == "failed"]

    def left_out(self, file: str) -> bool:
        """Tell whether all of a file was skipped."""
        return all(report["outcome"] == "skipped" for report in self.reports if report["file"] == file)


@dataclass
class InsideAirflow:
    """An Airflow version with a home in a folder.

    Attributes:
        version: such as `3.3.1`.
        home: a folder that exists; AIRFLOW_HOME, and where the database lies.
        variables: what its processes have in their environment beside Airflow's own.
        plain: folder of a Python environment with Airflow as it comes; None for MWAA's packages and settings.
    """

    version: str
    home: Path
    variables: Mapping[str, str]
    plain: Path | None = None

    @cached_property
    def environment(self) -> dict[str, str]:
        """The environment of its processes: nothing of this process's own but the PATH."""
        mwaa = {} if self.plain else {**TABLES[3].opinions, **TABLES[3].essential}
        return {
            **mwaa,
            "AIRFLOW__CORE__MIN_SERIALIZED_DAG_UPDATE_INTERVAL": "0",
            "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": metadata_database(self.version, self.home),
            "AIRFLOW__CORE__DAGS_FOLDER": str(ROOT / "dags"),
            "AIRFLOW__CORE__PLUGINS_FOLDER": str(ROOT / "plugins"),
            "AIRFLOW_HOME": str(self.home),
            "HOME": str(self.home),
            "LANG": "C.UTF-8",
            "PATH": os.defpath,
            "PYTHONPATH": os.pathsep.join((str(ROOT / "plugins"), str(ROOT / "dags"))),
            **self.variables,
        }

    def script(self, path: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a script and return how it ended, with its output as text."""
        python = (self.plain or runtime(self.version)) / "bin" / "python"
        return subprocess.run(
            [str(python), str(path), *arguments],
            check=False,
            cwd=self.home,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=_LIMIT,
        )

    def pytest(self, files: Iterable[str]) -> Results:
        """Run pytest files of `inside/`, by name, in one process."""
        reports = self.home / "reports.jsonl"
        reports.unlink(missing_ok=True)
        done = self.script(
            INSIDE / "run.py",
            str(pytest_for_airflow()),
            str(reports),
            *(str(INSIDE / file) for file in files),
        )
        lines = reports.read_text(encoding="utf-8").splitlines() if reports.exists() else []
        read: list[dict[str, Any]] = [json.loads(line) for line in lines]
        return Results(tuple(read), done.stdout, done.returncode)
