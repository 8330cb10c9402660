"""Parts of the JSON that the catalogue is made of."""

from datetime import timedelta
from typing import Any


def present(**values: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    """Return the values that say something: neither None nor an empty text, list or object."""
    return {name: value for name, value in values.items() if value is not None and value not in ("", [], {})}


def seconds(duration: timedelta | None) -> float | None:
    """Return a duration in seconds."""
    return None if duration is None else duration.total_seconds()


def timedelta_from(value: float) -> timedelta:
    """Return the duration of that many seconds."""
    return timedelta(seconds=value)
