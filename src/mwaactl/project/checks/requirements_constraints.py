"""Lines that switch off the constraints MWAA would add to pip's command line."""

import re
from collections.abc import Iterator

from mwaactl.catalog.versions import AirflowVersion
from mwaactl.project.bundle import REQUIREMENTS, Bundle
from mwaactl.project.checks.finding import Finding

# MWAA's images look for exactly this anywhere in a line, comments included
# (amazon-mwaa-docker-images, python/mwaa/utils/user_requirements.py).
_SWITCH = re.compile(r"-c |--constraint ")


def requirements_constraints(bundle: Bundle, version: AirflowVersion) -> Iterator[Finding]:
    """Reports a comment that switches the constraints off as an error, and own constraints as a warning."""
    content = bundle.requirements.content if bundle.requirements else b""
    for number, line in enumerate(content.decode(errors="replace").splitlines(), start=1):
        found = _SWITCH.search(line)
        if found and "#" in line[: found.start()]:
            message = f"the comment switches off MWAA's constraints: its images look for `{found[0].strip()}`"
            hint = "remove the comment, or have `uv pip compile` leave out header and annotations"
            yield Finding("requirements-constraints", "error", REQUIREMENTS, number, message, hint)
        elif found:
            message = f"own constraints replace those of Airflow {version.version} on MWAA"
            yield Finding("requirements-constraints", "warning", REQUIREMENTS, number, message)
