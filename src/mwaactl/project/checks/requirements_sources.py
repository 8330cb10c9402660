"""Requirements from elsewhere than the one package registry, where a stranger may use a package's name."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from mwaactl.catalog.versions import AirflowVersion
from mwaactl.project.bundle import REQUIREMENTS, Bundle
from mwaactl.project.checks.finding import Finding
from mwaactl.project.checks.requirements_lines import readable_lines
from mwaactl.project.requirement_options import Option
from mwaactl.project.requirements_file import RequirementLine, requirement_lines
from mwaactl.project.shipped_paths import shipped_path

_INDEX = "`{}` lets another index answer for any package"
_REFUSED = {
    "--index-url": _INDEX,
    "--pypi-url": _INDEX,
    "--extra-index-url": _INDEX,
    "--trusted-host": "`{}` lets anybody between MWAA and the index answer in its place",
    "--pre": "`{}` lets pip take pre-releases, also of packages that no line pins",
    "--requirement": "`{}` names another file, which is not shipped",
    "--editable": "`{}` names a folder or an address, which is not shipped",
    "--hash": "`{}` belongs to no requirement: a comment or a missing backslash cuts it off",
}
_HARMLESS = frozenset({"--no-index", "--prefer-binary", "--require-hashes"})
_BUILDING = frozenset({"--config-setting", "--config-settings", "--global-option"})
_CHOOSING = frozenset({"--no-binary", "--only-binary"})
_PACKAGES = re.compile(r"(?::all:|:none:|[A-Za-z0-9._-]+)(?:,(?::all:|:none:|[A-Za-z0-9._-]+))*")
_SHIP = "ship a wheel in plugins/, or remove the line"
_HINTS = {
    _INDEX: "remove it; `mwaactl requirements package` takes wheels from an index of yours into plugins/",
    _REFUSED["--hash"]: "run `mwaactl requirements lock`, which writes the file anew",
    _REFUSED["--requirement"]: "put its lines into requirements.in, and run `mwaactl requirements lock`",
}


@dataclass(frozen=True, slots=True)
class _Problem:
    message: str
    hint: str = _SHIP


def requirements_sources(bundle: Bundle, _: AirflowVersion) -> Iterator[Finding]:
    """Reports other indexes, addresses, paths that MWAA does not have, and options out of place."""
    for line in readable_lines(bundle):
        for problem in dict.fromkeys(_problems(line)):
            yield _finding(REQUIREMENTS, line.number, problem)
        for option in line.options if line.is_option else ():
            if option.name == "--constraint":
                yield from _constraints(option, line.number, bundle)


def _problems(line: RequirementLine) -> Iterator[_Problem]:
    if line.is_option:
        yield from filter(None, map(_option_problem, line.options))
        return
    yield from filter(None, map(_trailing_problem, line.options))
    if problem := _place_problem(line):
        yield problem


def _trailing_problem(option: Option) -> _Problem | None:
    """Judge an option behind a requirement."""
    if option.name == "--hash":
        return None
    if option.name in _BUILDING:
        # pip follows it; uv, which locks requirements and installs them here, takes no such line.
        message = f"`{option.written}` is for a package that MWAA would build whenever a container starts"
        return _Problem(message, "build a wheel with it and ship that in plugins/, or remove the option")
    return _Problem(f"`{option.written}` stands behind a requirement, where pip does not follow it")


def _option_problem(option: Option) -> _Problem | None:
    if template := _REFUSED.get(option.name):
        return _Problem(template.format(option.written), _HINTS.get(template, _SHIP))
    if option.name == "--find-links":
        if shipped_path(option.value):
            return None
        hint = "ship wheels in plugins/ and write `--find-links /usr/local/airflow/plugins`"
        return _Problem(f"`{option.written}` names a place outside the environment", hint)
    if option.name == "--constraint" or option.name in _HARMLESS:
        return None
    if option.name in _CHOOSING and not option.value.startswith("-") and _PACKAGES.fullmatch(option.value):
        return None
    return _Problem(f"`{option.written}` is nothing that pip takes in a file like this", "remove it")


def _place_problem(line: RequirementLine) -> _Problem | None:
    place = line.specifier[1:].strip() if line.specifier.startswith("@") else line.requirement
    if not (line.is_location or line.specifier.startswith("@")) or shipped_path(place):
        return None
    named = line.name or line.requirement
    where = "an address" if "://" in place or "+" in place else "a path that MWAA does not have,"
    return _Problem(f"`{named}` comes from {where} instead of the package registry")


def _constraints(option: Option, number: int, bundle: Bundle) -> Iterator[Finding]:
    """Constraints may hold options too, and addresses for names."""
    path = shipped_path(option.value)
    if path is None:
        message = f"`{option.written}` names a place outside the environment, whose content may change"
        hint = "remove it: MWAA applies the constraints of its Airflow; or ship the file in dags/"
        yield _finding(REQUIREMENTS, number, _Problem(message, hint))
        return
    content = _shipped_content(bundle, path)
    if content is None:
        message = f"`{option.written}` names `{path}`, which is not there, so that pip would install nothing"
        yield _finding(REQUIREMENTS, number, _Problem(message, "add the file, or remove the line"))
        return
    for line in requirement_lines(content):
        if line.is_option or line.is_location or line.specifier.startswith("@") or not line.is_readable:
            message = f"`{line.text}` is more than a constraint: pip would follow it"
            yield _finding(path, line.number, _Problem(message, "leave names and versions"))


def _shipped_content(bundle: Bundle, path: str) -> bytes | None:
    files = {file.key: file.path for file in bundle.dags}
    files |= {f"plugins/{file.name}": file.path for file in bundle.plugin_files}
    return files[path].read_bytes() if path in files else None


def _finding(path: str, number: int, problem: _Problem) -> Finding:
    return Finding("requirements-sources", "error", path, number, problem.message, problem.hint)
