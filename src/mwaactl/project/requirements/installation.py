"""Installs a requirements.txt as MWAA does, and says what came of it."""

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import Distribution, distributions
from pathlib import Path

from mwaactl.catalog.limits import limits
from mwaactl.project.requirements.clean_environment import CleanEnvironments
from mwaactl.project.requirements.installer_command import (
    AIRFLOW_FILE,
    ESSENTIAL_FILE,
    clean_environ,
    install_arguments,
    worker_platform,
)
from mwaactl.project.requirements_file import normalised, requirement_lines
from mwaactl.project.shipped_paths import HOME


@dataclass(frozen=True, slots=True)
class InstalledPackage:
    """A package that pip put into the environment.

    Attributes:
        name: Its normalised name.
        version: Its version.
        size: Bytes of its files.
        before: The version that Airflow's set has of it; None where it has none.
    """

    name: str
    version: str
    size: int
    before: str | None = None


@dataclass(frozen=True, slots=True)
class Installation:
    """What pip did.

    Attributes:
        code: Its exit code; None where MWAA's time limit was over.
        output: What it wrote.
        seconds: How long it took on this machine.
        packages: What it installed, by name.
        resolved_only: Whether pip was only asked what it would install: the wheels are for another machine.
    """

    code: int | None
    output: str
    seconds: float
    packages: tuple[InstalledPackage, ...]
    resolved_only: bool = False

    @property
    def size(self) -> int:
        """Bytes of all that was installed."""
        return sum(package.size for package in self.packages)


def install(text: str, places: Mapping[str, Path], environments: CleanEnvironments) -> Installation:
    """Runs MWAA's pip command in a fresh environment.

    Where only shipped wheels may be taken and this machine cannot take them, pip installs nothing.

    Args:
        text: Content of requirements.txt.
        places: What stands for folders below /usr/local/airflow, for example `plugins`.
        environments: Makes the environment.

    Raises:
        ProjectError: The environment cannot be built.
    """
    packages, uv = environments.packages, environments.uv
    with environments.fresh() as python:
        before = _versions(python)
        here = python.parent
        (here / "requirements.txt").write_text(_localised(text, places, here), encoding="utf-8")
        (here / ESSENTIAL_FILE).write_text(packages.essential_constraints, encoding="utf-8")
        (here / AIRFLOW_FILE).write_text(packages.airflow_constraints, encoding="utf-8")
        command = [str(python / "bin" / "python"), "-m", "pip", *install_arguments(text)]
        foreign = not environments.native and _takes_shipped_wheels_only(text)
        if foreign:
            command += ["--dry-run", *worker_platform(packages.version.python)]
        limit = limits().requirements_install_seconds
        environments.tell("pip installs the requirements")
        done = uv.run(command, cwd=here, environ=clean_environ(uv.environ), timeout=limit)
        made = _resolved(done.output, before) if foreign else sorted_packages(python, before)
        return Installation(done.code, done.output, done.seconds, tuple(made), foreign)


def sorted_packages(python: Path, before: Mapping[str, str]) -> list[InstalledPackage]:
    """Returns what an environment has beyond or instead of what it had, by name."""
    found = (
        InstalledPackage(name, each.version, _size(each), before.get(name))
        for name, each in _distributions(python)
        if before.get(name) != each.version
    )
    return sorted(found, key=lambda package: package.name)


def _takes_shipped_wheels_only(text: str) -> bool:
    lines = (line for line in requirement_lines(text.encode()) if line.is_option)
    return any(option.name == "--no-index" for line in lines for option in line.options)


def _resolved(output: str, before: Mapping[str, str]) -> list[InstalledPackage]:
    """What pip would install, from its last line."""
    match = re.search(r"^Would install (.+)$", output, re.MULTILINE)
    pairs = (word.rpartition("-") for word in match[1].split()) if match else ()
    return [InstalledPackage(normalised(name), version, 0, before.get(name)) for name, _, version in pairs]


def _localised(text: str, places: Mapping[str, Path], here: Path) -> str:
    """Lets links beside the file stand for the containers' folders: pip ends a path at the first space."""
    for name, folder in places.items():
        (here / name).symlink_to(folder)
        text = text.replace(f"file://{HOME}/{name}", folder.as_uri()).replace(f"{HOME}/{name}", name)
    return text


def _versions(python: Path) -> dict[str, str]:
    return {name: each.version for name, each in _distributions(python)}


def _distributions(python: Path) -> Iterator[tuple[str, Distribution]]:
    sites = [str(site) for site in (python / "lib").glob("python*/site-packages")]
    return ((normalised(each.name), each) for each in distributions(path=sites))


def _size(package: Distribution) -> int:
    paths = (str(package.locate_file(file)) for file in package.files or ())
    return sum(os.stat(path).st_size for path in paths if os.path.isfile(path))  # noqa: PTH113, PTH116
