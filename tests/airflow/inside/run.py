"""Runs pytest in Airflow's Python: `run.py FOLDER_OF_PYTEST REPORTS FILE...`.

Every report is written at once, so that those before a crash are known.
"""

import json
import sys
import time
from pathlib import Path
from typing import Any

sys.path.append(sys.argv[1])

import pytest


class Reporter:
    """Writes a line of JSON for every test, and for every file that cannot be imported."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._seconds: dict[str, float] = {}
        self._cpu = 0.0

    def pytest_runtest_logstart(self) -> None:
        """Note what has been used so far."""
        self._cpu = time.process_time()

    def pytest_collectreport(self, report: Any) -> None:
        """Tell of a file that fails."""
        if report.failed:
            self._write(report, "failed")

    def pytest_runtest_logreport(self, report: Any) -> None:
        """Tell of a test once, and of what fails before or after it."""
        self._seconds[report.nodeid] = self._seconds.get(report.nodeid, 0) + report.duration
        if report.when == "call" or report.outcome != "passed":
            self._write(report, report.outcome)

    def _write(self, report: Any, outcome: str) -> None:
        file, _, name = report.nodeid.partition("::")
        sections = "".join(f"\n--- {title}\n{text}" for title, text in report.sections)
        line = {
            "file": Path(file).name,
            "name": name,
            "outcome": outcome,
            "cpu": round(time.process_time() - self._cpu, 2),
            "seconds": round(self._seconds.get(report.nodeid, 0), 2),
            "text": f"{report.longrepr}{sections}",
        }
        with self._file.open("a", encoding="utf-8") as file_of_reports:
            file_of_reports.write(json.dumps(line) + "\n")


if __name__ == "__main__":
    here = Path(__file__).parent
    # Names of tests begin with their file wherever it lies; plugins of Airflow's packages stay out.
    options = [
        "-c",
        str(here / "pytest.ini"),
        "--rootdir=/",
        f"--confcutdir={here}",
        "-p",
        "no:cacheprovider",
    ]
    sys.exit(
        pytest.main(
            [*options, "--disable-plugin-autoload", *sys.argv[3:]], plugins=[Reporter(Path(sys.argv[2]))]
        )
    )
