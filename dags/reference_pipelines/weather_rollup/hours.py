"""The observations of an hour, of all that have landed. Pure: rows in, rows out."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any


def of_hour(hour: datetime, rows: Iterable[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """Yield the rows of an hour, and those whose time cannot be read.

    Such a row may be of any hour, so that no hour is known to be whole: the contract's check finds it.

    Args:
        hour: its beginning, in UTC.
        rows: whose `time_hour` is a moment, or whatever could not be read as one.
    """
    return (row for row in rows if not isinstance(at := row.get("time_hour"), datetime) or at == hour)
