"""What became of requirements, as text and as JSON."""

from dataclasses import asdict
from typing import Any

from mwaactl.catalog.limits import limits
from mwaactl.project.bundle import REQUIREMENTS
from mwaactl.project.requirements.check import Trial
from mwaactl.project.requirements.lock import Lock
from mwaactl.project.requirements.package_set import PackageSet
from mwaactl.project.requirements.pip_failure import RULE as INSTALL_RULE
from mwaactl.report.actions import count_of
from mwaactl.report.findings import findings_data, findings_text

_MEGABYTE = 1_000_000


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


def trial_text(trial: Trial, packages: PackageSet) -> str:
    """Return in words what pip did, what stands against it, and how far the limits are."""
    version = packages.version.version
    found = [findings_text(trial.findings)] if trial.findings else []
    if trial.failed:
        result = f"{REQUIREMENTS}: refused for Airflow {version}"
        if any(finding.rule == INSTALL_RULE for finding in trial.findings):
            result += "; MWAA would only log this and start without any of the packages"
    elif trial.seconds is None:
        result = f"there is no {REQUIREMENTS}: nothing to install"
    else:
        result = f"{REQUIREMENTS}: pip installs it beside Airflow {version}: {_measures(trial)}"
    return "\n".join([*found, result])


def trial_data(trial: Trial, packages: PackageSet) -> dict[str, Any]:
    """Return a trial as JSON values; sizes in bytes, times in seconds."""
    return {
        **findings_data(trial.findings),
        "airflow_version": packages.version.version,
        "python": packages.version.python,
        "installable": trial.ran and not trial.failed,
        "packages": [asdict(package) for package in trial.packages],
        "size": trial.size,
        "size_limit": limits().requirements_bytes,
        "seconds": trial.seconds,
        "seconds_limit": limits().requirements_install_seconds,
        "kept": trial.kept,
    }


def _measures(trial: Trial) -> str:
    most = f"{limits().requirements_bytes / _MEGABYTE:,.0f} MB"
    longest = limits().requirements_install_seconds
    taken = f"{trial.size / _MEGABYTE:,.1f} MB of {most}, {trial.seconds:.0f} s of {longest} s"
    earlier = ", tried earlier" if trial.kept else ""
    return f"{count_of(len(trial.packages), 'package')}, {taken}{earlier}"
