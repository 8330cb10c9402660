"""Python environments of Airflow versions, built from the catalogue as the emulator builds them, and kept."""

from __future__ import annotations

import fcntl
import shutil
from functools import cache
from pathlib import Path

import pytest

from mwaactl.emulator.runtime.locks import read_lock
from mwaactl.emulator.runtime.migration import migrate
from mwaactl.emulator.runtime.packages import PackageStore
from mwaactl.emulator.settings import EmulatorSettings

ROOT = Path(__file__).parents[2]
VERSIONS = ("3.3.1", "3.2.1", "3.0.6")
"""What `typed_assets` runs on; the default of MWAA first."""
_KEPT = ROOT / ".mwaactl" / "airflow-tests"


@cache
def runtime(version: str) -> Path:
    """Return the folder of the Python environment of an Airflow version, built if it is missing.

    Raises:
        HostFailure: Its packages cannot be installed.
    """
    settings = EmulatorSettings.for_project(ROOT)
    return PackageStore(settings.runtimes_dir, settings.uv).base(read_lock(version))


def metadata_database(version: str, folder: Path) -> str:
    """Return the address of a fresh metadata database in `folder`, a copy of one that was migrated once."""
    target = folder / "airflow.db"
    shutil.copyfile(_template(version), target)
    return f"sqlite:///{target}"


def _template(version: str) -> Path:
    lock, python = read_lock(version), runtime(version)
    _KEPT.mkdir(parents=True, exist_ok=True)
    template, draft = _KEPT / f"{lock.name}.db", _KEPT / f"{lock.name}.draft.db"
    with (_KEPT / f".{lock.name}.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)  # another worker may be at it
        if not template.exists():
            draft.unlink(missing_ok=True)
            migrate(python, lock.airflow_major, f"sqlite:///{draft}")
            draft.rename(template)
    return template


def pytest_for_airflow() -> Path:
    """Return a folder with pytest alone, for the end of a runtime's `sys.path`.

    Nothing else of the toolkit may be found there: a library for DAGs has only what MWAA has.
    """
    folder = _KEPT / "pytest"
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("pytest", "_pytest", "iniconfig", "py.py"):
        link, source = folder / name, Path(pytest.__file__).parents[1] / name
        if link.resolve() != source.resolve():
            link.unlink(missing_ok=True)
            link.symlink_to(source)
    return folder


def prefetch() -> None:
    """Build all of them ahead, so that tests need no network and their time is their own."""
    for version in VERSIONS:
        _template(version)


if __name__ == "__main__":
    prefetch()
