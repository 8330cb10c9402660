"""Why uv found no solution: its words turned into one finding that names the line and what opposes it."""

import re

from mwaactl.catalog.versions import AirflowVersion
from mwaactl.errors import ProjectError
from mwaactl.project.bundle import REQUIREMENTS
from mwaactl.project.checks.finding import Finding
from mwaactl.project.requirements_file import RequirementLine, normalised

_PACKAGE = r"[A-Za-z0-9][A-Za-z0-9._-]*[A-Za-z0-9]|[A-Za-z0-9]"
_ABSENT = re.compile(rf"\b({_PACKAGE})(?:\[[^]]*\])? was not found in the (?:package registry|registry)")
_NO_VERSION = re.compile(rf"there (?:is|are) no versions? of ({_PACKAGE})(?:\[[^]]*\])?(\S*)")
_REQUIRED = re.compile(rf"(?:you require|and) ({_PACKAGE})(?:\[[^]]*\])?([=<>!~][^\s,]*)")
_NO_WHEEL = re.compile(rf"({_PACKAGE})==(\S+) has no wheels with a matching")
_ONLY = re.compile(
    rf"only ({_PACKAGE})(\S+) (?:is|are) available and you require \1(?![A-Za-z0-9._-])([^\s,]*)"
)
_UNREADABLE = re.compile(r"Couldn't parse requirement[^\n]*\n\s*(?:cause: )?([^\n]*)")
# Words with which uv says that it could not ask: a refused login also ends in "not found".
_COULD_NOT_ASK = ("network was disabled", "could not be queried", "not found in the cache")


def explain_failure(explanation: str, lines: tuple[RequirementLine, ...], version: AirflowVersion) -> Finding:
    """Says in one finding why uv could not resolve requirements.

    Args:
        explanation: uv's own words.
        lines: The requirements.
        version: What they were resolved beside.

    Raises:
        ProjectError: uv did not say that it is impossible: it could not find out.
    """
    if any(words in explanation for words in _COULD_NOT_ASK):
        raise _unanswered(explanation)
    if absent := _ABSENT.search(explanation):
        return _absent(absent[1], lines)
    if match := _UNREADABLE.search(explanation):
        return _finding(None, f"has a line that pip cannot read: {match[1].strip()}")
    if "No solution found" not in explanation:
        raise _unanswered(explanation)
    if package := package_without_wheel(explanation):
        line = _line_of(package, lines)
        pin = f"{package}{line.specifier}" if line else package
        message = f"`{pin}` has no wheel for Linux on x86_64 and Python {version.python}, and no source"
        return _finding(line, message, "choose another version")
    if (none := _NO_VERSION.search(explanation)) and (line := _line_of(none[1], lines, none[2])):
        return _finding(line, f"`{none[1]}{line.specifier}` does not exist: no such version was published")
    if (only := _ONLY.search(explanation)) and (line := _line_of(only[1], lines, only[3])):
        return _finding(line, f"`{only[1]}{line.specifier}` does not exist: there is only {only[1]}{only[2]}")
    return _conflict(explanation, lines, version)


def package_without_wheel(explanation: str) -> str | None:
    """Returns the package for which uv found wheels for other systems only, or None."""
    match = _NO_WHEEL.search(explanation)
    return normalised(match[1]) if match else None


def _absent(package: str, lines: tuple[RequirementLine, ...]) -> Finding:
    line = _line_of(package, lines)
    message = f"`{package}` does not exist in the package registry"
    if line is None:
        message += ", but a requirement depends on it"
    return _finding(line, message, "check how the package's name is spelt")


def _conflict(explanation: str, lines: tuple[RequirementLine, ...], version: AirflowVersion) -> Finding:
    """Names the user's own line in the conflict, and what stands against it."""
    required = [(normalised(name), text) for name, text in _REQUIRED.findall(explanation)]
    own = _own_line(required, lines)
    if own is None:
        return _finding(None, f"conflicts with Airflow {version.version} on MWAA: {_last(explanation)}")
    asked = f"`{own.name}{own.specifier}`"
    said = {text for name, text in required if name == own.name}
    opposed = [line for line in lines if line.name == own.name and line != own and said & _clauses(line)]
    if opposed:
        first, second = sorted((own, opposed[0]), key=lambda line: line.number)
        before = f"`{first.name}{first.specifier}` in line {first.number}"
        return _finding(second, f"`{second.name}{second.specifier}` contradicts {before}")
    installed = [text for name, text in required if name == own.name and text != own.specifier]
    reason = f", which has {own.name}{installed[0]}" if installed else f": {_last(explanation)}"
    message = f"{asked} cannot be installed beside Airflow {version.version} on MWAA{reason}"
    return _finding(own, message, "choose another version, or remove the line")


def _own_line(required: list[tuple[str, str]], lines: tuple[RequirementLine, ...]) -> RequirementLine | None:
    """The last line that asks for what is required; else the last of a package that is required."""
    found = [line for name, text in reversed(required) if (line := _line_of(name, lines, text))]
    said = {text for _, text in required}
    return next((line for line in found if said & _clauses(line)), found[0] if found else None)


def _last(explanation: str) -> str:
    """The reason that uv gives last, which names what the user asked for, in one line."""
    reasons = re.split(r"\b(?:And b|B)ecause\b", explanation)[1:]
    words = " ".join(reasons[0].split() if reasons else explanation.split())
    return words.split(", we can conclude")[0].removesuffix(".")


def _line_of(package: str, lines: tuple[RequirementLine, ...], said: str = "") -> RequirementLine | None:
    """The line of a package: of several the one that asks for what was said."""
    named = [line for line in lines if line.name == normalised(package)]
    return next((line for line in named if said in _clauses(line)), named[0] if named else None)


def _clauses(line: RequirementLine) -> set[str]:
    return set("".join(line.specifier.split()).split(","))


def _finding(line: RequirementLine | None, message: str, hint: str | None = None) -> Finding:
    number = line.number if line else None
    return Finding("requirements-resolve", "error", REQUIREMENTS, number, message, hint)


def _unanswered(explanation: str) -> ProjectError:
    causes = [text.strip() for text in re.split(r"(?:^|\n)\s*(?:error|cause):", explanation) if text.strip()]
    said = ": ".join(dict.fromkeys((causes[0], causes[-1]))) if causes else "uv gave no reason"
    message = f"the requirements could not be resolved: {said}"
    hint = "see whether the package registry can be reached; uv takes its address from UV_DEFAULT_INDEX"
    return ProjectError(message, path=REQUIREMENTS, hint=hint, code="project.requirements-unresolved")
