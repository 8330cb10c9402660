"""Compiles requirements.in into the requirements.txt that MWAA can install beside Airflow."""

import sys
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from mwaactl.errors import ProjectError
from mwaactl.project.bundle import REQUIREMENTS
from mwaactl.project.checks.requirements_encoding import ENCODING_HINT, encoding_problems
from mwaactl.project.requirements.files import SOURCE
from mwaactl.project.requirements.lock_text import Pin, missing_in, read_pins, render_lock
from mwaactl.project.requirements.package_set import PackageSet
from mwaactl.project.requirements.uv import Uv
from mwaactl.project.requirements.uv_failure import explain_failure
from mwaactl.project.requirements_file import requirement_lines
from mwaactl.project.wheel_name import PLATFORM

_SECONDS = 240.0


@dataclass(frozen=True, slots=True)
class Lock:
    """A compiled requirements.in.

    Attributes:
        text: Content of requirements.txt.
        pins: What it installs.
        provided: What requirements.in or its dependencies ask for and Airflow's set has already.
    """

    text: str
    pins: tuple[Pin, ...]
    provided: tuple[Pin, ...]


def compile_lock(source: bytes, before: str, packages: PackageSet, uv: Uv, *, upgrade: bool = False) -> Lock:
    """Resolves requirements.in under the Airflow version's own package set and MWAA's essential pins.

    Args:
        source: Content of requirements.in.
        before: Content of the present requirements.txt, whose versions are kept where they still fit.
        packages: What the environment has installed.
        uv: Resolves.
        upgrade: Take the newest versions instead of the present ones.

    Raises:
        ProjectError: A line cannot be locked, the requirements conflict, or the registry was not reached.
    """
    _refuse_unlockable(source)
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "requirements.in").write_bytes(source)
        (folder / "requirements.txt").write_text("" if upgrade else _versions(before), encoding="utf-8")
        (folder / "airflow.txt").write_text(packages.airflow_constraints, encoding="utf-8")
        (folder / "essential.txt").write_text(packages.essential_constraints, encoding="utf-8")
        (folder / "installed.txt").write_text(packages.installed_constraints, encoding="utf-8")
        done = uv.run(_command(packages, uv), cwd=folder, environ=uv.environ, timeout=_SECONDS)
        compiled = (folder / "requirements.txt").read_text(encoding="utf-8")
    if done.code != 0:
        raise _failure(done.output if done.code else "error: uv took too long", source, packages)
    asked = tuple(read_pins(compiled))
    pins = missing_in(packages.pins, asked)
    return Lock(render_lock(pins, packages.version), pins, tuple(sorted(set(asked) - set(pins))))


def _command(packages: PackageSet, uv: Uv) -> list[str]:
    command = [uv.executable, "pip", "compile", "requirements.in", "--output-file", "requirements.txt"]
    command += ["-c", "airflow.txt", "-c", "essential.txt", "-c", "installed.txt"]
    command += ["--generate-hashes", "--no-annotate", "--no-header"]
    command += ["--python", sys.executable, "--python-version", packages.version.python]
    command += ["--python-platform", PLATFORM, "--no-emit-index-url", "--no-emit-find-links"]
    return [*command, "--quiet", "--color", "never", *uv.arguments]


def _versions(before: str) -> str:
    """The versions of the present file; whatever else stands there must not decide anything."""
    lines = requirement_lines(before.encode())
    return "".join(
        f"{line.name}=={line.pinned_version}\n" for line in lines if line.name and line.pinned_version
    )


def _refuse_unlockable(source: bytes) -> None:
    for number, problem in encoding_problems(source):
        raise _unlockable(number, f"it {problem}", ENCODING_HINT)
    for line in requirement_lines(source):
        if line.is_option or line.is_location or line.specifier.startswith("@"):
            hint = "remove it; constraints come from the Airflow version, packages from the one registry"
            raise _unlockable(
                line.number, f"`{line.text}` cannot be locked: only names and versions can", hint
            )
        if not line.is_readable or line.variables or line.options:
            hint = "write `NAME`, or with versions, for example `NAME>=2,<3`"
            raise _unlockable(line.number, f"`{line.text}` is no requirement that can be locked", hint)


def _unlockable(number: int | None, problem: str, hint: str) -> ProjectError:
    place = f"`{SOURCE}` line {number}" if number else f"`{SOURCE}`"
    return ProjectError(f"{place}: {problem}", path=SOURCE, line=number, hint=hint)


def _failure(explanation: str, source: bytes, packages: PackageSet) -> ProjectError:
    found = explain_failure(explanation, requirement_lines(source), packages.version)
    found = replace(found, path=SOURCE)
    place = f"`{SOURCE}` line {found.line}" if found.line else f"`{SOURCE}`"
    message = f"{place}: {found.message}; `{REQUIREMENTS}` is left as it was"
    return ProjectError(
        message, path=SOURCE, line=found.line, hint=found.hint, code="project.requirements-conflict"
    )
