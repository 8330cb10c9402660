"""The emulator's page about the use of permissions: where it is, what it holds, and how it is read."""

from __future__ import annotations

import json
from http.client import HTTPException
from typing import Any
from urllib.request import ProxyHandler, build_opener

from pydantic import TypeAdapter

from mwaactl.emulator.authorization.entity_usage import EntityUsage

USAGE_PATH = "/_emulator/iam"

_PAGE: TypeAdapter[tuple[EntityUsage, ...]] = TypeAdapter(tuple[EntityUsage, ...])


def usage_data(usages: tuple[EntityUsage, ...]) -> list[dict[str, Any]]:
    """Return the usage of every role and user as JSON values."""
    data: list[dict[str, Any]] = list(_PAGE.dump_python(usages, mode="json"))
    return data


def fetch_usages(endpoint_url: str) -> tuple[EntityUsage, ...] | None:
    """Return the usage of every role and user; None if the emulator does not answer.

    Args:
        endpoint_url: Where the emulator listens.
    """
    opener = build_opener(ProxyHandler({}))
    try:
        with opener.open(f"{endpoint_url}{USAGE_PATH}", timeout=30) as answer:
            return _PAGE.validate_python(json.load(answer)["entities"])
    except (OSError, ValueError, KeyError, TypeError, HTTPException):
        return None
