"""Every fault at every request of a deployment: it comes through, or it says why not and what to do.

The suite lets some faults strike at each request, others at the next; `make test-all` lets every one.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import pytest

from tests.fakes.deployers.laboratory import GIVING_BACK, Laboratory, Point, after, before
from tests.fakes.deployers.trials import failures
from tests.fakes.wire.faults import FAULTS, Fault

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.fakes.deployers.laboratory import Struck
    from tests.fakes.wire.account import Kept

SECONDS = 60.0
# One in so many pairs of request and fault; a number that shares no factor with how many faults there are.
ONE_IN = 1 if os.environ.get("MWAACTL_WHOLE") else 17
SAID = re.compile(r"(^|\n)error: [^\n]+[^.\n]\n\nhint: [^\n]+[^.\n]\n$")
# What only a programmer could make sense of.
FOREIGN_WORDS = re.compile(r"Traceback|\b[A-Z]\w+(Error|Exception|Warning)\b|<class|0x[0-9a-f]{6}|unexpected")


@dataclass(frozen=True, slots=True)
class Scene:
    """A state, and a deployment from it."""

    laboratory: Laboratory
    begin: Kept
    root: Path

    def points(self) -> list[Point]:
        self.laboratory.account.restore(self.begin)
        assert self.laboratory.run(self.root, "deploy").code == 0
        return list(self.laboratory.requests)

    def unfinished(self) -> set[str]:
        """Return what is not as it should be, the lock aside."""
        return set(self.laboratory.unconverged(self.root)) - {"the lock is still there"}


def struck(scene: Scene, *, fault: Fault, point: Point) -> list[str]:
    """Let a fault strike at a point, run the deployment again without it, and return what is wrong."""
    laboratory = scene.laboratory
    laboratory.account.restore(scene.begin)
    old = laboratory.account.current()
    outcome = laboratory.run_into(fault, point, scene.root, "deploy")
    if not outcome.came:
        return ["the request never came"]
    wrong = [*_wrong_words(outcome), *_wrong_outcome(scene, fault, outcome)]
    if laboratory.account.current() != old and scene.unfinished():
        wrong.append("a half tree was promoted")
    again = laboratory.run(scene.root, "deploy")
    wrong += [f"again: {each}" for each in laboratory.unconverged(scene.root)]
    if again.code:
        wrong.append(f"again: exit code {again.code}: {again.stderr}")
    if outcome.ended.code == 0 and set(laboratory.writes()) - {GIVING_BACK}:
        wrong.append(f"again: it writes {laboratory.writes()}")
    return wrong


def _wrong_words(outcome: Struck) -> Iterator[str]:
    ended = outcome.ended
    if FOREIGN_WORDS.search(ended.stderr):
        yield f"it says {ended.stderr}"
    if ended.code != 0 and not SAID.search(ended.stderr):
        yield f"it does not say what to do: {ended.stderr}"
    if ended.code not in (0, 1):
        yield f"exit code {ended.code}"
    if outcome.seconds > SECONDS:
        yield f"it took {outcome.seconds:.0f} s"


def _wrong_outcome(scene: Scene, fault: Fault, outcome: Struck) -> Iterator[str]:
    succeeded = outcome.ended.code == 0
    if succeeded:
        yield from scene.unfinished()
    if fault.passes and not succeeded:
        yield f"it did not come through: {outcome.ended.stderr}"
    if scene.laboratory.account.locked() and (True in outcome.given_back or not outcome.given_back):
        yield "the lock was not given back"


def struck_anywhere(scenes: list[Scene], of: str) -> dict[str, list[str]]:
    points = [each for each in scenes[0].points() if each.name.startswith(of)]
    pairs = [(point, fault) for point in points for fault in FAULTS if fault.hits(point.name)]
    chosen = pairs[::ONE_IN]
    assert {point for point, _ in chosen} == set(points)
    trials = {
        f"{fault.name} at {point}": partial(struck, fault=fault, point=point) for point, fault in chosen
    }
    return {name: list(wrong) for name, wrong in failures(scenes, trials).items()}


@pytest.fixture(scope="module")
def scenes(laboratories: tuple[Laboratory, ...]) -> list[Scene]:
    made = []
    for each in laboratories:
        each.account.restore(each.empty)
        assert each.run(each.project("old", before()), "deploy").code == 0
        made.append(Scene(each, each.account.keep(), each.project("new", after())))
    return made


def test_there_are_at_least_a_dozen_kinds_of_faults() -> None:
    assert len({each.name for each in FAULTS}) == len(FAULTS) >= 12


@pytest.mark.timeout(600 * 17 // ONE_IN)
@pytest.mark.parametrize("service", ["s3", "cloudformation", "airflow", "logs", "sts"])
def test_a_fault_at_any_request_is_survived_or_explained(scenes: list[Scene], service: str) -> None:
    assert struck_anywhere(scenes, f"{service} ") == {}
