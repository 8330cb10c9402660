"""Which packages have no wheel for MWAA's workers, whatever machine asks."""

import sys
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from mwaactl.errors import ProjectError
from mwaactl.project.bundle import REQUIREMENTS
from mwaactl.project.checks.finding import Finding
from mwaactl.project.requirements.package_set import PackageSet
from mwaactl.project.requirements.process import Completed
from mwaactl.project.requirements.shipped_wheels import needed_pins
from mwaactl.project.requirements.uv import Uv
from mwaactl.project.requirements.uv_failure import explain_failure, package_without_wheel
from mwaactl.project.requirements_file import RequirementLine, normalised
from mwaactl.project.wheel_name import PLATFORM

RULE = "requirements-platform"
_SECONDS = 120.0


@dataclass(frozen=True, slots=True)
class OfferedWheel:
    """A wheel that the index offers and a worker can install.

    Attributes:
        sha256: Digest that the index names; empty where it names none.
        size: Bytes; 0 where the index does not say.
    """

    sha256: str
    size: int


def platform_findings(lines: Sequence[RequirementLine], packages: PackageSet, uv: Uv) -> Iterator[Finding]:
    """Asks uv for the files of each pin that fit Linux on x86_64 and the environment's Python.

    A file that names `--no-index` is left alone: its wheels do not come from the registry.

    Raises:
        ProjectError: The registry could not be asked.
    """
    asked = {line.name: line for line in needed_pins(lines, packages.version)}
    if not asked or any(line.text.startswith("--no-index") for line in lines):
        return
    done, text = _compile(tuple(asked.values()), packages, uv)
    if done.code != 0:
        yield replace(explain_failure(done.output, tuple(asked.values()), packages.version), rule=RULE)
        return
    for name, wheels in _wheels(text).items():
        line = asked.get(name)
        if line and not wheels:
            message = f"`{line.name}` has no wheel for Linux on x86_64 and Python {packages.version.python}"
            hint = (
                "MWAA has to build it at every start; choose a version with a wheel, or ship one in plugins/"
            )
            yield Finding(RULE, "warning", REQUIREMENTS, line.number, message, hint)


def locked_wheels(
    lines: Sequence[RequirementLine], packages: PackageSet, uv: Uv
) -> Mapping[str, OfferedWheel]:
    """Finds for each line a wheel that a worker can install and whose hash the line has.

    Returns:
        Name of the package to one such wheel.

    Raises:
        ProjectError: A line has none, or the registry could not be asked.
    """
    offered = _offered(lines, packages, uv)
    found = {}
    for line in lines:
        wheels = offered.get(line.name or "", ())
        fitting = (each for each in wheels if not each.sha256 or f"sha256:{each.sha256}" in line.hashes)
        if wheel := next(fitting, None):
            found[line.name or ""] = wheel
    if lacking := [line for line in lines if line.name not in found]:
        raise _lacking(lacking, offered, packages)
    return found


def _offered(
    lines: Sequence[RequirementLine], packages: PackageSet, uv: Uv
) -> Mapping[str, tuple[OfferedWheel, ...]]:
    """The wheels of each line; uv stops at one that has only some for other systems, so it is asked on."""
    asked = list(lines)
    while asked:
        done, text = _compile(asked, packages, uv)
        if done.code == 0:
            return _wheels(text)
        without = package_without_wheel(done.output)
        if without not in [line.name for line in asked]:
            found = explain_failure(done.output, tuple(asked), packages.version)
            message = f"the wheels cannot be fetched: {found.message}"
            raise ProjectError(
                message, path=REQUIREMENTS, line=found.line, hint=found.hint, code="project.no-wheel"
            )
        asked = [line for line in asked if line.name != without]
    return {}


def _lacking(
    lines: Sequence[RequirementLine], offered: Mapping[str, Sequence[OfferedWheel]], packages: PackageSet
) -> ProjectError:
    absent = [line for line in lines if not offered.get(line.name or "")]
    names = ", ".join(f"`{line.name}=={line.pinned_version}`" for line in absent or lines)
    if absent:
        python = packages.version.python
        message = f"there is no wheel for Linux on x86_64 and Python {python} of {names}"
        hint = (
            "choose a version with a wheel in requirements.in and lock again, or publish a wheel in an index "
            "of yours: a private environment cannot build one"
        )
    else:
        message = f"the registry's wheels are not what was locked for {names}"
        hint = "find out who changed them; `mwaactl requirements lock` writes the hashes that it has now"
    line = (absent or lines)[0].number
    return ProjectError(message, path=REQUIREMENTS, line=line, hint=hint, code="project.no-wheel")


def _wheels(lock: str) -> Mapping[str, tuple[OfferedWheel, ...]]:
    return {
        normalised(package["name"]): tuple(
            OfferedWheel(each.get("hashes", {}).get("sha256", ""), each.get("size", 0))
            for each in package.get("wheels", ())
        )
        for package in tomllib.loads(lock).get("packages", ())
    }


def _compile(lines: Sequence[RequirementLine], packages: PackageSet, uv: Uv) -> tuple[Completed, str]:
    command = [uv.executable, "pip", "compile", "pins.txt", "--output-file", "pylock.toml", "--no-deps"]
    command += ["--format", "pylock.toml", "--python", sys.executable, "--python-platform", PLATFORM]
    command += ["--python-version", packages.version.python, "--no-header", "--quiet", "--color", "never"]
    with TemporaryDirectory() as name:
        folder = Path(name)
        pins = "".join(f"{line.name}{line.specifier}\n" for line in lines)
        (folder / "pins.txt").write_text(pins, encoding="utf-8")
        done = uv.run([*command, *uv.arguments], cwd=folder, environ=uv.environ, timeout=_SECONDS)
        written = folder / "pylock.toml"
        return done, written.read_text(encoding="utf-8") if written.exists() else ""
