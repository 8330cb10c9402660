"""Lines that pip cannot read, or reads otherwise than they stand there."""

from collections.abc import Iterator

from mwaactl.catalog.versions import AirflowVersion
from mwaactl.project.bundle import REQUIREMENTS, Bundle
from mwaactl.project.checks.finding import Finding
from mwaactl.project.requirements_file import RequirementLine, requirement_lines

_RULE = "requirements-readable"
_SHOWN = 60


def requirements_readable(bundle: Bundle, _: AirflowVersion) -> Iterator[Finding]:
    """Reports lines that are no requirement, and `${VARIABLES}`, in whose place pip puts anything."""
    content = bundle.requirements.content if bundle.requirements else b""
    for line in requirement_lines(content):
        for variable in line.variables:
            message = f"`{variable}` stands for whatever the process environment says, be it another index"
            yield Finding(_RULE, "error", REQUIREMENTS, line.number, message, "write what it stands for")
        if not line.is_readable and not line.variables:
            message = f"pip cannot read `{_shortened(line)}` and would install none of the packages"
            yield Finding(_RULE, "error", REQUIREMENTS, line.number, message, _hint(line))


def _shortened(line: RequirementLine) -> str:
    text = line.text.replace("\t", "\\t")
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"


def _hint(line: RequirementLine) -> str:
    if "\t" in line.text:
        return "put a space instead of the tab: pip looks for options behind spaces only"
    return "write `NAME==VERSION`, with `--hash=sha256:…` where the file has hashes"
