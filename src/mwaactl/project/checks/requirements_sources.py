"""Requirements from elsewhere than the one package registry, where a stranger may use a package's name."""

import re
from collections.abc import Iterator

from mwaactl.catalog.versions import AirflowVersion
from mwaactl.project.bundle import REQUIREMENTS, Bundle
from mwaactl.project.checks.finding import Finding
from mwaactl.project.requirements_file import RequirementLine, requirement_lines

# Wheels shipped in plugins.zip or beside the DAGs are installed from here; see "Managing Python dependencies
# in requirements.txt" in the MWAA user guide.
_SHIPPED = re.compile(r"(file://)?/usr/local/airflow/(plugins|dags)(/|$)")
_INDEX = re.compile(r"(-i|--index-url|--extra-index-url|--trusted-host|--pre)\b")
_FIND_LINKS = re.compile(r"(?:-f|--find-links)[\s=]+[\"']?([^\"']+)")
_OTHER_FILE = re.compile(r"(-r|--requirement|-e|--editable)\b")


def requirements_sources(bundle: Bundle, _: AirflowVersion) -> Iterator[Finding]:
    """Reports other indexes, addresses, paths that MWAA does not have, and files that are not shipped."""
    content = bundle.requirements.content if bundle.requirements else b""
    for line in requirement_lines(content):
        if message := _option_problem(line) if line.is_option else _place_problem(line):
            hint = "ship a wheel in plugins/ and name it with `--find-links /usr/local/airflow/plugins`"
            yield Finding("requirements-sources", "error", REQUIREMENTS, line.number, message, hint)


def _option_problem(line: RequirementLine) -> str | None:
    option = re.split(r"[\s=]", line.text)[0]
    links = _FIND_LINKS.match(line.text)
    if links and not _SHIPPED.match(links[1]):
        return f"`{option}` names a place outside the environment"
    if _OTHER_FILE.match(line.text):
        return f"`{option}` names something that is not shipped"
    return f"`{option}` lets another index answer for any package" if _INDEX.match(line.text) else None


def _place_problem(line: RequirementLine) -> str | None:
    place = line.specifier[1:].strip() if line.specifier.startswith("@") else line.text
    if not (line.is_location or line.specifier.startswith("@")) or _SHIPPED.match(place):
        return None
    return f"`{line.name or line.text}` comes from an address instead of the package registry"
