"""Pins that contradict what MWAA never lets go of."""

from collections.abc import Iterator

from mwaactl.catalog.versions import AirflowVersion
from mwaactl.project.bundle import REQUIREMENTS, Bundle
from mwaactl.project.checks.finding import Finding
from mwaactl.project.checks.requirements_lines import readable_lines
from mwaactl.project.requirements_file import same_version


def requirements_essential(bundle: Bundle, version: AirflowVersion) -> Iterator[Finding]:
    """Reports other versions of packages that MWAA pins in every installation: pip would install nothing."""
    for line in readable_lines(bundle):
        kept = version.essential.get(line.name or "")
        if kept and line.pinned_version and not same_version(line.pinned_version, kept):
            message = f"`{line.name}=={line.pinned_version}` contradicts MWAA, which keeps {kept}"
            hint = f"remove the line: Airflow {version.version} on MWAA has `{line.name}`"
            yield Finding("requirements-essential", "error", REQUIREMENTS, line.number, message, hint)
