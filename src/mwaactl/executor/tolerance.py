"""Forgives failures that pass by themselves: one lost answer must not end a wait of half an hour."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from mwaactl.airflow_api.transient import is_transient
from mwaactl.errors import MwaactlError

if TYPE_CHECKING:
    from collections.abc import Callable

# As long as a web server needs to come back; a network that is down for longer will not help this deployment.
LIMIT = timedelta(minutes=5)
# Seconds before whoever did not answer is asked again.
PAUSE = 10.0


@dataclass(slots=True)
class Tolerance:
    """Asks a question again and again, as long as its failures are short.

    Attributes:
        now: The present moment.
    """

    now: Callable[[], datetime]
    _failing_since: datetime | None = None

    def ask[T](self, question: Callable[[], T]) -> T | None:
        """Return the answer, or None where there is none just now.

        Raises:
            MwaactlError: If the failure does not pass by itself, or has not for too long.
        """
        try:
            answer = question()
        except MwaactlError as error:
            if not is_transient(error):
                raise
            self._failing_since = self._failing_since or self.now()
            if self.now() - self._failing_since > LIMIT:
                raise
            return None
        self._failing_since = None
        return answer
