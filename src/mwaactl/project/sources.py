"""Reads the Python files of the DAG folder; of many, some in a second process: parsing takes longest."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from mwaactl.project.clues import clues_in_source
from mwaactl.project.reading import read_content, sha256_of
from mwaactl.project.source_facts import facts_of

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from mwaactl.project.clues import Clues
    from mwaactl.project.source_facts import SharedFacts, SourceFacts

BATCH = 32
"""So many files are handed over at once."""

FEWEST = 600
"""Of fewer files, a second process would begin to read when all have been read."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a file is.

    Attributes:
        location: Its path.
        key: Its key in the source bucket.
    """

    location: str
    key: str


@dataclass(frozen=True, slots=True)
class Source:
    """What is kept of a Python file.

    Attributes:
        sha256: Digest of the content, 64 hexadecimal digits.
        size: Length in bytes.
        facts: What it takes from modules and has for them.
        clues: What rules may look for in it.
    """

    sha256: str
    size: int
    facts: SourceFacts
    clues: Clues = ()


class Aside(Protocol):
    """Reads files meanwhile, from the first on.

    Attributes:
        asked: The files and top-level modules that it was asked for; None where it reads nothing.
    """

    asked: tuple[tuple[Place, ...], frozenset[str]] | None

    def begin(self, places: Sequence[Place], roots: frozenset[str], *, fewest: int) -> None:
        """Begin to read, if that saves time.

        Args:
            places: Where the files are.
            roots: Top-level modules of the DAG folder.
            fewest: Of fewer files, it would begin to read when all have been read.
        """

    def batch(self, *, wait: bool) -> Sequence[Source | None] | None:
        """Return what was read next, None for each file that could not be read.

        Args:
            wait: Whether to wait for it where nothing is there yet.

        Returns:
            None where nothing is there, or nothing more will come.
        """


def read_source(place: Place, roots: Collection[str]) -> Source:
    """Read a Python file.

    Args:
        place: Where it is.
        roots: Top-level modules of the DAG folder.

    Raises:
        ProjectError: It cannot be read.
    """
    content = read_content(place.location, place.key)
    facts = facts_of(place.key, content, roots)
    return Source(sha256_of(content), len(content), facts, clues_in_source(content))


def read_sources(
    places: Sequence[Place], roots: Collection[str], shared: SharedFacts, aside: Aside | None
) -> list[Source]:
    """Read Python files, from the last one towards those that are read aside.

    Args:
        places: Where they are.
        roots: Top-level modules of the DAG folder.
        shared: Holds equal parts of their facts.
        aside: Reads the same files; None for nobody.

    Raises:
        ProjectError: One of them cannot be read.
    """
    found: list[Source | None] = [None] * len(places)
    first, end = 0, len(places)
    while first < end:
        batch = aside.batch(wait=end - first <= BATCH) if aside else None
        for each in (batch or ())[: end - first]:
            found[first] = each and _shared(each, shared)
            first += 1
        if not batch:
            end -= 1
            found[end] = _shared(read_source(places[end], roots), shared)
    # What could not be read aside is read again, to say why.
    return [each or _shared(read_source(places[number], roots), shared) for number, each in enumerate(found)]


def _shared(source: Source, shared: SharedFacts) -> Source:
    return replace(source, facts=shared.of(source.facts))
