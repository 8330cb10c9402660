"""`set -u` in startup.sh, which does to an unset variable what `set -e` does to a failing command."""

from collections.abc import Iterator

from mwaactl.catalog.versions import AirflowVersion
from mwaactl.project.bundle import STARTUP, Bundle
from mwaactl.project.checks.finding import Finding
from mwaactl.project.startup_script import startup_commands, switched

RULE = "startup-nounset"


def startup_nounset(bundle: Bundle, _: AirflowVersion) -> Iterator[Finding]:
    """Reports that a variable without a value ends the shell that sources the script.

    The variables are then never written down, and the container is marked unhealthy.
    """
    for command in startup_commands(bundle):
        if not command.in_subshell and switched(command, "u", "nounset"):
            message = "`set -u` makes MWAA's containers unhealthy when the script reads an unset variable"
            hint = "leave it out, or write `${NAME:-}` wherever a variable may be unset"
            yield Finding(RULE, "warning", STARTUP, command.line, message, hint)
