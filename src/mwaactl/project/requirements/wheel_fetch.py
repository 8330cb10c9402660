"""Fetches the wheels of locked lines for MWAA's workers, whatever machine asks."""

import re
from collections.abc import Sequence
from pathlib import Path

from mwaactl.errors import ProjectError
from mwaactl.project.bundle import REQUIREMENTS
from mwaactl.project.reading import digest_of
from mwaactl.project.requirements.installer_command import worker_platform
from mwaactl.project.requirements.package_set import PackageSet
from mwaactl.project.requirements.pip_failure import explain_pip
from mwaactl.project.requirements.pip_program import PipProgram
from mwaactl.project.requirements.storage import Tell
from mwaactl.project.requirements_file import RequirementLine
from mwaactl.project.wheel_name import WheelName

_SECONDS = 3600.0
_COMING = re.compile(
    r"\s*(?:Downloading|Using cached) (?:\S*/)?(?P<file>[^\s/]+\.whl)(?: \((?P<size>[^)]*)\))?"
)


def fetch_wheels(
    lines: Sequence[RequirementLine], folder: Path, packages: PackageSet, pip: PipProgram, tell: Tell
) -> tuple[Path, ...]:
    """Has pip fetch one wheel for each line and verifies each against the line's hashes.

    Args:
        lines: Pins with hashes.
        folder: An empty folder for them.
        packages: Says for which Python.
        pip: Fetches.
        tell: Told of each wheel as it comes.

    Returns:
        The wheels, in the order of the lines.

    Raises:
        ProjectError: The registry cannot be asked, or has another content than was locked.
    """
    # Without markers: pip would decide them for the Python that runs it.
    asked = "".join(f"{line.name}{line.specifier} {_hashes(line)}\n" for line in lines)
    (folder / "requirements.txt").write_text(asked, encoding="utf-8")
    (folder / "wheels").mkdir()
    progress = _Progress(len(lines), tell)
    done = pip(_arguments(packages.version.python), folder, _SECONDS, progress)
    if done.code != 0:
        raise _failure(done.output if done.code else "ERROR: it took too long", lines, packages)
    return tuple(_verified(line, folder / "wheels", packages) for line in lines)


def _hashes(line: RequirementLine) -> str:
    return " ".join(f"--hash={each}" for each in line.hashes)


class _Progress:
    def __init__(self, total: int, tell: Tell) -> None:
        self._total = total
        self._tell = tell
        self._seen = 0

    def __call__(self, line: str) -> None:
        if match := _COMING.match(line):
            self._seen += 1
            size = f" ({match['size']})" if match["size"] else ""
            self._tell(f"wheel {self._seen} of {self._total}: {match['file']}{size}")


def _arguments(python: str) -> list[str]:
    arguments = ["download", "--requirement", "requirements.txt", "--dest", "wheels", "--no-deps"]
    return [*arguments, "--require-hashes", *worker_platform(python)]


def _verified(line: RequirementLine, folder: Path, packages: PackageSet) -> Path:
    """The wheel of a line; pip has compared the hash already, and what is shipped is compared again."""
    for path in sorted(folder.iterdir()):
        says = WheelName.of(path.name)
        if says and says.name == line.name and says.fits(packages.version.python):
            digest, _ = digest_of(path, path.name)
            if f"sha256:{digest}" in line.hashes:
                return path
    message = f"pip fetched no wheel for `{line.name}=={line.pinned_version}` that is what was locked"
    raise ProjectError(message, path=REQUIREMENTS, line=line.number, hint="run `mwaactl requirements lock`")


def _failure(output: str, lines: Sequence[RequirementLine], packages: PackageSet) -> ProjectError:
    # pip counts the lines of its own file; names say which of ours it means.
    unnumbered = re.sub(r"\(line \d+\)", "", output)
    found = explain_pip(unnumbered, lines, packages)
    message = f"the wheels cannot be fetched: {found.message}"
    return ProjectError(message, path=REQUIREMENTS, line=found.line, hint=found.hint, code="project.no-wheel")
