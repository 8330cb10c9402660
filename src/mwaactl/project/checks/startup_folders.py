"""Variables exported by startup.sh that lead Airflow away from the folders that MWAA fills."""

import re
from collections.abc import Iterator

from mwaactl.catalog.options import option_rule
from mwaactl.catalog.versions import AirflowVersion
from mwaactl.project.bundle import STARTUP, Bundle
from mwaactl.project.checks.finding import Finding
from mwaactl.project.shell_commands import Assignment
from mwaactl.project.shipped_paths import HOME
from mwaactl.project.startup_script import assigned_by, exported_in, option_of, startup_commands

RULE = "startup-folder"
_HINT = "remove it: MWAA puts DAGs and plugins only where Airflow looks by default"
_DEFAULT = re.compile(rf"(?:{HOME}|\$AIRFLOW_HOME|\$\{{AIRFLOW_HOME\}})/(?P<folder>\w+)/?")


def startup_folders(bundle: Bundle, version: AirflowVersion) -> Iterator[Finding]:
    """Reports folders that Airflow is given by an exported variable, but for those of its defaults.

    MWAA does not overwrite these variables. Without `export` they reach no process of Airflow.
    """
    commands = startup_commands(bundle)
    exported = tuple(exported_in(commands))
    names = {each.name for each in exported}
    assigned = (each for command in commands for each in assigned_by(command) if each.name in names)
    told: set[str] = set()
    for variable in (*exported, *assigned):
        if variable.name not in told and _leads_away(variable, version):
            told.add(variable.name)
            message = f"`{variable.name}` leads Airflow away from the folder that MWAA fills"
            yield Finding(RULE, "error", STARTUP, variable.line, message, _HINT)


def _leads_away(variable: Assignment, version: AirflowVersion) -> bool:
    option = option_of(variable.name)
    if not variable.value or option is None or option_rule(option, version.version) != "fixed":
        return False
    default = _DEFAULT.fullmatch(variable.value)
    return default is None or option != f"core.{default['folder']}_folder"
