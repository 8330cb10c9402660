"""Why pip installed nothing: its words turned into one finding that names the line and the pin."""

import re
from collections.abc import Sequence

from mwaactl.errors import ProjectError
from mwaactl.project.bundle import REQUIREMENTS
from mwaactl.project.checks.finding import Finding
from mwaactl.project.requirements.package_set import PackageSet
from mwaactl.project.requirements_file import RequirementLine, normalised
from mwaactl.redaction import redacted

RULE = "requirements-install"
_UNREACHED = re.compile(r"Retrying \(Retry\(|HTTP error 40[137]|40[137] Client Error|due to an OSError")
_UNWRITTEN = re.compile(
    r"\[Errno \d+\] (?P<why>No space left on device|Disk quota exceeded|Read-only file system)"
)
_REFUSED = re.compile(r"Retrying \(Retry\(.*?\[Errno -?\d+\] (?P<why>[^'\"),]+)")
_MISMATCH = re.compile(
    r"DO NOT MATCH THE HASHES.*?\n\s+(?P<what>\S+).*?Expected \S+ (?P<expected>\S+).*?Got\s+(?P<got>\S+)",
    re.DOTALL,
)
_NOT_PINNED = re.compile(
    r"must have their versions pinned with ==.*?\n\s+(?P<what>\S+).*?\(from (?P<by>[^)]*)\)"
)
_NO_HASH = re.compile(r"Hashes are required in --require-hashes mode.*?\n\s+(?P<what>[^\s]+) ", re.DOTALL)
_CONFLICT = re.compile(
    r"ERROR: Cannot install (?P<who>.*?) because .*?caused by:\n(?P<causes>.*?)\n\n", re.DOTALL
)
_ABSENT = re.compile(r"No matching distribution found for (?P<what>\S+)")
_INVALID = re.compile(r"ERROR: Invalid requirement: (?P<why>[^\n]*)")
_NOT_BUILT = re.compile(
    r"Failed (?:to build|building wheel for) (?P<what>[^\s']+)|Failed to build '(?P<same>[^']+)'"
)
_CONSTRAINT = re.compile(r"The user requested \(constraint\) (?P<name>[\w.-]+)==(?P<version>\S+)")
_WHERE = re.compile(r"\(line (\d+)\)")
_ADDRESS = re.compile(r"\b\w+://\S+")


def explain_pip(output: str, lines: Sequence[RequirementLine], packages: PackageSet) -> Finding:
    """Returns the reason for which pip installed nothing.

    Args:
        output: What pip wrote.
        lines: The requirements that it was given.
        packages: What it was to install them beside.

    Raises:
        ProjectError: pip could not write, or not ask the package registry, so nothing is known about the
            requirements.
    """
    if unwritten := _UNWRITTEN.search(output):
        message = f"pip could not write its files: {unwritten['why']}"
        hint = "make room on the disk, also where TMPDIR is, and run the command again"
        raise ProjectError(message, hint=hint, code="project.unwritable")
    if _UNREACHED.search(output):
        refused = _REFUSED.search(output)
        message = (
            f"pip could not ask the package registry: {refused['why'] if refused else _last_error(output)}"
        )
        hint = "see whether it can be reached; pip takes its address from PIP_INDEX_URL"
        raise ProjectError(message, path=REQUIREMENTS, hint=hint, code="project.requirements-unresolved")
    for explain in (_mismatch, _open, _conflict, _absent, _unbuilt, _invalid):
        if found := explain(output, lines, packages):
            return found
    return _finding(None, f"pip failed: {_last_error(output)}", None)


def _mismatch(output: str, lines: Sequence[RequirementLine], _: PackageSet) -> Finding | None:
    if not (match := _MISMATCH.search(output)):
        return None
    what = match["what"]
    message = (
        f"`{what}` has another content than the hash says: sha256 is {match['got']}, not {match['expected']}"
    )
    hint = "find out who changed it; `mwaactl requirements lock` writes the hashes that the registry names"
    return _finding(_line_of(what, lines), message, hint)


def _open(output: str, lines: Sequence[RequirementLine], _: PackageSet) -> Finding | None:
    match = _NOT_PINNED.search(output) or _NO_HASH.search(output)
    if not match:
        return None
    numbers = _WHERE.findall(match[0])
    line = next((each for each in lines if numbers and each.number == int(numbers[0])), None)
    message = f"`{match['what']}` is needed and not locked: with hashes, every package needs version and hash"
    return _finding(line or _line_of(match["what"], lines), message, "run `mwaactl requirements lock`")


def _conflict(output: str, lines: Sequence[RequirementLine], packages: PackageSet) -> Finding | None:
    if not (match := _CONFLICT.search(output)):
        return None
    causes = [" ".join(line.split()) for line in match["causes"].splitlines()]
    numbers = [int(number) for number in _WHERE.findall(match["who"])]
    own = next((line for line in lines if line.number in numbers), None) or _line_of(match["who"], lines)
    version = packages.version
    asked = f"`{own.name}{own.specifier}`" if own else f"`{_ADDRESS.sub('', match['who'])}`"
    joint = ", but " if "(constraint)" in match["causes"] else " and "
    reasons = joint.join(_reason(cause, packages) for cause in causes)
    message = f"{asked} cannot be installed beside Airflow {version.version} on MWAA: {reasons}"
    return _finding(own, message, "choose another version, or remove the line")


def _reason(cause: str, packages: PackageSet) -> str:
    if not (pin := _CONSTRAINT.fullmatch(cause)):
        return cause.replace("The user requested", "you ask for")
    essential = normalised(pin["name"]) in packages.version.essential
    kept = "MWAA always keeps" if essential else f"the constraints of Airflow {packages.version.version} say"
    return f"{kept} {pin['name']}=={pin['version']}"


def _absent(output: str, lines: Sequence[RequirementLine], packages: PackageSet) -> Finding | None:
    if not (match := _ABSENT.search(output)):
        return None
    python = packages.version.python
    message = f"`{match['what']}` has no file in the package registry that Python {python} can install"
    return _finding(_line_of(match["what"], lines), message, "check name and version")


def _unbuilt(output: str, lines: Sequence[RequirementLine], _: PackageSet) -> Finding | None:
    match = _NOT_BUILT.search(output)
    if not match and "metadata-generation-failed" not in output:
        return None
    what = (match["what"] or match["same"]) if match else "a package without wheel"
    message = f"`{what}` has no wheel for this platform, and building it failed"
    hint = "choose a version with a wheel, or ship a wheel in plugins/"
    return _finding(_line_of(what, lines), message, hint)


def _invalid(output: str, _: Sequence[RequirementLine], __: PackageSet) -> Finding | None:
    match = _INVALID.search(output)
    number = re.search(r"from line (\d+) of", output)
    if not match:
        return None
    message = f"pip cannot read a line: {match['why']}"
    return Finding(RULE, "error", REQUIREMENTS, int(number[1]) if number else None, message)


def _line_of(text: str, lines: Sequence[RequirementLine]) -> RequirementLine | None:
    named = {
        normalised(name)
        for name in re.findall(r"(?<![\w.-])([A-Za-z0-9][\w.-]*?)(?=\[|[=<>!~]|\s|,|$)", text)
    }
    return next((line for line in lines if line.name in named), None)


def _finding(line: RequirementLine | None, message: str, hint: str | None) -> Finding:
    return Finding(RULE, "error", REQUIREMENTS, line.number if line else None, message, hint)


def _last_error(output: str) -> str:
    """The last thing that pip called an error; addresses may hold a password."""
    errors = re.findall(r"^(?:ERROR|WARNING): (.*)$", output, re.MULTILINE)
    said = errors[-1] if errors else (output.strip().splitlines() or ["it gave no reason"])[-1]
    return redacted(said).strip().rstrip(".")
