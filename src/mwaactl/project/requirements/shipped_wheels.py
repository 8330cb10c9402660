"""The wheels that are shipped in plugins/ or dags/, and which of them pip takes for a line."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from mwaactl.catalog.versions import AirflowVersion
from mwaactl.project.bundle import PLUGINS, Bundle
from mwaactl.project.reading import digest_of
from mwaactl.project.requirements.markers import may_hold_on_worker
from mwaactl.project.requirements.package_set import package_set
from mwaactl.project.requirements_file import RequirementLine, same_version
from mwaactl.project.shipped_paths import shipped_path
from mwaactl.project.wheel_name import WheelName


@dataclass(frozen=True, slots=True)
class ShippedWheel:
    """A wheel of the project.

    Attributes:
        shown: Its path below the project's root.
        path: Where to read it.
        says: What its name says.
    """

    shown: str
    path: Path
    says: WheelName

    def answers(self, line: RequirementLine) -> bool:
        """Says whether it has the line's name and version."""
        return self.says.name == line.name and same_version(self.says.version, line.pinned_version or "")

    @property
    def sha256(self) -> str:
        """Digest of its content, 64 hexadecimal digits.

        Raises:
            ProjectError: It cannot be read.
        """
        return digest_of(self.path, self.shown)[0]


@dataclass(frozen=True, slots=True)
class NoWheel:
    """No wheel has the name and version of the line."""


@dataclass(frozen=True, slots=True)
class OtherContent:
    """A wheel has the name and version, and another content than was locked."""

    wheel: ShippedWheel
    sha256: str


@dataclass(frozen=True, slots=True)
class OtherPlatform:
    """The wheel that was locked is for another system or Python."""

    wheel: ShippedWheel


type Unusable = NoWheel | OtherContent | OtherPlatform


def shipped_files(bundle: Bundle) -> Mapping[str, Path]:
    """Returns what is shipped in plugins/ and dags/: path below the root to where it is read."""
    plugins = {f"{PLUGINS}/{file.name}": file.path for file in bundle.plugin_files}
    return plugins | {file.key: file.path for file in bundle.dags}


def wheels_in(bundle: Bundle, folder: str) -> Iterator[ShippedWheel]:
    """Gives the wheels directly in a folder, where `--find-links` makes pip look, by name."""
    for shown, path in sorted(shipped_files(bundle).items()):
        place = PurePosixPath(shown)
        if str(place.parent) == folder and (says := WheelName.of(place.name)):
            yield ShippedWheel(shown, path, says)


def linked_folders(lines: Sequence[RequirementLine]) -> tuple[str, ...]:
    """Returns the project's folders that `--find-links` names, sorted."""
    options = (option for line in lines if line.is_option for option in line.options)
    found = {shipped_path(option.value) for option in options if option.name == "--find-links"}
    return tuple(sorted(folder for folder in found if folder is not None))


def needed_pins(lines: Sequence[RequirementLine], version: AirflowVersion) -> tuple[RequirementLine, ...]:
    """Returns the pins for which a worker needs a file: its marker holds, and Airflow's set lacks it."""
    installed = package_set(version.version).pins

    def is_needed(line: RequirementLine) -> bool:
        present = installed.get(line.name or "")
        there = present is not None and same_version(present, line.pinned_version or "")
        return not there and may_hold_on_worker(line.marker, version.python)

    return tuple(line for line in lines if line.name and line.pinned_version and is_needed(line))


def chosen_wheel(
    line: RequirementLine, wheels: Sequence[ShippedWheel], python: str
) -> ShippedWheel | Unusable:
    """Returns the wheel that pip takes for a line, or why it takes none.

    Raises:
        ProjectError: A wheel cannot be read.
    """
    answering = [wheel for wheel in wheels if wheel.answers(line)]
    if not answering:
        return NoWheel()
    hashes = {each for each in line.hashes if each.startswith("sha256:")}
    digests = {wheel.shown: wheel.sha256 for wheel in answering} if hashes else {}
    locked = [each for each in answering if not hashes or f"sha256:{digests[each.shown]}" in hashes]
    if not locked:
        return OtherContent(answering[0], digests[answering[0].shown])
    fitting = [wheel for wheel in locked if wheel.says.fits(python)]
    return fitting[0] if fitting else OtherPlatform(locked[0])
