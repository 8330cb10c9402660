"""The releases of an environment: the latest ones, one by its id, the one before another."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mwaactl.errors import OperationError
from mwaactl.executor.background import side_by_side
from mwaactl.executor.release_record import CURRENT, decode, key_of, record_keys
from mwaactl.observed import ReleaseState

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mwaactl.executor.gateways import Bucket
    from mwaactl.observed import Release

WORKERS = 8
CURRENT_NAME = "current"
# How many are named where several may be meant.
SHOWN = 3
_ID = re.compile(r"[\w.-]{1,64}")
# What else lies beside the records.
_NO_IDS = frozenset({"lock"})


@dataclass(frozen=True, slots=True)
class UnreadableRelease:
    """A record that cannot be read: truncated, changed by hand, or of a newer mwaactl.

    Attributes:
        id: As its key says.
        why: One sentence without a full stop.
    """

    id: str
    why: str


def latest_releases(bucket: Bucket, number: int) -> tuple[Release | UnreadableRelease, ...]:
    """Return the latest releases, newest first, whatever became of them.

    Args:
        bucket: The source bucket.
        number: How many at most.
    """
    keys = record_keys(bucket)[::-1][:number]
    contents = side_by_side(bucket.read, keys, WORKERS)
    return tuple(_read(found.content, key) for key, found in zip(keys, contents, strict=True) if found)


def current_release(bucket: Bucket) -> Release | None:
    """Return the current release, or None before the first."""
    found = bucket.read(CURRENT)
    return decode(found.content, CURRENT) if found else None


def find_release(bucket: Bucket, name: str) -> Release:
    """Return a release.

    Args:
        bucket: The source bucket.
        name: Its id, the beginning or the end of it where only one has that, or `current`.

    Raises:
        OperationError: If there is none, or several.
    """
    if name == CURRENT_NAME:
        if (current := current_release(bucket)) is None:
            raise _unknown(name, ())
        return current
    if not _ID.fullmatch(name) or name in _NO_IDS:
        raise _unknown(name, ())
    if (found := bucket.read(key_of(name))) is not None:
        return decode(found.content, key_of(name))
    ids = [_id_of(key) for key in record_keys(bucket)]
    matching = [each for each in ids if each.startswith(name) or each.endswith(name)]
    if len(matching) != 1:
        raise _unknown(name, matching)
    content = bucket.read(key_of(matching[0]))
    if content is None:
        raise _unknown(name, ())
    return decode(content.content, key_of(matching[0]))


def release_to_restore(bucket: Bucket, name: str | None) -> Release:
    """Return the release that a rollback restores: the named one, or what the current one replaced.

    Raises:
        OperationError: If there is none, or it was never completed; where no release is named, also if a
            deployment was begun since and not finished, so that either may be meant.
    """
    if name is not None:
        return _completed(find_release(bucket, name))
    current = current_release(bucket)
    if current is not None:
        _refuse_unfinished(bucket, current)
    if current is None or current.replaces is None:
        message = "there is no release before the current one"
        hint = "`mwaactl release list` shows the releases of this environment"
        raise OperationError(message, hint=hint, code="release.no-earlier")
    found = bucket.read(key_of(current.replaces))
    if found is None:
        message = f"the release before the current one, {current.replaces}, has no record any more"
        hint = "choose another one from `mwaactl release list`"
        raise OperationError(message, hint=hint, code="release.no-earlier")
    return _completed(decode(found.content, key_of(current.replaces)))


def _read(content: bytes, key: str) -> Release | UnreadableRelease:
    try:
        return decode(content, key)
    except OperationError as error:
        return UnreadableRelease(_id_of(key), error.message)


def _refuse_unfinished(bucket: Bucket, current: Release) -> None:
    """Refuse to guess after a deployment that failed; a rollback that did is simply run again."""
    begun = record_keys(bucket, after=current.id)
    found = bucket.read(begun[-1]) if begun else None
    latest = decode(found.content, begun[-1]) if found else None
    if latest is None or latest.restores is not None or latest.state is ReleaseState.RELEASED:
        return
    message = f"release {latest.id} was begun after the current one and is {latest.state.value}"
    before = f", `mwaactl rollback {current.replaces}` the one before it" if current.replaces else ""
    hint = f"`mwaactl rollback {CURRENT_NAME}` brings the current release back{before}"
    raise OperationError(message, hint=hint, code="release.unfinished")


def _completed(release: Release) -> Release:
    if release.state is ReleaseState.RELEASED:
        return release
    message = f"release {release.id} was never completed: it is {release.state.value}"
    hint = "choose one that `mwaactl release list` shows as released"
    raise OperationError(message, hint=hint, code="release.not-completed")


def _unknown(name: str, matching: Sequence[str]) -> OperationError:
    what = f"{len(matching)} releases are called" if matching else "there is no release"
    message = f"{what} `{name}`"
    latest, more = ", ".join(matching[: -SHOWN - 1 : -1]), len(matching) - SHOWN
    others = f" and {more} before them" if more > 0 else ""
    hint = f"one of {latest}{others}" if matching else "`mwaactl release list` shows the releases"
    return OperationError(message, hint=hint, code="release.unknown")


def _id_of(key: str) -> str:
    return key.removesuffix(".json").rpartition("/")[2]
