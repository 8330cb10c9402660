"""Which environment variable wins, in MWAA's order, as tables.

From low to high: the container, MWAA's opinions, the startup script, the Airflow configuration options, the
container's protected variables, and what MWAA needs to work at all. Read from the public image source
(`setup_environment.py`, `python/mwaa/config/airflow.py`, 2026-08-20) and
https://docs.aws.amazon.com/mwaa/latest/userguide/configuring-env-variables.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

# Defaults of MWAA that an environment's own options may override.
OPINIONS: Mapping[str, str] = {
    "AIRFLOW__CORE__SENSITIVE_VAR_CONN_NAMES": "proxy,proxies",
    "AIRFLOW__SCHEDULER__SCHEDULE_AFTER_TASK_EXECUTION": "False",
    "AIRFLOW__SCHEDULER__TASK_QUEUED_TIMEOUT": "1800.0",
    "AIRFLOW__SECRETS__BACKEND_KWARGS": '{"connections_lookup_pattern":"^(?!aws_default$).*$"}',
    "AIRFLOW__WORKERS__SECRETS_BACKEND_KWARGS": '{"connections_lookup_pattern":"^(?!aws_default$).*$"}',
    "AIRFLOW__USAGE_DATA_COLLECTION__ENABLED": "False",
    "AIRFLOW_CONN_AWS_DEFAULT": "aws://",
}

# Where the emulator differs from MWAA on purpose, so that a laptop answers within seconds: MWAA looks for
# new files every 300 seconds, starts a new interpreter per task and serves the API by gunicorn.
PACE: Mapping[str, str] = {
    "AIRFLOW__API__WORKERS": "1",
    "AIRFLOW__CORE__EXECUTE_TASKS_NEW_PYTHON_INTERPRETER": "False",
    "AIRFLOW__CORE__MIN_SERIALIZED_DAG_UPDATE_INTERVAL": "1",
    "AIRFLOW__CORE__PARALLELISM": "8",
    "AIRFLOW__DAG_PROCESSOR__BUNDLE_REFRESH_CHECK_INTERVAL": "1",
    "AIRFLOW__DAG_PROCESSOR__PARSING_PROCESSES": "1",
    "AIRFLOW__DAG_PROCESSOR__REFRESH_INTERVAL": "2",
}

# What MWAA forces on every environment, whatever its options say.
ESSENTIAL: Mapping[str, str] = {
    # MWAA runs CeleryExecutor; its image offers this one as a switch.
    "AIRFLOW__CORE__EXECUTOR": "LocalExecutor",
    "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
    "AIRFLOW__CORE__MULTI_TEAM": "False",
    "AIRFLOW__EXECUTION_API__JWT_EXPIRATION_TIME": "86400",
    "AIRFLOW__LOGGING__COLORED_CONSOLE_LOG": "False",
    "AIRFLOW__METRICS__STATSD_ON": "False",  # MWAA's sidecar listens on port 8125; here nobody does
    "AIRFLOW__SCHEDULER__STANDALONE_DAG_PROCESSOR": "True",
    "AIRFLOW__TRIGGERER__QUEUES_ENABLED": "False",
}

_PROTECTED = frozenset(
    {
        "AIRFLOW_ENV_ID",
        "AIRFLOW_ENV_NAME",
        "AIRFLOW_HOME",
        "AIRFLOW_TASK_REVISION_ID",
        "AIRFLOW_VERSION",
        "AIRFLOW__API__BASE_URL",
        "AIRFLOW__AWS_MWAA__REDIRECT_URL",
        "AIRFLOW__CORE__DATABASE_ACCESS_ISOLATION",
        "AIRFLOW__WEBSERVER__BASE_URL",
        "AWS_CONTAINER_AUTHORIZATION_TOKEN",
        "AWS_CONTAINER_CREDENTIALS_FULL_URI",
        "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
        "AWS_DEFAULT_REGION",
        "AWS_EXECUTION_ENV",
        "AWS_REGION",
        "CUSTOMER_ACCOUNT_ID",
        "JWT_PUBLIC_KEY",
        "PYTHONPATH",
        "PYTHONUNBUFFERED",
        "USE_NON_CRITICAL_LOGGING",
        "WATCHTOWER_VERSION",
    }
)
_PROTECTED_PREFIXES = ("MWAA__", "MWAA_", "ECS_")


def is_protected(name: str) -> bool:
    """Tell whether a variable belongs to the container: neither script nor option may set it."""
    return name in _PROTECTED or name.startswith(_PROTECTED_PREFIXES)


def option_variables(options: Mapping[str, str]) -> dict[str, str]:
    """Return Airflow configuration options (`section.option`) as the variables that Airflow reads."""
    return {_variable(option): value for option, value in options.items()}


def _variable(option: str) -> str:
    section, _, key = option.partition(".")
    return f"AIRFLOW__{section}__{key}".upper().replace("-", "_")


def resolve(
    container: Mapping[str, str],
    startup: Mapping[str, str],
    options: Mapping[str, str],
    essential: Mapping[str, str],
) -> dict[str, str]:
    """Return a component's environment.

    Args:
        container: What the container has of itself; its protected variables hold against script and options.
        startup: What the startup script exported.
        options: The environment's Airflow configuration options, as `section.option`.
        essential: What only this environment forces: addresses, keys, the database.
    """
    merged = {**container, **PACE, **OPINIONS, **startup, **option_variables(options)}
    open_to_all = {name: value for name, value in merged.items() if not is_protected(name)}
    protected = {name: value for name, value in container.items() if is_protected(name)}
    return {**open_to_all, **protected, **ESSENTIAL, **essential}
