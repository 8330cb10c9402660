"""`set -e` in startup.sh, which turns one failing command into an hour of a failing update."""

import re
from collections.abc import Iterator

from mwaactl.catalog.versions import AirflowVersion
from mwaactl.project.bundle import STARTUP, Bundle
from mwaactl.project.checks.finding import Finding

_ERREXIT = re.compile(r"(?:^|[;&|])\s*set\s+(?:-\w*e\w*|-o\s+errexit|-\w+\s+-o\s+errexit)\b")


def startup_errexit(bundle: Bundle, _: AirflowVersion) -> Iterator[Finding]:
    """Reports that the script stops at a failing command.

    MWAA sources the script and then writes down its exported variables; where it stops earlier, that file is
    missing and the container is marked unhealthy (amazon-mwaa-docker-images, execute-user-startup-script).
    """
    content = bundle.startup.content if bundle.startup else b""
    for number, line in enumerate(content.decode(errors="replace").splitlines(), start=1):
        if _ERREXIT.search(line):
            message = "`set -e` makes MWAA's containers unhealthy when any command of the script fails"
            hint = "leave it out and handle the failure of each command, for example with `|| true`"
            yield Finding("startup-errexit", "warning", STARTUP, number, message, hint)
