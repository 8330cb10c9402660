"""What uv says about an installation, in pip's words: MWAA runs pip, and people and tools read its log."""

from __future__ import annotations

import re

_ABSENT = re.compile(r"[Bb]ecause (?P<package>\S+) was not found in the package registry")
_NO_VERSION = re.compile(
    r"there (?:is|are) no versions? of (?P<package>\S+?)(?:\[[^\]]*\])?(?P<version>[=<>!~]\S+)?,? "
)
_CONFLICT = re.compile(r"you require (?P<first>\S+) and (?P<second>[^\s,]+), we can conclude")


def success_line(output: str) -> str | None:
    """Return pip's closing line for what uv installed, or None if nothing had to be installed.

    Args:
        output: What uv printed; it marks each installed package by ` + name==version`.
    """
    added = (line.strip()[2:] for line in output.splitlines() if line.startswith(" + "))
    packages = [package.replace("==", "-", 1) for package in added]
    return f"Successfully installed {' '.join(packages)}" if packages else None


def installed_log(output: str) -> str:
    """Return what the log of an installation that went well says, with pip's own end.

    Args:
        output: What uv printed.
    """
    summary = success_line(output)
    return f"{output}{summary}\n" if summary else "Requirement already satisfied: all of requirements.txt\n"


def error_line(output: str) -> str | None:
    """Return the error in which pip names the package at fault, or None if uv's reason is of another kind.

    Args:
        output: What uv printed when it could not resolve the requirements.
    """
    if match := _ABSENT.search(output):
        return f"ERROR: No matching distribution found for {match['package']}"
    if match := _NO_VERSION.search(output):
        return f"ERROR: No matching distribution found for {match['package']}{match['version'] or ''}"
    if match := _CONFLICT.search(output):
        first, second = match["first"], match["second"]
        return f"ERROR: Cannot install {first} because it conflicts with the constraint {second}"
    return None
