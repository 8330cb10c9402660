"""The emulator's page with every access that it judged: what a policy can be held against without a run."""

from __future__ import annotations

import json
from collections.abc import Mapping  # noqa: TC003 - pydantic reads it
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any
from urllib.request import ProxyHandler, build_opener

from pydantic import TypeAdapter

TRACE_PATH = "/_emulator/iam/trace"


@dataclass(frozen=True, slots=True)
class TracedAccess:
    """One action on one resource that a role or a user asked for.

    Attributes:
        entity: The ARN of the role or the user.
        action: The action.
        resource: The resource.
        keys: The condition keys of this access, in lower case, besides those that every request has.
        allowed: Whether it was allowed.
    """

    entity: str
    action: str
    resource: str
    keys: Mapping[str, str | tuple[str, ...]]
    allowed: bool


_PAGE: TypeAdapter[tuple[TracedAccess, ...]] = TypeAdapter(tuple[TracedAccess, ...])


def trace_data(trace: tuple[TracedAccess, ...]) -> list[dict[str, Any]]:
    """Return a trace as JSON values."""
    data: list[dict[str, Any]] = list(_PAGE.dump_python(trace, mode="json"))
    return data


def fetch_trace(endpoint_url: str) -> tuple[TracedAccess, ...] | None:
    """Return every access that was judged; None if the emulator does not answer.

    Args:
        endpoint_url: Where the emulator listens.
    """
    opener = build_opener(ProxyHandler({}))
    try:
        with opener.open(f"{endpoint_url}{TRACE_PATH}", timeout=30) as answer:
            return _PAGE.validate_python(json.load(answer)["accesses"])
    except (OSError, ValueError, KeyError, TypeError, HTTPException):
        return None
