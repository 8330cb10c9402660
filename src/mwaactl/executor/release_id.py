"""Ids of releases: they sort by time, and a new one always comes after all that are there."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_MOMENT = "%Y%m%dT%H%M%S"
_STEP = timedelta(milliseconds=1)


def release_id(digest: str, now: datetime, known: Iterable[str] = ()) -> str:
    """Return the id of a new release, for example `20261123T081500123Z-1f3a9c2e`.

    Args:
        digest: Of what is released.
        now: The present moment.
        known: Ids that the new one has to follow, also where their deployer's clock was ahead.
    """
    latest = max((moment for each in known if (moment := _moment(each))), default=None)
    moment = now if latest is None else max(now, latest + _STEP)
    return f"{moment:{_MOMENT}}{moment.microsecond // 1000:03}Z-{digest[:8]}"


def _moment(known: str) -> datetime | None:
    try:
        whole, milliseconds = known[:15], known[15:].partition("Z")[0] or "0"
        return datetime.strptime(whole, _MOMENT).replace(tzinfo=UTC) + int(milliseconds) * _STEP
    except ValueError:
        return None
