"""Requirements without an exact version: the next update of the environment may install something else."""

from collections.abc import Iterator

from mwaactl.catalog.versions import AirflowVersion
from mwaactl.project.bundle import REQUIREMENTS, Bundle
from mwaactl.project.checks.finding import Finding
from mwaactl.project.checks.requirements_lines import readable_lines


def requirements_pinned(bundle: Bundle, _: AirflowVersion) -> Iterator[Finding]:
    """Reports names without `==version`; those with an address are the business of another rule."""
    for line in readable_lines(bundle):
        if line.name and not line.pinned_version and not line.specifier.startswith("@"):
            message = f"`{line.name}` is not pinned to one version"
            hint = f"write `{line.name}==VERSION`"
            yield Finding("requirements-pinned", "error", REQUIREMENTS, line.number, message, hint)
