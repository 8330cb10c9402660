"""What a bucket lists: the keys under a prefix, and what they have in common before a delimiter.

moto goes over a bucket several times, and copies every version with its content, for each page.
https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

from moto.s3.models import FakeDeleteMarker, FakeKey

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

type Stored = FakeKey | FakeDeleteMarker
type Versions = Sequence[Stored]


@dataclass(frozen=True, slots=True)
class ListedVersion:
    """A version as a list of versions shows it.

    Attributes:
        stored: The version, or the delete marker.
        is_latest: Whether it is the newest of its key.
    """

    stored: Stored
    is_latest: bool


@dataclass(frozen=True, slots=True)
class VersionPage:
    """A page of a list of versions.

    Attributes:
        versions: Versions and delete markers, by key, the newest of a key first.
        prefixes: What keys have in common up to the delimiter, in order.
        last: Key and version, or common prefix and None, after which more follows; None at the end.
    """

    versions: tuple[ListedVersion, ...] = ()
    prefixes: tuple[str, ...] = ()
    last: tuple[str, str | None] | None = None


def present(keys: Mapping[str, Versions], prefix: str) -> dict[str, FakeKey]:
    """Return what is there under a prefix, each key's newest version, in no order.

    Args:
        keys: Key to versions, the oldest first.
        prefix: What keys begin with.
    """
    return {
        name: newest
        for name, versions in keys.items()
        if name.startswith(prefix) and versions and isinstance(newest := versions[-1], FakeKey)
    }


def entries(names: Iterable[str], prefix: str, delimiter: str) -> list[str]:
    """Return keys and common prefixes in order; only a common prefix has the delimiter after the prefix."""
    if not delimiter:
        return sorted(names)
    return sorted({common_prefix(name, prefix, delimiter) or name for name in names})


def following(ordered: list[str], after: str | None) -> list[str]:
    """Return what comes after a name in a list that is in order."""
    return ordered[bisect_right(ordered, after) :] if after else ordered


def common_prefix(name: str, prefix: str, delimiter: str) -> str:
    """Return what a key has in common with others: up to the first delimiter after the prefix, or nothing."""
    before, found, _ = name[len(prefix) :].partition(delimiter) if delimiter else ("", "", "")
    return f"{prefix}{before}{found}" if found else ""


def version_page(
    keys: Mapping[str, Versions], prefix: str, delimiter: str, after: tuple[str, str], limit: int
) -> VersionPage:
    """Return one page of a bucket's versions.

    Args:
        keys: Key to versions, the oldest first.
        prefix: What keys begin with.
        delimiter: Up to where keys are put together; empty for not at all.
        after: Key, or common prefix, and version after which the page begins; both may be empty.
        limit: How many versions and common prefixes it has at most.
    """
    if not limit:
        return VersionPage()
    found: list[ListedVersion | str] = []
    for each in _listed_after(keys, prefix, delimiter, *after):
        if len(found) == limit:
            return _page(found, _position(found[-1]))
        found.append(each)
    return _page(found, None)


def _page(found: list[ListedVersion | str], last: tuple[str, str | None] | None) -> VersionPage:
    versions = tuple(each for each in found if isinstance(each, ListedVersion))
    return VersionPage(versions, tuple(each for each in found if isinstance(each, str)), last)


def _position(listed: ListedVersion | str) -> tuple[str, str | None]:
    return (listed, None) if isinstance(listed, str) else (listed.stored.name, listed.stored.version_id)


def _listed_after(
    keys: Mapping[str, Versions], prefix: str, delimiter: str, marker: str, version: str
) -> Iterator[ListedVersion | str]:
    told = marker
    for name in sorted(each for each in keys if each.startswith(prefix) and each >= marker):
        common = common_prefix(name, prefix, delimiter)
        if common > told:
            told = common
            yield common
        elif not common and name > marker:
            yield from _newest_first(keys[name])
        elif not common and version:
            yield from _older_than(version, _newest_first(keys[name]))


def _newest_first(versions: Versions) -> list[ListedVersion]:
    return [ListedVersion(each, index == 0) for index, each in enumerate(reversed(versions))]


def _older_than(version: str, versions: list[ListedVersion]) -> list[ListedVersion]:
    ids = [each.stored.version_id for each in versions]
    return versions[ids.index(version) + 1 :] if version in ids else versions
