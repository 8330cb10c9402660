"""Exports in startup.sh that MWAA overwrites afterwards."""

import re
from collections.abc import Iterator

from mwaactl.catalog.startup import is_protected
from mwaactl.catalog.versions import AirflowVersion
from mwaactl.project.bundle import STARTUP, Bundle
from mwaactl.project.checks.finding import Finding

_EXPORT = re.compile(r"(?:^|[;&|]|\bthen|\bdo)\s*(?:export|declare\s+-\w*x\w*)\s+([^#;&|]*)")
_ASSIGNED = re.compile(r"(?:^|\s)([A-Za-z_]\w*)(?==|\s|$)")


def startup_protected(bundle: Bundle, _: AirflowVersion) -> Iterator[Finding]:
    """Reports exported variables that cannot be set by startup.sh."""
    content = bundle.startup.content if bundle.startup else b""
    for number, line in enumerate(content.decode(errors="replace").splitlines(), start=1):
        for exported in _EXPORT.finditer(line):
            for variable in _ASSIGNED.findall(exported[1]):
                if is_protected(variable):
                    message = f"`{variable}` has no effect: MWAA sets it after the script"
                    yield Finding("startup-protected", "error", STARTUP, number, message, "remove it")
