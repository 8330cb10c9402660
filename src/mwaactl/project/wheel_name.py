"""What the file name of a wheel says, and whether an MWAA worker can install it."""

import re
from dataclasses import dataclass
from typing import Self

from mwaactl.project.requirements_file import normalised

# Amazon Linux 2023, which MWAA's images are built on, has glibc 2.34.
GLIBC_MINOR = 34
# As uv calls such a machine.
PLATFORM = f"x86_64-manylinux_2_{GLIBC_MINOR}"
_FILE = re.compile(
    r"(?P<name>[^-]+)-(?P<version>[^-]+)(?:-\d[^-]*)?-(?P<pythons>[^-]+)-(?P<abis>[^-]+)-(?P<platforms>[^-]+)\.whl"
)
# "Platform compatibility tags" at packaging.python.org; the old names stand for a glibc.
_PLATFORM = re.compile(r"any|linux_x86_64|manylinux(?:1|2010|2014)_x86_64|manylinux_2_(?P<minor>\d+)_x86_64")
_CPYTHON = re.compile(r"cp3(?P<minor>\d+)")
_ANY_PYTHON = re.compile(r"py3(?P<minor>\d*)")


@dataclass(frozen=True, slots=True)
class WheelName:
    """A wheel's file name, taken apart.

    Attributes:
        name: Normalised name of the package.
        version: For example `2.3.3`.
        pythons: Pythons that it is for, for example `cp312`.
        abis: Binary interfaces, for example `abi3` or `none`.
        platforms: For example `manylinux_2_17_x86_64` or `any`.
    """

    name: str
    version: str
    pythons: tuple[str, ...]
    abis: tuple[str, ...]
    platforms: tuple[str, ...]

    @classmethod
    def of(cls, file: str) -> Self | None:
        """Returns what a file name says; None where it is not that of a wheel."""
        if not (match := _FILE.fullmatch(file)):
            return None
        tags = (tuple(match[part].split(".")) for part in ("pythons", "abis", "platforms"))
        return cls(normalised(match["name"]), match["version"].replace("%2B", "+"), *tags)

    def fits(self, python: str) -> bool:
        """Says whether CPython of this minor version, for example `3.12`, takes it on Linux on x86_64."""
        minor = int(python.partition(".")[2])
        return any(map(_fits_platform, self.platforms)) and any(
            _fits_python(tag, abi, minor) for tag in self.pythons for abi in self.abis
        )


def _fits_platform(platform: str) -> bool:
    match = _PLATFORM.fullmatch(platform)
    return match is not None and int(match["minor"] or 0) <= GLIBC_MINOR


def _fits_python(tag: str, abi: str, minor: int) -> bool:
    if match := _ANY_PYTHON.fullmatch(tag):
        return abi == "none" and int(match["minor"] or 0) <= minor
    if not (match := _CPYTHON.fullmatch(tag)):
        return False
    own = int(match["minor"])
    return (own == minor and abi in (tag, "none", "abi3")) or (own <= minor and abi == "abi3")
