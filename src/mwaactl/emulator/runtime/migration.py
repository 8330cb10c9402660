"""Airflow's tables in an empty database, by `airflow db migrate`."""

from __future__ import annotations

import subprocess
import tempfile
from typing import TYPE_CHECKING

from mwaactl.emulator.mwaa.host import HostFailure
from mwaactl.emulator.runtime.failure_codes import INTERNAL_ERROR
from mwaactl.emulator.runtime.settings_of_airflow import database_variables
from mwaactl.emulator.runtime.variable_tables import TABLES

if TYPE_CHECKING:
    from pathlib import Path

_LIMIT = 300.0


def migrate(python: Path, major: int, url: str) -> None:
    """Give a database the tables of an Airflow version, with none of an environment's packages and options.

    Args:
        python: The folder of the Airflow version's Python environment.
        major: Airflow's major version.
        url: SQLAlchemy's address of the database, which is empty or of an older version.

    Raises:
        HostFailure: Airflow can't migrate it, or not within five minutes.
    """
    _run(python, major, url, ("db", "migrate"))


def downgrade(python: Path, major: int, url: str, version: str) -> None:
    """Take a database back to the tables of an older Airflow version; only the newer one knows the way.

    Args:
        python: The folder of the newer version's Python environment.
        major: The newer one's major version.
        url: SQLAlchemy's address of the database.
        version: The older version.

    Raises:
        HostFailure: Airflow can't do so, or not within five minutes.
    """
    _run(python, major, url, ("db", "downgrade", "--to-version", version, "--yes"))


def _run(python: Path, major: int, url: str, arguments: tuple[str, ...]) -> None:
    shown = f"`airflow {' '.join(arguments[:2])}`"
    with tempfile.TemporaryDirectory(prefix="migration-") as home:
        env = {
            **TABLES[major].essential,
            "HOME": home,
            "PATH": f"{python / 'bin'}:/usr/bin:/bin",
            "LANG": "C.UTF-8",
            "AIRFLOW_HOME": home,
            **database_variables(major, url),
        }
        command = [str(python / "bin" / "python"), "-m", "airflow", *arguments]
        try:
            done = subprocess.run(
                command, check=False, env=env, cwd=home, capture_output=True, text=True, timeout=_LIMIT
            )
        except subprocess.TimeoutExpired as error:
            message = f"{shown} did not end within 5 minutes"
            raise HostFailure(INTERNAL_ERROR, message) from error
    if done.returncode != 0:
        raise HostFailure(INTERNAL_ERROR, f"{shown} failed: {(done.stderr or done.stdout).strip()[-2000:]}")
