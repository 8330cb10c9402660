"""Pages of a list, with a token that holds the position."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import TYPE_CHECKING

from mwaactl.emulator.warehouse.faults import invalid

if TYPE_CHECKING:
    from collections.abc import Sequence


def page[T](items: Sequence[T], token: str | None, size: int) -> tuple[Sequence[T], str | None]:
    """Return one page and the token of the next, which is None after the last page.

    Raises:
        ServiceFault: ValidationException if the token is none of ours.
    """
    start = position(token)
    end = start + size
    return items[start:end], token_at(end) if end < len(items) else None


def token_at(index: int) -> str:
    """Return the token for a position."""
    return urlsafe_b64encode(f"at:{index}".encode()).decode()


def position(token: str | None) -> int:
    """Return the position that a token holds, 0 for none."""
    if not token:
        return 0
    try:
        prefix, _, index = urlsafe_b64decode(token).decode().partition(":")
        if prefix == "at":
            return int(index)
    except ValueError:
        pass
    message = "The value for the NextToken parameter is not valid."
    raise invalid(message)
