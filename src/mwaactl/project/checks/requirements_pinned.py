"""Requirements without an exact version: the next update of the environment may install something else."""

from collections.abc import Iterator

from mwaactl.catalog.versions import AirflowVersion
from mwaactl.project.bundle import REQUIREMENTS, Bundle
from mwaactl.project.checks.finding import Finding
from mwaactl.project.requirements_file import requirement_lines


def requirements_pinned(bundle: Bundle, _: AirflowVersion) -> Iterator[Finding]:
    """Reports names without `==version`; those with an address are the business of another rule."""
    content = bundle.requirements.content if bundle.requirements else b""
    for line in requirement_lines(content):
        if line.name and not line.pinned_version and not line.specifier.startswith("@"):
            message = f"`{line.name}` is not pinned to one version"
            hint = f"write `{line.name}==VERSION`"
            yield Finding("requirements-pinned", "error", REQUIREMENTS, line.number, message, hint)
