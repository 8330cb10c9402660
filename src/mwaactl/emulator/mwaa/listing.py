"""ListEnvironments' pages: the token holds the last name of the page before."""

from __future__ import annotations

from base64 import b64decode, urlsafe_b64encode
from typing import TYPE_CHECKING, Any

from mwaactl.emulator.mwaa.exceptions import ValidationError

if TYPE_CHECKING:
    from collections.abc import Sequence

PAGE_SIZE = 25


def page_of_names(names: Sequence[str], size: int | None, token: str | None) -> dict[str, Any]:
    """Return one page.

    Args:
        names: All names in order.
        size: Names on the page, 1 to 25; 25 if absent.
        token: NextToken of the page before.

    Raises:
        ValidationError: The token is none of ours.
    """
    after = _last_name(token) if token else ""
    left = [name for name in names if name > after]
    page = left[: size or PAGE_SIZE]
    more = {"NextToken": urlsafe_b64encode(page[-1].encode()).decode()} if len(left) > len(page) else {}
    return {"Environments": page} | more


def _last_name(token: str) -> str:
    try:
        return b64decode(token.encode(), altchars=b"-_", validate=True).decode()
    except ValueError as error:
        msg = "Invalid NextToken"
        raise ValidationError(msg) from error
