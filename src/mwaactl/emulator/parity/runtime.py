"""What of the Airflow behind an environment equals MWAA."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mwaactl.catalog.limits import limits
from mwaactl.catalog.logs import log_kinds, log_levels
from mwaactl.emulator.parity.row import equal, listed
from mwaactl.emulator.runtime.locks import locked_versions
from mwaactl.emulator.runtime.variable_tables import TABLES

if TYPE_CHECKING:
    from mwaactl.emulator.parity.row import Row


def equal_rows() -> tuple[Row, ...]:
    """Return what a DAG cannot tell from MWAA."""
    bounds = limits()
    groups = (f"`airflow-NAME-{kind}`" for kind in log_kinds())
    forced = {name for tables in TABLES.values() for name in tables.essential}
    return (
        equal("Airflow", "is Airflow: its scheduler, DAG processor, triggerer, web server and REST API"),
        equal("Airflow versions", listed(locked_versions())),
        equal(
            "sign-in inside Airflow 2",
            "Flask-AppBuilder: users come by sign-in and have the role that IAM grants; what a role may do "
            "can be changed in Airflow",
        ),
        equal(
            "log groups",
            f"{listed(groups)}, each at a level of {', '.join(log_levels())}; the Task group's see below",
        ),
        equal(
            "log streams", "are named by component, host and start; a task's by DAG, run, task and attempt"
        ),
        equal(
            "metrics of Airflow",
            "those of MWAA's list, each minute in the namespace AmazonMWAA, with its dimensions",
        ),
        equal(
            "options that an environment cannot change",
            f"{listed(f'`{name}`' for name in forced)}",
        ),
        equal(
            "precedence of environment variables",
            "MWAA's defaults, then the startup script, then the configuration options, then what MWAA forces",
        ),
        equal(
            "a startup script",
            f"has {bounds.startup_script_seconds} s; what it exports counts, and its exit is swallowed",
        ),
        equal(
            "requirements.txt",
            "is installed against the constraints of the version within "
            f"{bounds.requirements_install_seconds} s; after a failure Airflow starts without the packages",
        ),
        equal("plugins.zip", "is unpacked into the plugins folder at the version of the latest update"),
        equal("credentials of tasks", "are the execution role's session"),
    )
