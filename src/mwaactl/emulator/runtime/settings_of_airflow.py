"""The environment variables of one environment's processes, from its specification."""

from __future__ import annotations

import os
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from mwaactl.emulator.runtime.tokens import ALGORITHM, AUDIENCE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mwaactl.emulator.mwaa.host import EnvironmentSpec
    from mwaactl.emulator.runtime.environment_keys import EnvironmentKeys

# What a process needs of the machine to reach the internet at all; nothing else of the user's shell goes in.
_FROM_MACHINE = (
    *("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy", "SSL_CERT_FILE", "SSL_CERT_DIR"),
    *("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "TMPDIR", "TZ"),
)
_LOOPBACK = "127.0.0.1,localhost"
_BASE_URLS = MappingProxyType({2: "AIRFLOW__WEBSERVER__BASE_URL", 3: "AIRFLOW__API__BASE_URL"})
# Runs in Airflow 2's own Python, never here.
_AIRFLOW_2 = Path(__file__).with_name("airflow_2")
_SIMPLE_AUTH_MANAGER = "airflow.api_fastapi.auth.managers.simple.simple_auth_manager.SimpleAuthManager"
_FAB_AUTH_MANAGER = "airflow.providers.fab.auth_manager.fab_auth_manager.FabAuthManager"


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
        _BASE_URLS[spec.airflow_major]: spec.web_url,
        "AWS_DEFAULT_REGION": spec.region,
        "AWS_REGION": spec.region,
        "AWS_EXECUTION_ENV": f"Amazon_MWAA_{spec.airflow_version.replace('.', '')}",
        "CUSTOMER_ACCOUNT_ID": spec.account_id,
    }


def essential_variables(
    spec: EnvironmentSpec, keys: EnvironmentKeys, database: str, port: int
) -> dict[str, str]:
    """Return what this environment forces: addresses, keys, the database, sign-in, where task logs go.

    Args:
        spec: The environment.
        keys: Its secrets.
        database: SQLAlchemy's address of its metadata database.
        port: The loopback port of the web server.
    """
    own = _airflow_2(keys) if spec.airflow_major == 2 else _airflow_3(keys, port)  # noqa: PLR2004
    return {
        "AIRFLOW__CORE__FERNET_KEY": keys.fernet,
        **database_variables(spec.airflow_major, database),
        **own,
        **_task_logs(spec),
    }


def database_variables(major: int, url: str) -> dict[str, str]:
    """Return what follows from the metadata database.

    Airflow 2 takes SQLite only if one process does everything: it runs tasks one by one and parses the DAGs.

    Args:
        major: Airflow's major version.
        url: SQLAlchemy's address of the database.
    """
    address = {"AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": url}
    if parses_apart(major, url):
        return address
    return {
        **address,
        "AIRFLOW__CORE__EXECUTOR": "SequentialExecutor",
        "AIRFLOW__SCHEDULER__STANDALONE_DAG_PROCESSOR": "False",
    }


def parses_apart(major: int, url: str) -> bool:
    """Tell whether DAGs can be parsed by a process of their own with this database."""
    return major > 2 or not url.startswith("sqlite:")  # noqa: PLR2004 - Airflow's major version


def _airflow_2(keys: EnvironmentKeys) -> dict[str, str]:
    """Return where its web server and its logging find what the emulator brings along for them.

    The front door ends TLS: a browser also comes by plain HTTP, so that the cookie is not for HTTPS only.
    """
    return {
        "PYTHONPATH": str(_AIRFLOW_2),
        "AIRFLOW__LOGGING__LOGGING_CONFIG_CLASS": "mwaa_logging.LOGGING_CONFIG",
        "AIRFLOW__CORE__AUTH_MANAGER": _FAB_AUTH_MANAGER,
        "AIRFLOW__WEBSERVER__CONFIG_FILE": str(_AIRFLOW_2 / "webserver_config.py"),
        "AIRFLOW__WEBSERVER__COOKIE_SECURE": "False",
        "AIRFLOW__WEBSERVER__ENABLE_PROXY_FIX": "True",
        "AIRFLOW__WEBSERVER__SECRET_KEY": keys.session,
        "MWAACTL_SIGN_IN_SECRET": keys.jwt,
    }


def _airflow_3(keys: EnvironmentKeys, port: int) -> dict[str, str]:
    """Return the addresses and secrets of its web server.

    MWAA signs users in with its FabAuthManager; here roles travel in the token, which SimpleAuthManager
    takes.
    """
    return {
        "AIRFLOW__API__HOST": "127.0.0.1",
        "AIRFLOW__API__PORT": str(port),
        "AIRFLOW__API__SECRET_KEY": keys.session,
        "AIRFLOW__API_AUTH__JWT_ALGORITHM": ALGORITHM,
        "AIRFLOW__API_AUTH__JWT_AUDIENCE": AUDIENCE,
        "AIRFLOW__API_AUTH__JWT_SECRET": keys.jwt,
        "AIRFLOW__CORE__AUTH_MANAGER": _SIMPLE_AUTH_MANAGER,
        "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"http://127.0.0.1:{port}/execution/",
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
