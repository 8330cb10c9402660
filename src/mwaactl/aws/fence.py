"""A check right before each request goes out, those included that botocore sends again after a pause."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_check: ContextVar[Callable[[], None] | None] = ContextVar("check", default=None)


@contextmanager
def checked_before_sending(check: Callable[[], None]) -> Iterator[None]:
    """Call a function before every request that this thread sends in the block, after those of outer blocks.

    Args:
        check: Raises where the request must not be sent any more.
    """
    outer = _check.get()

    def both() -> None:
        if outer is not None:
            outer()
        check()

    token = _check.set(both)
    try:
        yield
    finally:
        _check.reset(token)


def check_before_sending(**_: object) -> None:
    """Call the function of the block that sends the request; for botocore's event `before-send`."""
    if (check := _check.get()) is not None:
        check()
