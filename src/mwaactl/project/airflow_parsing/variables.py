"""The environment variables for parsing: those of MWAA's scheduler, and nothing of this machine."""

import os
import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from mwaactl.catalog.startup import is_protected
from mwaactl.config.environment import EnvironmentConfig

# What tasks have for a queue that name none; MWAA sets the name of its own SQS queue.
DEFAULT_QUEUE = "mwaactl-default-queue"
_EXPORT = re.compile(r"(?:^|[;&|]|\bthen|\bdo)\s*export\s+([A-Za-z_]\w*)=(.*)$", re.MULTILINE)
# Values that are known only when a shell runs.
_COMPUTED = re.compile(r"[$`]")
_HANDED_ON = ("AIRFLOW_VAR_", "AIRFLOW_CONN_")


@dataclass(frozen=True, slots=True)
class Exports:
    """What startup.sh exports, as far as it can be read without running it.

    Attributes:
        known: Name to value, where the value is written out.
        computed: Names whose values only a shell can tell.
    """

    known: Mapping[str, str]
    computed: frozenset[str]


def exports_of(script: bytes) -> Exports:
    """Reads the `export NAME=VALUE` lines of a startup.sh."""
    known: dict[str, str] = {}
    computed: set[str] = set()
    for name, text in _EXPORT.findall(script.decode(errors="replace")):
        value = _literal(text)
        if value is None:
            computed.add(name)
        elif not is_protected(name):
            known[name] = value
    return Exports(known, frozenset(computed - known.keys()))


def option_variable(option: str) -> str:
    """Returns the variable that an Airflow configuration option `section.option` becomes."""
    section, _, key = option.partition(".")
    return f"AIRFLOW__{section}__{key}".upper().replace("-", "_")


def handed_on(environ: Mapping[str, str]) -> dict[str, str]:
    """Returns the Airflow variables and connections that the caller gives for the check."""
    return {name: value for name, value in environ.items() if name.startswith(_HANDED_ON)}


def content_variables(
    environment: EnvironmentConfig, exports: Exports, given: Mapping[str, str]
) -> dict[str, str]:
    """Returns the variables that the result depends on, in MWAA's order: later ones win.

    Args:
        environment: The environment, with its configuration options.
        exports: What its startup script exports.
        given: Airflow variables and connections, as `AIRFLOW_VAR_…` and `AIRFLOW_CONN_…`.
    """
    options = {option_variable(name): value for name, value in environment.airflow_config_options.items()}
    version = environment.airflow_version.replace(".", "")
    return {
        "AIRFLOW_CONN_AWS_DEFAULT": "aws://",
        **exports.known,
        **given,
        **options,
        "AIRFLOW_ENV_NAME": environment.names.environment_name,
        "AWS_DEFAULT_REGION": environment.region,
        "AWS_EXECUTION_ENV": f"Amazon_MWAA_{version}",
        "AWS_REGION": environment.region,
        "MWAA_AIRFLOW_COMPONENT": "scheduler",
    }


def place_variables(home: Path, python: Path) -> dict[str, str]:
    """Returns the variables that make a process at home in a scratch folder, whatever else is set.

    Args:
        home: The scratch folder; Airflow's home is `airflow` in it.
        python: The interpreter.
    """
    airflow = home / "airflow"
    return {
        "AIRFLOW_HOME": str(airflow),
        "AIRFLOW__CORE__DAGS_FOLDER": str(airflow / "dags"),
        "AIRFLOW__CORE__PLUGINS_FOLDER": str(airflow / "plugins"),
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{home / 'metadata.db'}",
        "HOME": str(home / "home"),
        "PATH": f"{python.parent}{os.pathsep}{os.defpath}",
        "TMPDIR": str(home / "tmp"),
        **_FIXED,
    }


def _literal(text: str) -> str | None:
    single = re.match(r"\s*'([^']*)'", text)
    if single:
        return single[1]
    try:
        words = shlex.split(text.partition(";")[0], comments=True)
    except ValueError:
        return None
    return None if _COMPUTED.search(text) else (words or [""])[0]


_FIXED: Mapping[str, str] = {
    "AIRFLOW__CORE__DAGBAG_IMPORT_ERROR_TRACEBACKS": "True",
    "AIRFLOW__CORE__DAGBAG_IMPORT_ERROR_TRACEBACK_DEPTH": "1000",
    "AIRFLOW__CORE__EXECUTOR": "CeleryExecutor",
    "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
    "AIRFLOW__CORE__UNIT_TEST_MODE": "False",
    "AIRFLOW__LOGGING__COLORED_CONSOLE_LOG": "False",
    "AIRFLOW__LOGGING__REMOTE_LOGGING": "False",
    "AIRFLOW__METRICS__STATSD_ON": "False",
    "AIRFLOW__OPERATORS__DEFAULT_QUEUE": DEFAULT_QUEUE,
    # Asked before everything else, so that the driver learns of every question.
    "AIRFLOW__SECRETS__BACKEND": "_mwaactl_secrets.Secrets",
    "AIRFLOW__SECRETS__BACKEND_KWARGS": "",
    "AIRFLOW__WORKERS__SECRETS_BACKEND": "_mwaactl_secrets.Secrets",
    "AIRFLOW__WORKERS__SECRETS_BACKEND_KWARGS": "",
    # Airflow refuses SQLite beside CeleryExecutor; nothing is ever read from this one.
    "_AIRFLOW__SKIP_DATABASE_EXECUTOR_COMPATIBILITY_CHECK": "1",
    "_AIRFLOW_PROCESS_CONTEXT": "client",
    # A client of AWS can be made, as with MWAA's role; a call is refused like all network.
    "AWS_ACCESS_KEY_ID": "mwaactl-check",
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_MAX_ATTEMPTS": "1",
    "AWS_SECRET_ACCESS_KEY": "mwaactl-check",
    "LANG": "C.UTF-8",
}
