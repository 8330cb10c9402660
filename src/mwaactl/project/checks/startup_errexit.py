"""`set -e` in startup.sh, which turns one failing command into an hour of a failing update."""

import re
from collections.abc import Iterator

from mwaactl.catalog.versions import AirflowVersion
from mwaactl.project.bundle import STARTUP, Bundle
from mwaactl.project.checks.finding import Finding
from mwaactl.project.startup_script import startup_commands, startup_text, switched

RULE = "startup-errexit"
_SHEBANG = re.compile(r"#!.*\b(?:ba|da|k|z)?sh\s+(?:-\S+\s+)*-[a-z]*e")


def startup_errexit(bundle: Bundle, _: AirflowVersion) -> Iterator[Finding]:
    """Reports that the script stops at a failing command.

    MWAA sources the script and then writes down its exported variables; where it stops earlier, that file is
    missing and the container is marked unhealthy (amazon-mwaa-docker-images, execute-user-startup-script).
    """
    if _SHEBANG.match(startup_text(bundle)):
        message = "`-e` in the first line has no effect: MWAA sources the script"
        yield Finding(RULE, "warning", STARTUP, 1, message, "handle the failure of each command")
    for command in startup_commands(bundle):
        if not command.in_subshell and switched(command, "e", "errexit"):
            message = "`set -e` makes MWAA's containers unhealthy when any command of the script fails"
            hint = "leave it out and handle each failure, or put the part that needs it into `( … ) || true`"
            yield Finding(RULE, "error", STARTUP, command.line, message, hint)
