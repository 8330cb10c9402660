"""Secrets that stand in startup.sh: it lies in the repository and in the bucket as plain text."""

from collections.abc import Iterator

from mwaactl.catalog.credentials import credentials_in
from mwaactl.catalog.versions import AirflowVersion
from mwaactl.config.secret_options import is_secret, secret_in_option, secret_in_value
from mwaactl.project.bundle import STARTUP, Bundle
from mwaactl.project.checks.finding import Finding, Severity
from mwaactl.project.shell_commands import Assignment
from mwaactl.project.startup_script import assignments_in, option_of, startup_commands, startup_text

RULE = "startup-secret"
_HINT = (
    "keep it in AWS Secrets Manager: as a connection or variable that Airflow looks up, "
    "or read by the script with `aws secretsmanager get-secret-value`"
)
_SHORTEST = 4


def startup_secrets(bundle: Bundle, version: AirflowVersion) -> Iterator[Finding]:
    """Reports keys and tokens anywhere in the script, and variables that get a secret as it is."""
    content = startup_text(bundle).encode()
    told: set[int] = set()
    for found in credentials_in(content):
        line = content.count(b"\n", 0, found.begin) + 1
        if line not in told:
            told.add(line)
            yield Finding(RULE, "error", STARTUP, line, f"holds {found.kind}", _HINT)
    for command in startup_commands(bundle):
        for variable in (*command.assignments, *assignments_in(command)):
            if variable.line not in told and (judged := _judged(variable, version)):
                told.add(variable.line)
                severity, why = judged
                yield Finding(RULE, severity, STARTUP, variable.line, f"`{variable.name}` {why}", _HINT)


def _judged(variable: Assignment, version: AirflowVersion) -> tuple[Severity, str] | None:
    """Says how bad it is and why, or None where nothing is known to be secret."""
    name, value = variable.name, variable.value
    if not value or not variable.is_literal:
        return None
    option = option_of(name)
    why = secret_in_option(option, value, version.version) if option else secret_in_value(value)
    if why:
        return "error", why
    # By its name alone it may as well be the name of a secret.
    by_name = not option and is_secret(name.lower(), value) and len(value) >= _SHORTEST
    return ("warning", "has the name of a secret and a value that everybody can read") if by_name else None
