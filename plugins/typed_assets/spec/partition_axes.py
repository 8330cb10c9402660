"""One way of dividing an asset: its keys in order, and which text is a key of it.

Time is UTC, where each day has 24 hours; so the days on which clocks are changed are days like others.
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from typing import assert_never

from typed_assets.spec.errors import SpecError, nearest
from typed_assets.spec.given import instance
from typed_assets.spec.partitions import Daily, Hourly, Static

type Axis = Hourly | Daily | Static

SEPARATOR = "|"
"""Between the two halves of a product's key, as Airflow's own mappers write it."""
WHOLE = "*"
"""The key that Airflow carries for a run that makes an asset without partitions from one with partitions."""

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_HOUR = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}")
_SPOILS_A_NAME = re.compile(r"[|,/\s]|\.\.|^\*$|^$")
_HOURS_OF_A_DAY = 24


def check_axis(axis: Axis) -> None:
    """Refuse a division that has no keys, or whose keys could not be told apart.

    Raises:
        SpecError: what is wrong with it.
    """
    match axis:
        case Hourly(start=start, end=end):
            for each in (start, end or start):
                instance(each, datetime, "an hour", "write `datetime(2013, 1, 1, tzinfo=UTC)`")
            for moment in (start, *([end] if end else [])):
                if (moment.minute, moment.second, moment.microsecond) != (0, 0, 0):
                    message = f"hourly partitions begin at a full hour, and {moment:%H:%M:%S} is none"
                    raise SpecError(message)
            _check_order(utc(start), utc(end) if end else None)
        case Daily(start=start, end=end):
            for day in (start, end or start):
                _check_day(day)
            _check_order(start, end)
        case Static(names=names):
            instance(names, (tuple, list), "the names of partitions", f'write `Static(("{names}",))`')
            _check_names(names)
        case _:
            assert_never(axis)


def index_of(axis: Axis, key: str) -> int:
    """Return the place of a key: hours or days since the first day of all, or the place among the names.

    Raises:
        SpecError: the text is no key of this division; the hint says how one looks.
    """
    match axis:
        case Hourly():
            place = _index_of_time(key, _HOUR, "an hour", "2013-01-31T05")
        case Daily():
            place = _index_of_time(key, _DAY, "a day", "2013-01-31") // _HOURS_OF_A_DAY
        case Static(names=names):
            if key not in names:
                message = f"there is no partition `{key}`"
                raise SpecError(message, hint=nearest(key, names) or f"there are: {', '.join(names)}")
            return names.index(key)
        case _:
            assert_never(axis)
    first, after = bounds(axis, None)
    if place < first:
        message = f"`{key}` lies before the first partition, `{key_at(axis, first)}`"
        raise SpecError(message)
    if after is not None and place >= after:
        message = f"`{key}` lies after the last partition, `{key_at(axis, after - 1)}`"
        raise SpecError(message)
    return place


def key_at(axis: Axis, place: int) -> str:
    """Return the key at a place."""
    match axis:
        case Hourly():
            day, hour = divmod(place, _HOURS_OF_A_DAY)
            return f"{date.fromordinal(day).isoformat()}T{hour:02}"
        case Daily():
            return date.fromordinal(place).isoformat()
        case Static(names=names):
            return names[place]
        case _:
            assert_never(axis)


def bounds(axis: Axis, now: datetime | None) -> tuple[int, int | None]:
    """Return the place of the first partition and the one behind the last.

    Args:
        axis: the division.
        now: only partitions that have ended by then count; None counts those to come too, and then there
            may be no last one.
    """
    match axis:
        case Hourly(start=start, end=end):
            first, after = hour_number(utc(start)), hour_number(utc(end)) if end else None
            ended = hour_number(utc(now)) if now else None
        case Daily(start=day, end=last):
            first, after = day.toordinal(), last.toordinal() if last else None
            ended = utc(now).toordinal() if now else None
        case Static(names=names):
            return 0, len(names)
        case _:
            assert_never(axis)
    limits = [limit for limit in (after, ended) if limit is not None]
    return first, max(first, min(limits)) if limits else None


def axis_keys(axis: Axis, first: str, last: str) -> Iterator[str]:
    """Yield the keys from one to another, both included.

    Raises:
        SpecError: one is no key, or the last comes before the first.
    """
    start, end = index_of(axis, first), index_of(axis, last)
    if end < start:
        message = f"`{last}` comes before `{first}`"
        raise SpecError(message, hint=f"write `{last}..{first}`")
    return (key_at(axis, place) for place in range(start, end + 1))


def hours_of(day: str) -> tuple[str, ...]:
    """Return the keys of the 24 hours of a day."""
    return tuple(f"{day}T{hour:02}" for hour in range(_HOURS_OF_A_DAY))


def utc(moment: datetime) -> datetime:
    """Return a moment in UTC; one without a zone is taken for UTC."""
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def start_of(axis: Hourly | Daily, key: str) -> datetime:
    """Return when a partition begins."""
    place = index_of(axis, key)
    day, hour = divmod(place, _HOURS_OF_A_DAY) if isinstance(axis, Hourly) else (place, 0)
    return datetime.combine(date.fromordinal(day), time(hour), UTC)


def length_of(axis: Hourly | Daily) -> timedelta:
    """Return how long a partition is."""
    return timedelta(hours=1) if isinstance(axis, Hourly) else timedelta(days=1)


def hour_number(moment: datetime) -> int:
    """Return how many hours lie between the beginning of the calendar and a moment of UTC."""
    return moment.toordinal() * _HOURS_OF_A_DAY + moment.hour


def _index_of_time(key: str, shape: re.Pattern[str], what: str, example: str) -> int:
    if shape.fullmatch(key):
        with suppress(ValueError):
            return hour_number(datetime.fromisoformat(key))
    message = f"`{key}` is not {what}"
    raise SpecError(message, hint=f"write {what} of UTC as `{example}`")


def _check_order[T: (date, datetime)](start: T, end: T | None) -> None:
    if end is not None and end <= start:
        message = f"there are no partitions: the end, {end}, is not after the start, {start}"
        raise SpecError(message)


def _check_day(day: object) -> None:
    """Refuse what is no day; a moment is a date too, but no day."""
    if isinstance(day, datetime) or not isinstance(day, date):
        message = f"a day cannot be `{day}`, which is of the type {type(day).__name__}"
        raise SpecError(message, hint="write `date(2013, 1, 1)`")


def _check_names(names: tuple[str, ...]) -> None:
    if not names:
        message = "there are no partitions: no names are given"
        raise SpecError(message)
    seen: set[str] = set()
    for name in names:
        if _SPOILS_A_NAME.search(name):
            message = f"`{name}` cannot be the name of a partition"
            raise SpecError(message, hint="leave out `|`, `,`, `/`, `..` and spaces")
        if name in seen:
            message = f"two partitions have the name `{name}`"
            raise SpecError(message)
        seen.add(name)
