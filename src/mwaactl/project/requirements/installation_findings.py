"""What an installation means for MWAA: its failures, and what comes close to a limit."""

import re
from collections.abc import Iterator, Sequence

from mwaactl.catalog.limits import limits
from mwaactl.project.bundle import REQUIREMENTS
from mwaactl.project.checks.finding import Finding
from mwaactl.project.requirements.installation import Installation
from mwaactl.project.requirements.package_set import PackageSet
from mwaactl.project.requirements.pip_failure import RULE, explain_pip
from mwaactl.project.requirements_file import RequirementLine, normalised

_MEGABYTE = 1_000_000
_BUILT = re.compile(r"^\s*Building wheel for ([\w.-]+)", re.MULTILINE)
_BROKEN = re.compile(r"^([\w.-]+ \S+ (?:requires|has requirement) .*)$", re.MULTILINE)


def installation_findings(
    done: Installation, lines: Sequence[RequirementLine], packages: PackageSet
) -> Iterator[Finding]:
    """Reports why pip failed; or else what is slow, large, built from source, replaced or left broken.

    Raises:
        ProjectError: pip could not ask the package registry.
    """
    limit = limits().requirements_install_seconds
    if done.code is None:
        message = f"pip did not end within {limit // 60} minutes, after which MWAA stops it"
        hint = "choose versions with wheels, or ship wheels in plugins/"
        yield Finding(RULE, "error", REQUIREMENTS, None, message, hint)
    elif done.code != 0:
        yield explain_pip(done.output, lines, packages)
    else:
        if done.resolved_only:
            message = "the wheels are for Linux on x86_64, so pip was asked here and has installed nothing"
            yield _warning("requirements-platform", message)
        yield from _limits(done, limit)
        yield from _content(done, lines, packages)


def _limits(done: Installation, limit: int) -> Iterator[Finding]:
    most = limits().requirements_bytes
    if done.seconds > limit / 2:
        message = (
            f"pip took {done.seconds:.0f} s of the {limit} s that MWAA gives it, and a worker may be slower"
        )
        yield _warning("requirements-time", message)
    if done.size > most:
        size = f"{done.size / _MEGABYTE:,.0f} MB"
        message = f"the packages take {size}; AWS recommends to stay below {most / _MEGABYTE:,.0f} MB"
        yield _warning("requirements-size", message)


def _content(done: Installation, lines: Sequence[RequirementLine], packages: PackageSet) -> Iterator[Finding]:
    # Of the packages that have a line, another rule knows whether they have a wheel.
    built = {normalised(name) for name in _BUILT.findall(done.output)}
    for name in sorted(built - {line.name for line in lines}):
        yield _warning(
            "requirements-built", f"`{name}` was built from source, which MWAA would do at every start"
        )
    for package in done.packages:
        if package.before:
            message = f"`{package.name}` {package.version} replaces the {package.before} of Airflow's own set"
            yield _warning("requirements-replaced", message)
    for conflict in _BROKEN.findall(done.output):
        message = f"pip installs it and breaks Airflow {packages.version.version}: {conflict.rstrip('.')}"
        yield Finding("requirements-broken", "error", REQUIREMENTS, None, message)


def _warning(rule: str, message: str) -> Finding:
    return Finding(rule, "warning", REQUIREMENTS, None, message)
