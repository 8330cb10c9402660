"""Reads pip's log of an environment: MWAA logs a failed installation and starts without the packages."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mwaactl.errors import ApplyError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from mwaactl.executor.gateways import Gateways

STREAMS = "requirements_install_"
# CloudWatch takes some seconds to show what was written.
ATTEMPTS = 4
INTERVAL = 3.0
# MWAA's own closing line; it tells that pip failed and not why.
GENERIC = "pip installation exited with a non-zero error code"
_ERROR = re.compile(r"(?:^|\s)(?:ERROR|error): (?P<why>.+)")
_BLAMES = tuple(
    map(
        re.compile,
        (
            r"No matching distribution found for (?P<package>[^\s(]+)",
            r"satisfies the requirement (?P<package>[^\s(]+)",
            r"Cannot install (?P<package>.+?) because",
            r"(?:Failed to \w+|[Hh]ash mismatch for) `(?P<package>[^`]+)`",
            r"^\s+(?P<package>\S+) from \S+:$",
        ),
    )
)


def verify_requirements(groups: Iterable[str], since: datetime, gateways: Gateways) -> int:
    """Look for failures of pip in streams that are newer than the update; return how many there were.

    Raises:
        ApplyError: If pip failed; the message names the package.
    """
    names = tuple(groups)
    for attempt in range(ATTEMPTS):
        found = [
            (group, stream)
            for group in names
            for stream in gateways.logs.streams(group, STREAMS, since=since)
        ]
        for group, stream in found:
            _refuse_failure(group, stream.name, gateways.logs.lines(group, stream.name))
        if found:
            return len(found)
        if attempt + 1 < ATTEMPTS:
            gateways.sleep(INTERVAL)
    return 0


def _refuse_failure(group: str, stream: str, lines: tuple[str, ...]) -> None:
    errors = [match["why"].strip() for line in lines if (match := _ERROR.search(line))]
    if not errors:
        return
    package = next((name for line in lines if (name := failed_package(line))), None)
    about = f" of `{package}`" if package else ""
    said = next((each for each in errors if not each.startswith(GENERIC)), errors[0])
    context: Mapping[str, str] = {"log_group": group, "log_stream": stream}
    hint = f"mend `requirements/requirements.txt` and deploy again; the log is `{stream}` in `{group}`"
    message = f"the environment runs without its requirements: installation{about} failed: {said}"
    raise ApplyError(message, hint=hint, code="apply.requirements-failed", context=context)


def failed_package(line: str) -> str | None:
    """Return the package that a line of the installation's log blames, or None."""
    found = (match["package"] for blame in _BLAMES if (match := blame.search(line)))
    package = next(found, None)
    return package.rstrip(",.") if package else None
