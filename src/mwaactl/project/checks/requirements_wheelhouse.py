"""Wheels that a requirements.txt takes from plugins/: each must be there, as locked, and fit the workers."""

from collections.abc import Iterator, Sequence
from typing import assert_never

from mwaactl.catalog.versions import AirflowVersion
from mwaactl.project.bundle import REQUIREMENTS, Bundle
from mwaactl.project.checks.finding import Finding
from mwaactl.project.checks.requirements_lines import readable_lines
from mwaactl.project.requirements.shipped_wheels import (
    NoWheel,
    OtherContent,
    OtherPlatform,
    ShippedWheel,
    Unusable,
    chosen_wheel,
    linked_folders,
    needed_pins,
    shipped_files,
    wheels_in,
)
from mwaactl.project.requirements_file import RequirementLine
from mwaactl.project.shipped_paths import shipped_path

_RULE = "requirements-wheelhouse"
_PACKAGE = "run `mwaactl requirements package`, which fetches what requirements.txt pins and verifies it"


def requirements_wheelhouse(bundle: Bundle, version: AirflowVersion) -> Iterator[Finding]:
    """Reports wheels that are missing, tampered with, for another platform, or that no line asks for.

    Raises:
        ProjectError: A wheel cannot be read.
    """
    lines = readable_lines(bundle)
    yield from _named_files(lines, bundle)
    if not any(option.name == "--no-index" for line in lines if line.is_option for option in line.options):
        return
    pins = needed_pins(lines, version)
    wheels = [wheel for folder in linked_folders(lines) for wheel in wheels_in(bundle, folder)]
    used = {path for line in lines if (path := _named_file(line))}
    for line in pins:
        chosen = chosen_wheel(line, wheels, version.python)
        match chosen:
            case ShippedWheel():
                used.add(chosen.shown)
            case OtherContent(wheel) | OtherPlatform(wheel):
                used.add(wheel.shown)  # one finding about it is enough
                yield _unusable(line, chosen, version)
            case NoWheel():
                yield _unusable(line, chosen, version)
            case _:
                assert_never(chosen)
    if pins and all(line.hashes for line in pins):
        yield from (_unused(wheel, pins) for wheel in wheels if wheel.shown not in used)


def _named_files(lines: Sequence[RequirementLine], bundle: Bundle) -> Iterator[Finding]:
    named = [(line, path) for line in lines if (path := _named_file(line)) is not None]
    present = shipped_files(bundle) if named else {}
    for line, path in named:
        if path not in present:
            message = f"`{path}` is not there, and pip would install none of the packages without it"
            yield Finding(_RULE, "error", REQUIREMENTS, line.number, message, "put the file there")


def _named_file(line: RequirementLine) -> str | None:
    """The file that a line names instead of a package."""
    if line.specifier.startswith("@"):
        return shipped_path(line.specifier[1:])
    return shipped_path(line.requirement) if line.is_location else None


def _unusable(line: RequirementLine, why: Unusable, version: AirflowVersion) -> Finding:
    pin = f"{line.name}=={line.pinned_version}"
    match why:
        case NoWheel():
            message = f"`{pin}` has no wheel in plugins/, and `--no-index` keeps pip from asking elsewhere"
        case OtherContent(wheel, sha256):
            message = f"`{wheel.shown}` is not what was locked for `{pin}`: its SHA-256 is {sha256}"
        case OtherPlatform(wheel):
            message = f"`{wheel.shown}` is not for Linux on x86_64 and Python {version.python}"
        case _:
            assert_never(why)
    hint = f"find out who changed it; then {_PACKAGE}" if isinstance(why, OtherContent) else _PACKAGE
    return Finding(_RULE, "error", REQUIREMENTS, line.number, message, hint)


def _unused(wheel: ShippedWheel, pins: Sequence[RequirementLine]) -> Finding:
    message = "no line of requirements.txt asks for this wheel"
    if any(wheel.answers(line) for line in pins):
        message = "pip never takes this wheel: it is not what was locked, or another one answers its line"
    return Finding(_RULE, "error", wheel.shown, None, message, "move it out of the folder, or delete it")
