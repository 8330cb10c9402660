"""Exports in startup.sh that MWAA overwrites afterwards."""

from collections.abc import Iterator

from mwaactl.catalog.options import option_rule
from mwaactl.catalog.startup import is_protected
from mwaactl.catalog.versions import AirflowVersion
from mwaactl.project.bundle import STARTUP, Bundle
from mwaactl.project.checks.finding import Finding
from mwaactl.project.startup_script import exported_by, option_of, startup_commands, switched


def startup_protected(bundle: Bundle, version: AirflowVersion) -> Iterator[Finding]:
    """Reports exported variables that cannot be set by startup.sh."""
    all_exported = False
    for command in startup_commands(bundle):
        switch = switched(command, "a", "allexport")
        all_exported = all_exported if switch is None else switch
        for variable in exported_by(command, all_exported=all_exported):
            if is_protected(variable.name) or _is_forced(variable.name, version):
                message = f"`{variable.name}` has no effect: MWAA sets it after the script"
                yield Finding("startup-protected", "error", STARTUP, variable.line, message, "remove it")


def _is_forced(variable: str, version: AirflowVersion) -> bool:
    option = option_of(variable)
    return option is not None and option_rule(option, version.version) in ("blocked", "forced")
