"""Airflow's own word on whether its components are healthy."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from contextlib import suppress
from datetime import UTC, datetime
from http.client import HTTPException
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

HEALTH_PATHS: Mapping[int, str] = MappingProxyType({2: "/health", 3: "/api/v2/monitor/health"})
"""By Airflow's major version."""
COMPONENTS = ("metadatabase", "scheduler", "triggerer", "dag_processor")
EXECUTION_API = "/execution/health"
WAKING_SECONDS = 120.0
_FIRST_WITH_EXECUTION_API = 3

# Loopback must never go through a proxy of the user's environment.
_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def fetch_health(api_url: str, major: int) -> Mapping[str, Any] | None:
    """Return what Airflow's health endpoint says, or None while it does not answer.

    Args:
        api_url: Base address of the web server.
        major: Airflow's major version.
    """
    try:
        with _opener.open(f"{api_url}{HEALTH_PATHS[major]}", timeout=5) as response:
            answer: Mapping[str, Any] = json.load(response)
            return answer
    except (OSError, ValueError, urllib.error.URLError):
        return None


def wake_execution_api(api_url: str, major: int) -> None:
    """Ask what tasks of Airflow 3 talk to for the first time, and return when it has answered or cannot.

    The web server sets it up at the first request and answers nobody meanwhile. On a busy machine that takes
    longer than a task waits, five times five seconds: the first task would fail.

    Args:
        api_url: Base address of the web server.
        major: Airflow's major version.
    """
    if major < _FIRST_WITH_EXECUTION_API:
        return
    with suppress(OSError, HTTPException):
        _opener.open(f"{api_url}{EXECUTION_API}", timeout=WAKING_SECONDS).close()


def unhealthy(
    report: Mapping[str, Any] | None, since: datetime, components: Collection[str] = COMPONENTS
) -> tuple[str, ...]:
    """Return the components that are not healthy yet.

    A component counts only with a heartbeat after `since`: for half a minute Airflow still calls healthy
    what has been replaced.

    Args:
        report: The health endpoint's answer, or None if there was none.
        since: When the components that are waited for were started.
        components: Those that are waited for, as the endpoint names them.
    """
    if report is None:
        return ("webserver",)
    return tuple(
        name
        for name in COMPONENTS
        if name in components and not _is_healthy(name, report.get(name) or {}, since)
    )


def _is_healthy(name: str, entry: Mapping[str, Any], since: datetime) -> bool:
    if entry.get("status") != "healthy":
        return False
    heartbeat = entry.get(f"latest_{name}_heartbeat")
    return name == "metadatabase" or (heartbeat is not None and _moment(heartbeat) >= since)


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
