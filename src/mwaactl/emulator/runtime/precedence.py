"""Which environment variable wins, in MWAA's order, as tables.

From low to high: the container, MWAA's opinions, the startup script, the Airflow configuration options, the
container's protected variables, and what MWAA needs to work at all. Read from the public image source
(`setup_environment.py`, 2026-08-20) and
https://docs.aws.amazon.com/mwaa/latest/userguide/configuring-env-variables.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mwaactl.emulator.runtime.variable_tables import VariableTables

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
    tables: VariableTables,
) -> dict[str, str]:
    """Return a component's environment.

    Args:
        container: What the container has of itself; its protected variables hold against script and options.
        startup: What the startup script exported.
        options: The environment's Airflow configuration options, as `section.option`.
        essential: What only this environment forces: addresses, keys, the database.
        tables: What its version of Airflow gets in every environment.
    """
    merged = {**container, **tables.pace, **tables.opinions, **startup, **option_variables(options)}
    open_to_all = {name: value for name, value in merged.items() if not is_protected(name)}
    protected = {name: value for name, value in container.items() if is_protected(name)}
    return {**open_to_all, **protected, **tables.essential, **essential}
