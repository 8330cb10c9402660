"""Commands that end startup.sh before MWAA has read what it exported, or seem to stop MWAA and do not."""

from collections.abc import Iterator

from mwaactl.catalog.versions import AirflowVersion
from mwaactl.project.bundle import STARTUP, Bundle
from mwaactl.project.checks.finding import Finding
from mwaactl.project.startup_script import startup_commands

RULE = "startup-ending"


def startup_ending(bundle: Bundle, _: AirflowVersion) -> Iterator[Finding]:
    """Reports `exec` with a command, and `exit` with a code.

    MWAA sources the script with `exit` as an alias that writes the variables down first, whatever the code;
    after `exec` there is no shell left that could (amazon-mwaa-docker-images, execute-user-startup-script).
    """
    for command in startup_commands(bundle):
        if command.in_subshell or not command.arguments:
            continue
        first = command.arguments[0].text
        if command.name == "exec":
            message = "`exec` leaves no shell from which MWAA could read the variables: the container fails"
            yield Finding(RULE, "error", STARTUP, command.line, message, "run the command without `exec`")
        elif command.name == "exit" and first != "0":
            message = f"`exit {first}` stops nothing: MWAA starts Airflow all the same"
            hint = "write what is wrong to the log, and let a DAG or an alarm notice it"
            yield Finding(RULE, "warning", STARTUP, command.line, message, hint)
