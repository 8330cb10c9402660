"""How often deployers that start at once promote more or less than one release, or leave a mixed tree."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.report import Section
from tests.fakes.deployers.laboratory import Laboratory, before
from tests.fakes.deployers.rounds import projects_of, race

if TYPE_CHECKING:
    from collections.abc import Iterator

# Deployers to rounds: a hundred rounds in all.
ROUNDS = {2: 60, 8: 30, 40: 10}
TEXT = """Real processes deploy to one account at once, each a tree of its own. In every other round
nobody looks at the lock before all have planned: then one promotes. In the others some may also come
one after the other. A tree is mixed where it is not that of a deployer that promoted."""


def measure() -> Section:
    """Race, and count."""
    with tempfile.TemporaryDirectory(prefix="mwaactl-bench-") as folder:
        laboratory = Laboratory(Path(folder))
        try:
            found = [(deployers, *_races(laboratory, deployers)) for deployers in ROUNDS]
        finally:
            laboratory.close()
    return Section(
        "Race",
        TEXT,
        ("deployers", "rounds", "rounds with the right number of promoters", "mixed trees"),
        tuple(
            (str(deployers), str(ROUNDS[deployers]), str(single), str(mixed))
            for deployers, single, mixed in found
        ),
        all(single == ROUNDS[deployers] and mixed == 0 for deployers, single, mixed in found),
    )


def _races(laboratory: Laboratory, deployers: int) -> tuple[int, int]:
    """Return in how many rounds one deployer promoted, and how many left a mixed tree."""
    laboratory.account.restore(laboratory.empty)
    old = laboratory.project("old", before())
    assert laboratory.run(old, "deploy").code == 0
    outcomes = tuple(_outcomes(laboratory, deployers))
    return sum(single for single, _ in outcomes), sum(mixed for _, mixed in outcomes)


def _outcomes(laboratory: Laboratory, deployers: int) -> Iterator[tuple[bool, bool]]:
    begin, roots = laboratory.account.keep(), projects_of(laboratory, deployers)
    for number in range(ROUNDS[deployers]):
        laboratory.account.restore(begin)
        together = number % 2 == 0
        ended = race(laboratory, roots, together=together)
        winners = [root for root, each in zip(roots, ended, strict=True) if each.code == 0]
        # Deployers that do not wait for one another may also come one after the other.
        single = len(winners) == 1 if together else len(winners) >= 1
        mixed = all(laboratory.unconverged(root) for root in winners)
        yield single, mixed
