"""A deployer that stands still while another takes its lock over: when it wakes up, it must do no harm."""

from __future__ import annotations

import signal
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import pytest

from tests.fakes.deployers.laboratory import DAG, GONE, WRITES, Laboratory, Point, before
from tests.fakes.deployers.trials import failures

if TYPE_CHECKING:
    from pathlib import Path

    from tests.fakes.wire.account import Kept

DEPLOY = ("deploy", "--timeout", "1")
TAKING = "s3 PutObject releases/lock.json"
LOST = ("was lost: another deployment may have taken it over", "while this one was being planned")


def zombie() -> dict[str, str]:
    """Return a project that is written file by file: a write that is on its way cannot be called back."""
    files = before() | {
        "dags/lib/tables.py": "TABLES = ('flights', 'planes')\n",
        "dags/lib/added.py": "from lib.tables import TABLES\n",
        "dags/report_added.py": DAG.format(module="added", name="report_added"),
        "requirements/requirements.txt": "cowsay==6.1\n",
    }
    return {path: content for path, content in files.items() if path not in GONE}


def theirs() -> dict[str, str]:
    """Return the project of whoever comes after it."""
    return before() | {
        "dags/lib/theirs.py": "TABLES = ()\n",
        "dags/report_2.py": DAG.format(module="theirs", name="report_2"),
    }


@dataclass(frozen=True, slots=True)
class Scene:
    """A state, the project of the zombie, and the one of whoever comes after it."""

    laboratory: Laboratory
    begin: Kept
    zombie: Path
    other: Path
    clock: Path

    def points(self) -> list[Point]:
        """Return the requests of a deployment from taking the lock until its promotion."""
        self.laboratory.account.restore(self.begin)
        assert self.laboratory.run(self.zombie, *DEPLOY).code == 0
        names = [each.name for each in self.laboratory.requests]
        first, last = names.index(TAKING), names.index("s3 PutObject releases/current.json")
        return self.laboratory.requests[first:last]


def stopped(scene: Scene, *, point: Point, noticed: bool) -> list[str]:
    """Stop a deployer after a request, let another one deploy, and wake it up.

    Args:
        scene: Where.
        point: The last request before it stands still.
        noticed: Whether its own clock tells it how long that was; else its next request counts as having been
            on its way all the time.
    """
    laboratory, account = scene.laboratory, scene.laboratory.account
    account.restore(scene.begin)
    scene.clock.write_text("0", encoding="ascii")
    zombie = laboratory.stopped_at(point, scene.zombie, *DEPLOY, elapsed_file=str(scene.clock))
    if account.locked():
        account.let_lease_run_out()
    other = laboratory.run(scene.other, "deploy")
    wrong = [f"the other one exits with {other.code}: {other.stderr}"] if other.code else []
    wrong += laboratory.unconverged(scene.other)
    current, tree = account.current(), account.tree()
    scene.clock.write_text("1000" if noticed else "0", encoding="ascii")
    zombie.signal(signal.SIGCONT)
    ended = zombie.wait()
    if ended.code != 1:
        wrong.append(f"it exits with {ended.code}")
    if account.current() != current:
        wrong.append("it promoted")
    if noticed and not any(each in ended.stderr for each in LOST):
        wrong.append(f"it says {ended.stderr}")
    if noticed and account.tree() != tree:
        wrong.append("it wrote")
    return wrong + mended(scene)


def mended(scene: Scene) -> list[str]:
    """Deploy the other project again, and return what is not as it should be."""
    again = scene.laboratory.run(scene.other, "deploy")
    wrong = [f"again: exit code {again.code}: {again.stderr}"] if again.code else []
    return wrong + [f"again: {each}" for each in scene.laboratory.unconverged(scene.other)]


@pytest.fixture(scope="module")
def scenes(laboratories: tuple[Laboratory, ...]) -> list[Scene]:
    made = []
    for each in laboratories:
        each.account.restore(each.empty)
        assert each.run(each.project("old", before()), "deploy").code == 0
        sleeper, other = each.project("zombie", zombie()), each.project("theirs", theirs())
        made.append(Scene(each, each.account.keep(), sleeper, other, each.folder / "elapsed"))
    return made


def test_a_deployer_that_stood_still_and_knows_it_writes_nothing_more(scenes: list[Scene]) -> None:
    trials = {f"{each}": partial(stopped, point=each, noticed=True) for each in scenes[0].points()}

    assert len(trials) > 20
    assert failures(scenes, trials) == {}


def test_a_deployer_that_does_not_know_it_promotes_nothing_and_the_next_one_mends_what_it_wrote(
    scenes: list[Scene],
) -> None:
    points = [each for each in scenes[0].points() if any(word in each.name for word in WRITES)]
    trials = {f"{each}": partial(stopped, point=each, noticed=False) for each in points}

    assert len(trials) > 8
    assert failures(scenes, trials) == {}
