"""Tries requirements.txt out as MWAA would install it, and reports what MWAA would only log."""

from collections.abc import Iterator
from dataclasses import dataclass

from mwaactl.catalog.versions import AirflowVersion
from mwaactl.project.bundle import Bundle
from mwaactl.project.checks.finding import Finding
from mwaactl.project.checks.requirements_rules import REQUIREMENTS_RULES
from mwaactl.project.requirements.clean_environment import CleanEnvironments
from mwaactl.project.requirements.installation import InstalledPackage, install
from mwaactl.project.requirements.installation_findings import installation_findings
from mwaactl.project.requirements.kept_trials import KeptTrials
from mwaactl.project.requirements.platform_wheels import platform_findings
from mwaactl.project.requirements_file import requirement_lines


@dataclass(frozen=True, slots=True)
class Trial:
    """What is known about a requirements.txt.

    Attributes:
        findings: What is wrong with it, in the order of its lines.
        ran: Whether pip was run for it, now or earlier; not where a rule refused it before.
        packages: What pip installed.
        seconds: How long pip took; None where it was not run.
        kept: Whether this is the result of an earlier trial of the same content.
    """

    findings: tuple[Finding, ...]
    ran: bool = False
    packages: tuple[InstalledPackage, ...] = ()
    seconds: float | None = None
    kept: bool = False

    @property
    def size(self) -> int:
        """Bytes that the packages take."""
        return sum(package.size for package in self.packages)

    @property
    def failed(self) -> bool:
        """Whether the environment would start without the packages, or must not get them."""
        return any(finding.severity == "error" for finding in self.findings)


def check_requirements(bundle: Bundle, environments: CleanEnvironments) -> Trial:
    """Checks the requirements.txt of a bundle: first its lines, then by installing it.

    Args:
        bundle: The project; without requirements.txt there is nothing to find.
        environments: Where it is tried out. A success is kept there and not repeated for the same content.

    Raises:
        ProjectError: The package registry could not be asked, or the environment could not be built.
    """
    if bundle.requirements is None:
        return Trial(())
    refused = tuple(_before_pip(bundle, environments.packages.version))
    if any(finding.severity == "error" for finding in refused):
        return Trial(refused)
    trials = KeptTrials.of(bundle, environments)
    if kept := trials.read():
        return Trial(
            (*refused, *kept.findings), ran=True, packages=kept.packages, seconds=kept.seconds, kept=True
        )
    text = bundle.requirements.content.decode()
    lines = requirement_lines(bundle.requirements.content)
    places = {name: bundle.root / name for name in ("plugins", "dags")}
    done = install(text, places, environments)
    trials.write_log(done.output)
    found = [*installation_findings(done, lines, environments.packages)]
    if done.code == 0:
        found += platform_findings(lines, environments.packages, environments.uv)
        trials.write(found, done)
    return Trial((*refused, *found), ran=True, packages=done.packages, seconds=done.seconds)


def _before_pip(bundle: Bundle, version: AirflowVersion) -> Iterator[Finding]:
    for rule in REQUIREMENTS_RULES:
        yield from rule(bundle, version)
