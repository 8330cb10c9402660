"""What became of requirements, as text and as JSON."""

from typing import Any

from mwaactl.project.bundle import REQUIREMENTS
from mwaactl.project.requirements.lock import Lock
from mwaactl.project.requirements.package_set import PackageSet
from mwaactl.report.actions import count_of


def lock_text(lock: Lock, packages: PackageSet, *, changed: bool) -> str:
    """Return in words what was locked, and what needs no line because Airflow brings it."""
    state = "written" if changed else "unchanged"
    version = packages.version.version
    lines = [f"{REQUIREMENTS}: {state}, {count_of(len(lock.pins), 'package')} for Airflow {version}"]
    if lock.provided:
        names = ", ".join(f"{pin.name} {pin.version}" for pin in lock.provided)
        lines.append(f"left out, Airflow {version} on MWAA has them: {names}")
    return "\n".join(lines)


def lock_data(lock: Lock, packages: PackageSet, *, changed: bool) -> dict[str, Any]:
    """Return a lock as JSON values."""
    return {
        "path": REQUIREMENTS,
        "changed": changed,
        "airflow_version": packages.version.version,
        "packages": {pin.name: pin.version for pin in lock.pins},
        "provided": {pin.name: pin.version for pin in lock.provided},
    }
