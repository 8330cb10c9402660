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
_PACKAGE = re.compile(
    r"(?:No matching distribution found for|satisfies the requirement) (?P<package>[^\s(]+)"
)
_CONFLICT = re.compile(r"Cannot install (?P<package>.+?) because")


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
    errors = [line.strip() for line in lines if "ERROR:" in line]
    if not errors:
        return
    package = next((name for line in errors if (name := failed_package(line))), None)
    about = f" of `{package}`" if package else ""
    said = errors[0].split("ERROR:", 1)[1].strip()
    context: Mapping[str, str] = {"log_group": group, "log_stream": stream}
    hint = f"mend `requirements/requirements.txt` and deploy again; the log is `{stream}` in `{group}`"
    message = (
        f"pip failed in the environment, which runs without the packages: installation{about} failed: {said}"
    )
    raise ApplyError(message, hint=hint, code="apply.requirements-failed", context=context)


def failed_package(line: str) -> str | None:
    """Return the package that a line of pip's log blames, or None."""
    match = _PACKAGE.search(line) or _CONFLICT.search(line)
    return match["package"].rstrip(",.") if match else None
