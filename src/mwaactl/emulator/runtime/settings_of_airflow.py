"""The environment variables of one environment's processes, from its specification."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from mwaactl.emulator.runtime.tokens import ALGORITHM, AUDIENCE

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from mwaactl.emulator.mwaa.host import EnvironmentSpec
    from mwaactl.emulator.runtime.environment_keys import EnvironmentKeys

# What a process needs of the machine to reach the internet at all; nothing else of the user's shell goes in.
_FROM_MACHINE = (
    *("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy", "SSL_CERT_FILE", "SSL_CERT_DIR"),
    *("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "TMPDIR", "TZ"),
)
_AUTH_MANAGERS = "airflow.api_fastapi.auth.managers"
_LOOPBACK = "127.0.0.1,localhost"


def container_variables(spec: EnvironmentSpec, home: Path, role: Mapping[str, str]) -> dict[str, str]:
    """Return what a container of the environment has before anything of the user's is applied.

    Args:
        spec: The environment.
        home: Its AIRFLOW_HOME.
        role: The variables with which processes act as the execution role.
    """
    machine = {name: os.environ[name] for name in _FROM_MACHINE if name in os.environ}
    return {
        **machine,
        **role,
        "NO_PROXY": _LOOPBACK,
        "no_proxy": _LOOPBACK,
        "HOME": str(home),
        "LANG": "C.UTF-8",
        "PATH": f"/usr/local/bin:{os.defpath}",
        "PYTHONUNBUFFERED": "1",
        "AIRFLOW_HOME": str(home),
        "AIRFLOW_ENV_NAME": spec.name,
        "AIRFLOW_VERSION": spec.airflow_version,
        "AIRFLOW__API__BASE_URL": spec.web_url,
        "AWS_DEFAULT_REGION": spec.region,
        "AWS_REGION": spec.region,
        "AWS_EXECUTION_ENV": f"Amazon_MWAA_{spec.airflow_version.replace('.', '')}",
        "CUSTOMER_ACCOUNT_ID": spec.account_id,
    }


def essential_variables(
    spec: EnvironmentSpec, keys: EnvironmentKeys, database: str, port: int
) -> dict[str, str]:
    """Return what this environment forces: addresses, keys, the database, where task logs go.

    MWAA signs users in with its FabAuthManager; here roles travel in the token, which SimpleAuthManager
    takes.

    Args:
        spec: The environment.
        keys: Its secrets.
        database: SQLAlchemy's address of its metadata database.
        port: The loopback port of the api-server.
    """
    return {
        "AIRFLOW__API__HOST": "127.0.0.1",
        "AIRFLOW__API__PORT": str(port),
        "AIRFLOW__API__SECRET_KEY": keys.session,
        "AIRFLOW__API_AUTH__JWT_ALGORITHM": ALGORITHM,
        "AIRFLOW__API_AUTH__JWT_AUDIENCE": AUDIENCE,
        "AIRFLOW__API_AUTH__JWT_SECRET": keys.jwt,
        "AIRFLOW__CORE__AUTH_MANAGER": f"{_AUTH_MANAGERS}.simple.simple_auth_manager.SimpleAuthManager",
        "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"http://127.0.0.1:{port}/execution/",
        "AIRFLOW__CORE__FERNET_KEY": keys.fernet,
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": database,
        **_task_logs(spec),
    }


def _task_logs(spec: EnvironmentSpec) -> dict[str, str]:
    if "Task" not in spec.log_levels:
        return {"AIRFLOW__LOGGING__REMOTE_LOGGING": "False"}
    group = f"arn:aws:logs:{spec.region}:{spec.account_id}:log-group:airflow-{spec.name}-Task"
    return {
        "AIRFLOW__LOGGING__REMOTE_LOGGING": "True",
        "AIRFLOW__LOGGING__REMOTE_BASE_LOG_FOLDER": f"cloudwatch://{group}",
        "AIRFLOW__LOGGING__REMOTE_LOG_CONN_ID": "aws_default",
    }
