"""Variables set in startup.sh that MWAA overwrites afterwards."""

import re
from collections.abc import Iterator, Sequence

from mwaactl.catalog.options import option_rule
from mwaactl.catalog.startup import is_protected
from mwaactl.catalog.versions import AirflowVersion
from mwaactl.project.bundle import STARTUP, Bundle
from mwaactl.project.checks.finding import Finding
from mwaactl.project.shell_commands import Assignment, Command
from mwaactl.project.startup_script import (
    assigned_by,
    assignments_in,
    exported_in,
    option_of,
    startup_commands,
)

RULE = "startup-protected"


def startup_protected(bundle: Bundle, version: AirflowVersion) -> Iterator[Finding]:
    """Reports variables that cannot be set by startup.sh.

    The script finds them exported already, so that setting one without `export` does the same to it. That is
    a warning, because it may be meant for the commands of the script alone.
    """
    commands = startup_commands(bundle)
    exported = [each for each in exported_in(commands) if _is_overwritten(each.name, version)]
    for variable in exported:
        message = f"`{variable.name}` has no effect: MWAA sets it after the script"
        yield Finding(RULE, "error", STARTUP, variable.line, message, "remove it")
    told = {variable.name for variable in exported} | _declared(commands)
    for variable in (found for command in commands for found in assigned_by(command)):
        name = variable.name
        if name not in told and _is_overwritten(name, version) and not _is_default(variable):
            told.add(name)
            message = f"`{name}` changes for this script only: MWAA sets it after the script"
            hint = "remove it, or give the script a variable with another name"
            yield Finding(RULE, "warning", STARTUP, variable.line, message, hint)


def _declared(commands: Sequence[Command]) -> set[str]:
    """Names that `local` and the like make the script's, or a function's, own."""
    return {each.name for command in commands if command.name for each in assignments_in(command)}


def _is_overwritten(variable: str, version: AirflowVersion) -> bool:
    option = option_of(variable)
    forced = option is not None and option_rule(option, version.version) in ("blocked", "forced")
    return forced or is_protected(variable)


def _is_default(variable: Assignment) -> bool:
    """Whether it gets a value only where it has none, as in `A=${A:-x}`."""
    return re.fullmatch(rf"\$\{{{variable.name}:?[-=].*\}}", variable.value, re.DOTALL) is not None
