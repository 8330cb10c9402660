"""Whether a cron expression is one, in the five fields that Airflow reads; without croniter."""

import re
from functools import lru_cache

from typed_assets.spec.errors import nearest

PRESETS = frozenset({"@hourly", "@daily", "@weekly", "@monthly", "@quarterly", "@yearly", "@midnight"})
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_FIELDS = (
    ("minute", 0, 59, ()),
    ("hour", 0, 23, ()),
    ("day of the month", 1, 31, ()),
    ("month", 1, 12, _MONTHS),
    ("day of the week", 0, 7, _DAYS),
)
_LONGEST_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_PART = re.compile(r"(?P<first>\*|\w+)(?:-(?P<last>\w+))?(?:/(?P<step>\d+))?")
_NTH_DAY = re.compile(r"(?P<day>\w+)#[1-5]")
_FORM = "write five fields, for example `30 6 * * 1-5`"


@lru_cache(maxsize=1_000)
def cron_fault(text: str) -> tuple[str, str | None] | None:
    """Return what is wrong with a cron expression and what to do about it, or None where it is good."""
    if text.startswith("@"):
        return None if text in PRESETS else (f"`{text}` is no preset", nearest(text, PRESETS))
    words = text.split()
    if len(words) != len(_FIELDS):
        return f"`{text}` has {len(words)} fields, a cron expression has 5", _FORM
    for word, (name, least, most, names) in zip(words, _FIELDS, strict=True):
        for part in word.split(","):
            if not _good(part, least, most, names):
                return f"`{part}` is no {name} of a cron expression", _range(least, most, names)
    return _never(words[2], words[3])


def _never(day: str, month: str) -> tuple[str, str | None] | None:
    """Say that no month has the day: croniter then finds no next time, whatever the day of the week."""
    days = [_number(each, ()) for each in day.split(",")]
    months = [_number(each, _MONTHS) for each in month.split(",")]
    if None in days or None in months:
        return None
    longest = max(_LONGEST_DAYS[each - 1] for each in months if each is not None)
    if min(each for each in days if each is not None) <= longest:
        return None
    return f"there is no day {day} in month {month}, so it would never run", "`L` is the last day of a month"


def _range(least: int, most: int, names: tuple[str, ...]) -> str:
    also = f" or a name such as `{names[0]}`" if names else ""
    return f"write {least} to {most}{also}, `*`, a range or a step"


def _good(part: str, least: int, most: int, names: tuple[str, ...]) -> bool:
    if part.lower() == "l" and least == 1 and not names:
        return True
    if names == _DAYS and (found := _NTH_DAY.fullmatch(part)):
        return _number(found["day"], names) is not None
    found = _PART.fullmatch(part)
    if found is None or (found["step"] is not None and int(found["step"]) == 0):
        return False
    if found["first"] == "*":
        return found["last"] is None
    ends = [_number(word, names) for word in (found["first"], found["last"]) if word is not None]
    return all(end is not None and least <= end <= most for end in ends)


def _number(word: str, names: tuple[str, ...]) -> int | None:
    if word.isascii() and word.isdigit():
        return int(word)
    lower = word.lower()
    return names.index(lower) + (1 if names == _MONTHS else 0) if lower in names else None
