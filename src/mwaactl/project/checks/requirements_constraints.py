"""Lines that switch off the constraints MWAA would add to pip's command line."""

import re
from collections.abc import Iterator

from mwaactl.catalog.versions import AirflowVersion
from mwaactl.project.bundle import REQUIREMENTS, Bundle
from mwaactl.project.checks.finding import Finding
from mwaactl.project.checks.requirements_lines import readable_lines

_RULE = "requirements-constraints"
# MWAA's images look for exactly this anywhere in a line, comments included
# (amazon-mwaa-docker-images, python/mwaa/utils/user_requirements.py).
_SWITCH = re.compile(r"-c |--constraint ")


def switches_constraints_off(content: bytes) -> bool:
    """Says whether MWAA leaves its own constraints out because of what a requirements.txt says."""
    return any(_SWITCH.search(line) for line in content.decode(errors="replace").splitlines())


def requirements_constraints(bundle: Bundle, version: AirflowVersion) -> Iterator[Finding]:
    """Reports whatever switches the constraints off without naming others, and own ones as a warning."""
    content = bundle.requirements.content if bundle.requirements else b""
    named = set(_lines_with_constraints(bundle))
    switching = set()
    for number, line in enumerate(content.decode(errors="replace").splitlines(), start=1):
        if not (found := _SWITCH.search(line)):
            continue
        switching.add(number)
        if number not in named:
            what = "comment" if "#" in line[: found.start()] else "line"
            message = f"the {what} switches off MWAA's constraints: its images look for `{found[0].strip()} `"
            hint = "remove it, or have `uv pip compile` leave out header and annotations"
            yield Finding(_RULE, "error", REQUIREMENTS, number, message, hint)
    for number in sorted(named):
        message = f"own constraints replace those of Airflow {version.version} on MWAA"
        if not switching:
            message = f"own constraints apply beside those of Airflow {version.version} on MWAA"
        yield Finding(_RULE, "warning", REQUIREMENTS, number, message)


def _lines_with_constraints(bundle: Bundle) -> Iterator[int]:
    """The lines in which constraints are really named."""
    for line in readable_lines(bundle):
        if line.is_option and any(option.name == "--constraint" for option in line.options):
            yield line.number
