"""Asks again where an answer breaks off on its way: botocore repeats a request only until the head came."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mwaactl.aws.local_failures import BROKEN_ANSWERS
from mwaactl.errors import OutcomeUnknown

if TYPE_CHECKING:
    from collections.abc import Callable

ATTEMPTS = 3


def asked_again[T](ask: Callable[[], T]) -> T:
    """Return the answer to a question, which is put again where its answer did not arrive whole.

    Args:
        ask: A request that changes nothing.

    Raises:
        OutcomeUnknown: If the answer breaks off each time.
    """
    for _ in range(ATTEMPTS - 1):
        try:
            return ask()
        except OutcomeUnknown as error:
            if error.error_code not in BROKEN_ANSWERS:
                raise
    return ask()
