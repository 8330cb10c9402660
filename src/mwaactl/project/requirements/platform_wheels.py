"""Which packages have no wheel for MWAA's workers, whatever machine asks."""

import sys
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from mwaactl.project.bundle import REQUIREMENTS
from mwaactl.project.checks.finding import Finding
from mwaactl.project.checks.requirements_resolve import explain_failure
from mwaactl.project.requirements.package_set import PackageSet
from mwaactl.project.requirements.process import Completed
from mwaactl.project.requirements.uv import Uv
from mwaactl.project.requirements_file import RequirementLine, normalised
from mwaactl.project.uv_compile import PLATFORM

RULE = "requirements-platform"
_SECONDS = 120.0


def platform_findings(lines: Sequence[RequirementLine], packages: PackageSet, uv: Uv) -> Iterator[Finding]:
    """Asks uv for the files of each pin that fit Linux on x86_64 and the environment's Python.

    A file that names `--no-index` is left alone: its wheels do not come from the registry.

    Raises:
        ProjectError: The registry could not be asked.
    """
    asked = {line.name: line for line in lines if line.name and packages.pins.get(line.name) is None}
    if not asked or any(line.text.startswith("--no-index") for line in lines):
        return
    done, text = _compile(asked.values(), packages, uv)
    if done.code != 0:
        found = explain_failure(done.output, tuple(asked.values()), packages.version)
        yield replace(found, rule=RULE)
        return
    for package in tomllib.loads(text).get("packages", ()):
        line = asked.get(normalised(package["name"]))
        if line and not package.get("wheels"):
            message = f"`{line.name}` has no wheel for Linux on x86_64 and Python {packages.version.python}"
            hint = (
                "MWAA has to build it at every start; choose a version with a wheel, or ship one in plugins/"
            )
            yield Finding(RULE, "warning", REQUIREMENTS, line.number, message, hint)


def _compile(lines: Iterable[RequirementLine], packages: PackageSet, uv: Uv) -> tuple[Completed, str]:
    command = [uv.executable, "pip", "compile", "pins.txt", "--output-file", "pylock.toml", "--no-deps"]
    command += ["--format", "pylock.toml", "--python", sys.executable, "--python-platform", PLATFORM]
    command += ["--python-version", packages.version.python, "--no-header", "--quiet", "--color", "never"]
    with TemporaryDirectory() as name:
        folder = Path(name)
        pins = "".join(line.text.split(" --hash")[0] + "\n" for line in lines)
        (folder / "pins.txt").write_text(pins, encoding="utf-8")
        done = uv.run([*command, *uv.arguments], cwd=folder, environ=uv.environ, timeout=_SECONDS)
        written = folder / "pylock.toml"
        return done, written.read_text(encoding="utf-8") if written.exists() else ""
