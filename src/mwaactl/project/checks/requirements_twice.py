"""A package that two lines ask for: pip installs none of the packages where they differ."""

from collections.abc import Iterator

from mwaactl.catalog.versions import AirflowVersion
from mwaactl.project.bundle import REQUIREMENTS, Bundle
from mwaactl.project.checks.finding import Finding, Severity
from mwaactl.project.checks.requirements_lines import readable_lines
from mwaactl.project.requirements.markers import may_hold_on_worker
from mwaactl.project.requirements_file import RequirementLine

_RULE = "requirements-twice"


def requirements_twice(bundle: Bundle, version: AirflowVersion) -> Iterator[Finding]:
    """Reports the second line of a name as an error where it says something else, else as a warning."""
    first: dict[str, RequirementLine] = {}
    for line in readable_lines(bundle):
        if line.name is None or not may_hold_on_worker(line.marker, version.python):
            continue
        other = first.setdefault(line.name, line)
        if other is line:
            continue
        same = (other.specifier, set(other.hashes)) == (line.specifier, set(line.hashes))
        message = f"`{line.name}` stands in line {other.number} already"
        if not same:
            message += f", with {_what_differs(other, line)}"
        severity: Severity = "warning" if same else "error"
        yield Finding(_RULE, severity, REQUIREMENTS, line.number, message, "remove one of them")


def _what_differs(one: RequirementLine, other: RequirementLine) -> str:
    return f"`{one.specifier}`" if one.specifier != other.specifier else "other hashes"
