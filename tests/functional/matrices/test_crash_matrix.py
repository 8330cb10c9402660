"""SIGKILL before and after every request of a deployment: running it again brings it to its end, always.

A deployment is killed before and after every request that writes, and after every other: before the next one
the account is as it was then. A very first deployment and a rollback are killed after those that write only.
`make test-all` kills each before and after every request.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import pytest

from tests.fakes.deployers.laboratory import GIVING_BACK, WRITES, Laboratory, Point, after, before
from tests.fakes.deployers.trials import failures

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.fakes.wire.account import Kept

WHOLE = bool(os.environ.get("MWAACTL_WHOLE"))


@dataclass(frozen=True, slots=True)
class Scene:
    """A state, and a command that leads from it to what a project holds."""

    laboratory: Laboratory
    begin: Kept
    root: Path
    command: tuple[str, ...]
    target: Path

    def points(self) -> list[Point]:
        self.laboratory.account.restore(self.begin)
        ended = self.laboratory.run(self.root, *self.command)
        assert ended.code == 0, ended.stderr
        assert self.laboratory.unconverged(self.target) == []
        return list(self.laboratory.requests)


def killed(scene: Scene, *, point: Point, late: bool, thrice: bool) -> list[str]:
    """Kill the command at a point, run it again, and return what is wrong then.

    Args:
        scene: Where.
        point: The request.
        late: Whether it has been carried out when the command is killed.
        thrice: Whether the command is run once more: there is nothing left for it to write.
    """
    laboratory = scene.laboratory
    laboratory.account.restore(scene.begin)
    if not laboratory.killed_at(point, scene.root, *scene.command, late=late):
        return ["the request never came"]
    second = laboratory.run(scene.root, *scene.command)
    wrong = [f"exit code {second.code}: {second.stderr}"] if second.code else []
    wrong += laboratory.unconverged(scene.target)
    if not thrice:
        return wrong
    third = laboratory.run(scene.root, *scene.command)
    if third.code or laboratory.writes():
        wrong.append(f"the third run exits with {third.code} and writes {laboratory.writes()}")
    return wrong


def killed_anywhere(scenes: list[Scene], *, at_reads: bool = False) -> dict[str, list[str]]:
    points = scenes[0].points()
    assert f"{points[-1]}" == f"{GIVING_BACK} #1"
    writes = [each for each in points if any(word in each.name for word in WRITES)]
    assert len(writes) > 8
    kills = list(_kills(points, writes, at_reads=at_reads))
    trials = {
        f"{'after' if late else 'before'} {point}": partial(killed, point=point, late=late, thrice=thrice)
        for point, late, thrice in kills
    }
    assert len(trials) == len(kills)
    return {name: list(wrong) for name, wrong in failures(scenes, trials).items()}


def _kills(points: list[Point], writes: list[Point], *, at_reads: bool) -> Iterator[tuple[Point, bool, bool]]:
    """Yield where, whether late, and whether to run the command a third time."""
    if not at_reads and not WHOLE:
        yield from ((point, True, True) for point in writes)
        return
    for point in points:
        if WHOLE or point in writes:
            yield point, False, True
        yield point, True, False


@pytest.fixture(scope="module")
def deployed(laboratories: tuple[Laboratory, ...]) -> tuple[Laboratory, ...]:
    """Laboratories in which a project was deployed, and then a later version of it."""
    for each in laboratories:
        each.account.restore(each.empty)
        assert each.run(each.project("old", before()), "deploy").code == 0
    return laboratories


def test_a_deployment_killed_at_any_request_converges_when_it_is_run_again(
    deployed: tuple[Laboratory, ...],
) -> None:
    scenes = []
    for each in deployed:
        new = each.project("new", after())
        scenes.append(Scene(each, each.account.keep(), new, ("deploy",), new))

    assert killed_anywhere(scenes, at_reads=True) == {}


def test_the_very_first_deployment_killed_at_any_write_converges_when_it_is_run_again(
    laboratories: tuple[Laboratory, ...],
) -> None:
    scenes = []
    for each in laboratories:
        root = each.project("first", before())
        scenes.append(Scene(each, each.empty, root, ("deploy",), root))

    assert killed_anywhere(scenes) == {}


def test_a_rollback_killed_at_any_write_converges_when_it_is_run_again(
    deployed: tuple[Laboratory, ...],
) -> None:
    scenes = []
    for each in deployed:
        each.account.restore(each.empty)
        old, new = each.project("old", before()), each.project("new", after())
        assert each.run(old, "deploy").code == 0
        release = (each.account.current() or {})["id"]
        assert each.run(new, "deploy").code == 0
        scenes.append(Scene(each, each.account.keep(), new, ("rollback", release), old))

    assert killed_anywhere(scenes) == {}
