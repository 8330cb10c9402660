"""What stands in a store, and what every store can do."""

import json
from dataclasses import dataclass
from typing import Protocol
from uuid import uuid4

type Json = bool | int | float | str | list["Json"] | dict[str, "Json"] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A value as it was read.

    Attributes:
        value: JSON.
        version: counts the writes, from 1.
        token: of the write; no two writes have the same.
        etag: by which S3 knows it; empty elsewhere.
    """

    value: Json
    version: int
    token: str
    etag: str = ""


class StateConflictError(Exception):
    """Another has written the value since it was read.

    Attributes:
        seen: what was read.
        there: what stands there now.
    """

    def __init__(self, asset: str, key: str, seen: Entry | None, there: Entry | None) -> None:
        self.seen, self.there = seen, there
        super().__init__(
            f"`{key}` of `{asset}` was at version {_version(seen)} when it was read and is at "
            f"version {_version(there)} now: another task has written it"
        )


class Store(Protocol):
    """Keeps entries, and writes one only if it is as it was seen."""

    def read(self, asset: str, key: str) -> Entry | None:
        """Return an entry as it is now."""
        ...

    def write(self, asset: str, key: str, seen: Entry | None, new: Entry) -> Entry | None:
        """Write an entry and return it; leave it and return None if it is not as it was seen."""
        ...


def draft(seen: Entry | None, value: Json) -> Entry:
    """Return the entry that comes after one.

    Raises:
        TypeError: the value is no JSON.
    """
    json.dumps(value, allow_nan=False)
    return Entry(value=value, version=_version(seen) + 1, token=uuid4().hex)


def _version(entry: Entry | None) -> int:
    return entry.version if entry else 0
