"""What MWAA and the emulator set of their own accord, as tables for each major version of Airflow.

Read from the public image source (github.com/aws/amazon-mwaa-docker-images, `python/mwaa/config/airflow.py`
of 2.11.2 and 3.x, 2026-08-20).
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class VariableTables:
    """The variables that every environment of one major version gets.

    Attributes:
        opinions: Defaults of MWAA that an environment's own options may override.
        pace: Where the emulator differs from MWAA on purpose, so that a laptop answers within seconds.
        essential: What MWAA forces on every environment, whatever its options say.
    """

    opinions: Mapping[str, str]
    pace: Mapping[str, str]
    essential: Mapping[str, str]


_NO_DEFAULT_CONNECTION = '{"connections_lookup_pattern":"^(?!aws_default$).*$"}'

_OPINIONS: Mapping[str, str] = {
    "AIRFLOW__CORE__SENSITIVE_VAR_CONN_NAMES": "proxy,proxies",
    "AIRFLOW__SCHEDULER__SCHEDULE_AFTER_TASK_EXECUTION": "False",
    "AIRFLOW__SCHEDULER__TASK_QUEUED_TIMEOUT": "1800.0",
    "AIRFLOW__SECRETS__BACKEND_KWARGS": _NO_DEFAULT_CONNECTION,
    "AIRFLOW__USAGE_DATA_COLLECTION__ENABLED": "False",
    "AIRFLOW_CONN_AWS_DEFAULT": "aws://",
}

# MWAA starts a new interpreter per task and looks for new files every 300 seconds.
_PACE: Mapping[str, str] = {
    "AIRFLOW__CORE__EXECUTE_TASKS_NEW_PYTHON_INTERPRETER": "False",
    "AIRFLOW__CORE__MIN_SERIALIZED_DAG_UPDATE_INTERVAL": "1",
    "AIRFLOW__CORE__PARALLELISM": "8",
}

_ESSENTIAL: Mapping[str, str] = {
    # MWAA runs CeleryExecutor; its image offers this one as a switch.
    "AIRFLOW__CORE__EXECUTOR": "LocalExecutor",
    "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
    "AIRFLOW__LOGGING__COLORED_CONSOLE_LOG": "False",
    "AIRFLOW__SCHEDULER__STANDALONE_DAG_PROCESSOR": "True",
}

TABLES: Mapping[int, VariableTables] = MappingProxyType(
    {
        2: VariableTables(
            opinions={
                **_OPINIONS,
                "AIRFLOW__WEBSERVER__SESSION_LIFETIME_MINUTES": "720",  # a web session lasts 12 hours
            },
            pace={
                **_PACE,
                "AIRFLOW__CORE__MIN_SERIALIZED_DAG_FETCH_INTERVAL": "1",
                "AIRFLOW__SCHEDULER__DAG_DIR_LIST_INTERVAL": "1",
                "AIRFLOW__SCHEDULER__PARSING_PROCESSES": "1",
                "AIRFLOW__WEBSERVER__WORKERS": "1",
            },
            essential=_ESSENTIAL,
        ),
        3: VariableTables(
            opinions={**_OPINIONS, "AIRFLOW__WORKERS__SECRETS_BACKEND_KWARGS": _NO_DEFAULT_CONNECTION},
            pace={
                **_PACE,
                "AIRFLOW__API__WORKERS": "1",  # MWAA serves the API by gunicorn
                "AIRFLOW__DAG_PROCESSOR__BUNDLE_REFRESH_CHECK_INTERVAL": "1",
                "AIRFLOW__DAG_PROCESSOR__PARSING_PROCESSES": "1",
                "AIRFLOW__DAG_PROCESSOR__REFRESH_INTERVAL": "1",
            },
            essential={
                **_ESSENTIAL,
                "AIRFLOW__CORE__MULTI_TEAM": "False",
                "AIRFLOW__EXECUTION_API__JWT_EXPIRATION_TIME": "86400",
                "AIRFLOW__TRIGGERER__QUEUES_ENABLED": "False",
            },
        ),
    }
)
"""By Airflow's major version."""
