"""The present moment as AWS sees it, whatever the clock of this machine says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

# AWS tells whole seconds, and an answer takes its time: less than this is no error of the clock.
TOLERANCE = timedelta(seconds=2)


@dataclass(slots=True)
class AwsClock:
    """A clock that the first answer of AWS puts right.

    Moments that AWS tells, of a write, of a log stream or of Airflow's parsing, are compared with it.

    Attributes:
        local: The clock of this machine, in UTC.
    """

    local: Callable[[], datetime]
    _error: timedelta | None = None

    def now(self) -> datetime:
        """Return the present moment in UTC."""
        return self.local() + (self._error or timedelta())

    def note(self, **event: Any) -> None:  # noqa: ANN401  what botocore gives to listeners
        """Read the moment in an answer, `response_dict`; botocore calls this for each."""
        answer: Mapping[str, Any] = event["response_dict"]
        told = answer["headers"].get("date")
        if self._error is not None or told is None:
            return
        try:
            error = parsedate_to_datetime(told) - self.local()
        except (TypeError, ValueError):
            return
        self._error = error if abs(error) > TOLERANCE else timedelta()
