"""Durations as people write them: `90s`, `15m`, `1h30m`, `2d`, `1w`."""

import re
from datetime import timedelta
from typing import Any

_PARTS = re.compile(r"(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+(?:\.\d+)?)s)?")
_UNITS = ("weeks", "days", "hours", "minutes", "seconds")
_LONGEST = 30
FORM = "write a duration as `90s`, `15m`, `1h30m` or `2d`"


def is_duration(value: Any) -> bool:  # noqa: ANN401 - any JSON value
    """Say whether a value is a duration in this form."""
    return isinstance(value, str) and duration(value) is not None


def duration(text: str) -> timedelta | None:
    """Return the duration that a text says, or None where it says none."""
    found = _PARTS.fullmatch(text) if text and len(text) <= _LONGEST else None
    if found is None:
        return None
    try:
        return timedelta(
            **{unit: float(part) for unit, part in zip(_UNITS, found.groups(), strict=True) if part}
        )
    except OverflowError:
        return None


def duration_text(value: timedelta) -> str:
    """Return a duration in this form; without parts of a second where there are none."""
    seconds = value.total_seconds()
    if not seconds.is_integer():
        return f"{seconds}s"
    left, parts = int(seconds), []
    for unit, size in (("d", 86400), ("h", 3600), ("m", 60), ("s", 1)):
        count, left = divmod(left, size)
        parts += [f"{count}{unit}"] if count else []
    return "".join(parts) or "0s"
