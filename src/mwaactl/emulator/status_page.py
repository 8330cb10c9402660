"""The emulator's page about itself: where it is, what it holds, and how it is read."""

from __future__ import annotations

import json
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any
from urllib.request import ProxyHandler, build_opener

from pydantic import TypeAdapter

from mwaactl.emulator.mwaa.environment_status import EnvironmentStatus
from mwaactl.emulator.state.state_status import StateStatus

STATUS_PATH = "/_emulator/status"


@dataclass(frozen=True, slots=True)
class StatusPage:
    """What the emulator tells of itself.

    Attributes:
        pid: Its process id.
        ready: Whether it answers AWS requests, with the CDK's bootstrap in place.
        project_root: The project that it belongs to.
        environments: The MWAA environments in it, by region and name.
        state: How what it holds is kept.
    """

    pid: int
    ready: bool
    project_root: str
    environments: tuple[EnvironmentStatus, ...] = ()
    state: StateStatus | None = None


_PAGE: TypeAdapter[StatusPage] = TypeAdapter(StatusPage)
_STATE: TypeAdapter[StateStatus] = TypeAdapter(StateStatus)
_ENVIRONMENT: TypeAdapter[EnvironmentStatus] = TypeAdapter(EnvironmentStatus)


def page_data(page: StatusPage) -> dict[str, Any]:
    """Return the page as JSON values; what does not exist is absent."""
    data: dict[str, Any] = _PAGE.dump_python(page, mode="json", exclude_none=True)
    return data


def environment_data(environment: EnvironmentStatus) -> dict[str, Any]:
    """Return one environment as JSON values; what does not exist is absent."""
    data: dict[str, Any] = _ENVIRONMENT.dump_python(environment, mode="json", exclude_none=True)
    return data


def state_data(state: StateStatus) -> dict[str, Any]:
    """Return the state on disk as JSON values; what does not exist is absent."""
    data: dict[str, Any] = _STATE.dump_python(state, mode="json", exclude_none=True)
    return data


def fetch_page(endpoint_url: str, pid: int) -> StatusPage | None:
    """Return the page; None if nobody answers, or one that is not the emulator with this process id.

    Args:
        endpoint_url: Where the emulator listens.
        pid: Its process id.
    """
    opener = build_opener(ProxyHandler({}))
    try:
        with opener.open(f"{endpoint_url}{STATUS_PATH}", timeout=5) as answer:
            page = _PAGE.validate_python(json.load(answer))
    except (OSError, ValueError, HTTPException):
        return None
    return page if page.pid == pid else None
