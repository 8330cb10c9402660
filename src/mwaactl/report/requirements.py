"""What became of requirements, as text and as JSON."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from mwaactl.catalog.limits import limits
from mwaactl.project.bundle import REQUIREMENTS
from mwaactl.project.requirements.check import Trial
from mwaactl.project.requirements.lock_text import Pin
from mwaactl.project.requirements.locking import Locked
from mwaactl.project.requirements.package import Packaged
from mwaactl.project.requirements.package_set import PackageSet
from mwaactl.project.requirements.packaged_text import HOUSE
from mwaactl.project.requirements.pip_failure import RULE as INSTALL_RULE
from mwaactl.report.actions import count_of
from mwaactl.report.findings import findings_data, findings_text

_MEGABYTE = 1_000_000
_NAMES = 8


def lock_text(made: Locked, packages: PackageSet) -> str:
    """Return in words what was locked, and what needs no line because Airflow brings it."""
    state = "written" if made.changed else "unchanged"
    version = packages.version.version
    lines = [f"{REQUIREMENTS}: {state}, {count_of(len(made.lock.pins), 'package')} for Airflow {version}"]
    if made.lock.provided:
        lines.append(f"left out, Airflow {version} on MWAA has them: {_named(made.lock.provided)}")
    if made.removed:
        lines.append(f"{HOUSE}: {count_of(len(made.removed), 'wheel')} removed, the index is asked again")
    return "\n".join(lines)


def lock_data(made: Locked, packages: PackageSet) -> dict[str, Any]:
    """Return a lock as JSON values."""
    return {
        "path": REQUIREMENTS,
        "changed": made.changed,
        "airflow_version": packages.version.version,
        "packages": {pin.name: pin.version for pin in made.lock.pins},
        "provided": {pin.name: pin.version for pin in made.lock.provided},
        "removed_wheels": list(made.removed),
    }


def packaged_text(made: Packaged, packages: PackageSet) -> str:
    """Return in words which wheels are shipped, and how far the limit is."""
    facts, size = packages.version, sum(made.wheels.values())
    steps = {"fetched": len(made.fetched), "removed": len(made.removed)}
    done = ", ".join(f"{count} {verb}" for verb, count in steps.items() if count) or "nothing to do"
    state = "written" if made.changed else "unchanged"
    most = limits().plugins_zip_bytes
    wheels = f"{count_of(len(made.wheels), 'wheel')} for Airflow {facts.version} on Python {facts.python}"
    lines = [
        f"{HOUSE}: {wheels}, {_megabytes(size)}; {done}",
        f"{REQUIREMENTS}: {state}, pip takes wheels from {HOUSE} and asks no index",
        f"plugins.zip: {_megabytes(made.plugins_bytes)} of {_megabytes(most)}",
    ]
    if made.plugins_bytes > most:
        lines[-1] += ", more than AWS recommends: a start may not end in time"
    return "\n".join(lines)


def packaged_data(made: Packaged, packages: PackageSet) -> dict[str, Any]:
    """Return the same as JSON values; sizes in bytes."""
    return {
        "folder": HOUSE,
        "path": REQUIREMENTS,
        "changed": made.changed,
        "airflow_version": packages.version.version,
        "python": packages.version.python,
        "wheels": dict(made.wheels),
        "fetched": list(made.fetched),
        "removed": list(made.removed),
        "plugins_size": made.plugins_bytes,
        "plugins_size_limit": limits().plugins_zip_bytes,
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
    """Return a trial as JSON values; sizes in bytes, times in seconds.

    Where pip was not run and yet nothing failed, there is nothing to install.
    """
    return {
        **findings_data(trial.findings),
        "airflow_version": packages.version.version,
        "python": packages.version.python,
        "installable": not trial.failed,
        "pip_ran": trial.ran,
        "packages": [asdict(package) for package in trial.packages],
        "size": trial.size,
        "size_limit": limits().requirements_bytes,
        "seconds": trial.seconds,
        "seconds_limit": limits().requirements_install_seconds,
        "kept": trial.kept,
    }


def _named(pins: Sequence[Pin]) -> str:
    names = ", ".join(f"{pin.name} {pin.version}" for pin in pins[:_NAMES])
    return names if len(pins) <= _NAMES else f"{names} and {len(pins) - _NAMES} more"


def _measures(trial: Trial) -> str:
    longest = limits().requirements_install_seconds
    size = f"{_megabytes(trial.size)} of {_megabytes(limits().requirements_bytes)}"
    earlier = ", tried earlier" if trial.kept else ""
    return (
        f"{count_of(len(trial.packages), 'package')}, {size}, {trial.seconds:.0f} s of {longest} s{earlier}"
    )


def _megabytes(size: int) -> str:
    megabytes = size / _MEGABYTE
    return f"{megabytes:,.1f} MB" if size < limits().requirements_bytes else f"{megabytes:,.0f} MB"
