"""Puts the wheels of a locked requirements.txt into plugins/, for environments that reach no index."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from mwaactl.errors import ProjectError
from mwaactl.project.bundle import REQUIREMENTS, Bundle, read_bundle
from mwaactl.project.checks.finding import Finding
from mwaactl.project.checks.requirements_lines import readable_lines
from mwaactl.project.checks.requirements_rules import REQUIREMENTS_RULES
from mwaactl.project.checks.requirements_wheelhouse import requirements_wheelhouse
from mwaactl.project.requirements.clean_environment import CleanEnvironments
from mwaactl.project.requirements.files import read_locked, write_locked
from mwaactl.project.requirements.packaged_text import HOUSE, packaged_text
from mwaactl.project.requirements.pip_program import PipProgram
from mwaactl.project.requirements.platform_wheels import locked_wheels
from mwaactl.project.requirements.shipped_wheels import (
    ShippedWheel,
    chosen_wheel,
    linked_folders,
    needed_pins,
    wheels_in,
)
from mwaactl.project.requirements.storage import exclusive, scratch_folder, writing
from mwaactl.project.requirements.wheel_fetch import fetch_wheels
from mwaactl.project.requirements.wheelhouse import Wheelhouse, digests_of
from mwaactl.project.requirements_file import RequirementLine

# Whoever changes requirements.txt and its wheels holds it.
LOCK_FILE = ".package.lock"
_MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class Packaged:
    """What came of it.

    Attributes:
        wheels: Name of each wheel in the folder to its size in bytes.
        fetched: Names of those that were fetched now.
        removed: Names of those that an earlier run had put there and nothing asks for any more.
        changed: Whether requirements.txt differs from before.
        plugins_bytes: Size of the plugins archive with them.
    """

    wheels: Mapping[str, int]
    fetched: tuple[str, ...]
    removed: tuple[str, ...]
    changed: bool
    plugins_bytes: int


def package_requirements(root: Path, environments: CleanEnvironments) -> Packaged:
    """Fetches what is missing, rewrites requirements.txt, and removes what an earlier run left over.

    Whatever stops it, plugins/ never has a part of a wheel, and requirements.txt asks for no wheel that was
    not there when it was written.

    Args:
        root: The project's root folder.
        environments: Says for which Airflow version; pip and what it fetches are kept there meanwhile.

    Raises:
        ProjectError: requirements.txt cannot be packaged, a package has no fitting wheel, the index was not
            reached, or something cannot be written.
    """
    house, folder = Wheelhouse(root), environments.folder
    with writing(f".mwaactl/{folder.name}"), exclusive(folder / LOCK_FILE, environments.tell):
        house.refuse_odd_places()
        bundle = read_bundle(root)
        lines = _lines(bundle, environments)
        present, missing = _divide(bundle, lines, environments)
        _refuse_foreign(house, present)
        with scratch_folder(folder, ".fetching-") as scratch:
            fetched = _fetch(missing, scratch, environments)
            keep = {**present, **digests_of(fetched)}
            house.fill(fetched, keep)
        changed = write_locked(root, packaged_text(read_locked(root)))
        removed = house.reduce(keep)
    sizes = {path.name: path.stat().st_size for path in house.wheels()}
    names = tuple(sorted(path.name for path in fetched))
    return Packaged(sizes, names, removed, changed, _plugins_bytes(root))


def _lines(bundle: Bundle, environments: CleanEnvironments) -> tuple[RequirementLine, ...]:
    """The lines, once every rule but the one about missing wheels has passed them."""
    if bundle.requirements is None:
        message = f"there is no `{REQUIREMENTS}`, which says what to fetch"
        raise ProjectError(message, path=REQUIREMENTS, hint="run `mwaactl requirements lock`")
    version = environments.packages.version
    for rule in (rule for rule in REQUIREMENTS_RULES if rule is not requirements_wheelhouse):
        for found in rule(bundle, version):
            if found.severity == "error":
                raise _refused(found)
    lines = readable_lines(bundle)
    for line in needed_pins(lines, version):
        if not any(each.startswith("sha256:") for each in line.hashes):
            message = f"`{line.name}=={line.pinned_version}` has no hash to verify its wheel with"
            raise _refused(Finding("", "error", REQUIREMENTS, line.number, message, None))
    return lines


def _refused(found: Finding) -> ProjectError:
    message = f"`{found.path}` line {found.line} cannot be packaged: {found.message}"
    hint = found.hint or "run `mwaactl requirements lock`, which writes a hash for every line"
    return ProjectError(message, path=found.path, line=found.line, hint=hint, code="project.not-packaged")


def _divide(
    bundle: Bundle, lines: Sequence[RequirementLine], environments: CleanEnvironments
) -> tuple[dict[str, str], list[RequirementLine]]:
    """What the folder has already, by name and digest, and the lines whose wheel is missing."""
    version = environments.packages.version
    folders = dict.fromkeys([*linked_folders(lines), HOUSE])
    wheels = [wheel for folder in folders for wheel in wheels_in(bundle, folder)]
    present, missing = {}, []
    for line in needed_pins(lines, version):
        chosen = chosen_wheel(line, wheels, version.python)
        if not isinstance(chosen, ShippedWheel):
            missing.append(line)
        elif chosen.shown.startswith(f"{HOUSE}/"):
            present[chosen.path.name] = chosen.sha256
    return present, missing


def _refuse_foreign(house: Wheelhouse, present: Mapping[str, str]) -> None:
    own = house.own()
    foreign = [path.name for path in house.wheels() if path.name not in own and path.name not in present]
    if foreign:
        message = f"`{HOUSE}/{foreign[0]}` was not put there by this command, and no line locks it"
        hint = f"move it out of {HOUSE}: only what requirements.txt locks belongs there"
        raise ProjectError(message, path=f"{HOUSE}/{foreign[0]}", hint=hint, code="project.foreign-wheel")


def _fetch(
    missing: Sequence[RequirementLine], scratch: Path, environments: CleanEnvironments
) -> tuple[Path, ...]:
    if not missing:
        return ()
    packages = environments.packages
    offered = locked_wheels(missing, packages, environments.uv)
    size = sum(each.size for each in offered.values()) / _MEGABYTE
    wheels = "1 wheel" if len(missing) == 1 else f"{len(missing)} wheels"
    environments.tell(f"fetching {wheels}, about {size:,.1f} MB")
    return fetch_wheels(missing, scratch, packages, PipProgram(environments), environments.tell)


def _plugins_bytes(root: Path) -> int:
    plugins = read_bundle(root).plugins
    return plugins.size if plugins else 0
