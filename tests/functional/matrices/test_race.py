"""Several deployers at once: one promotes, the others say who was quicker, and the tree is the promoter's."""

from __future__ import annotations

import re
import signal
from typing import TYPE_CHECKING

import pytest

from tests.fakes.deployers.laboratory import after, before
from tests.fakes.deployers.rounds import LOOKING, projects_of, race

if TYPE_CHECKING:
    from pathlib import Path

    from tests.fakes.deployers.laboratory import Laboratory

LOST = re.compile(
    r"error: (another deployment is under way: release \S+ by arn:\S+ on \S+ since [\d-]+ [\d:]+ UTC"
    r"|release \S+ was deployed while this one was being planned)\n\nhint: [^\n]+\n$"
)
TABLES = "s3 PutObject dags/lib/tables.py"
DELETING = "s3 DeleteObject dags/report_0.py"
MINE = {"dags/lib/mine.py": "TABLES = ()\n"}


@pytest.fixture
def old(laboratory: Laboratory) -> Path:
    laboratory.account.restore(laboratory.empty)
    root = laboratory.project("old", before())
    assert laboratory.run(root, "deploy").code == 0
    return root


@pytest.fixture
def new(laboratory: Laboratory) -> Path:
    return laboratory.project("new", after())


@pytest.mark.usefixtures("old")
@pytest.mark.parametrize(("deployers", "rounds"), [(2, 4), (8, 2), (40, 1)])
def test_one_of_several_deployers_promotes_and_the_tree_is_its_own(
    laboratory: Laboratory, deployers: int, rounds: int
) -> None:
    begin, roots = laboratory.account.keep(), projects_of(laboratory, deployers)
    for _ in range(rounds):
        laboratory.account.restore(begin)

        ended = race(laboratory, roots)

        winners = [root for root, each in zip(roots, ended, strict=True) if each.code == 0]
        assert len(winners) == 1
        assert laboratory.unconverged(winners[0]) == []
        assert len(laboratory.account.promoted) == 1
        losers = [each for each in ended if each.code != 0]
        assert [each.code for each in losers] == [1] * (deployers - 1)
        assert [each.stderr for each in losers if not LOST.search(each.stderr)] == []


def test_one_of_several_first_deployers_promotes(laboratory: Laboratory) -> None:
    laboratory.account.restore(laboratory.empty)
    roots = projects_of(laboratory, 4)

    ended = race(laboratory, roots)

    winners = [root for root, each in zip(roots, ended, strict=True) if each.code == 0]
    assert len(winners) == 1
    assert laboratory.unconverged(winners[0]) == []


def test_of_two_deployers_that_find_an_expired_lease_one_takes_it_over(
    laboratory: Laboratory, old: Path, new: Path
) -> None:
    hold = laboratory.hold("zombie", TABLES)
    zombie = laboratory.start(new, "deploy", name="zombie")
    hold.wait()
    zombie.signal(signal.SIGSTOP)
    laboratory.account.let_lease_run_out()
    roots = projects_of(laboratory, 2)

    ended = race(laboratory, roots)

    winners = [root for root, each in zip(roots, ended, strict=True) if each.code == 0]
    assert (len(winners), old in winners) == (1, False)
    assert laboratory.unconverged(winners[0]) == []
    zombie.kill()
    hold.let_go()


@pytest.mark.parametrize("hours", [-1, 1])
def test_a_deployer_whose_clock_is_wrong_deploys_and_keeps_others_out_all_the_same(
    laboratory: Laboratory, old: Path, new: Path, hours: int
) -> None:
    first = (laboratory.account.current() or {})["id"]
    hold = laboratory.hold("wrong", TABLES)
    deployer = laboratory.start(new, "deploy", name="wrong", clock_error=hours * 3600.0)
    hold.wait()
    refused = laboratory.run(laboratory.project("mine", before() | MINE), "deploy")
    hold.let_go()
    ended = deployer.wait()

    assert refused.code == 1
    assert "another deployment is under way" in refused.stderr
    assert (ended.code, laboratory.unconverged(new)) == (0, [])
    assert (laboratory.account.current() or {})["id"] > first
    back = laboratory.run(old, "deploy")
    assert (back.code, laboratory.unconverged(old)) == (0, [])


def test_a_terminated_deployer_gives_the_lock_back_and_says_that_it_was_interrupted(
    laboratory: Laboratory, old: Path, new: Path
) -> None:
    hold = laboratory.hold("ended", "airflow InvokeRestApi GET /dags")
    deployer = laboratory.start(new, "deploy", name="ended")
    hold.wait()
    deployer.signal(signal.SIGTERM)
    ended = deployer.wait()
    hold.let_go()

    assert ended.code == 130
    assert ended.stderr.endswith("\ninterrupted\n")
    assert not laboratory.account.locked()
    assert laboratory.run(old, "deploy").code == 0
    assert laboratory.unconverged(old) == []


def test_what_a_deployer_writes_between_being_seen_and_dying_is_never_promoted_by_another(
    laboratory: Laboratory, old: Path, new: Path
) -> None:
    mine = laboratory.project("mine", before() | MINE)
    writing, dying = laboratory.hold("dying", TABLES), laboratory.hold("dying", DELETING)
    looking = laboratory.hold("other", LOOKING)
    first = laboratory.start(new, "deploy", name="dying")
    writing.wait()
    other = laboratory.start(mine, "deploy", name="other")
    looking.wait()
    writing.let_go()
    dying.wait()
    first.kill()
    dying.let_go()
    looking.let_go()
    ended = other.wait()

    assert ended.code == 1
    assert "wrote objects while this one was being planned" in ended.stderr
    assert (laboratory.account.current() or {})["state"] == "released"
    again = laboratory.run(mine, "deploy")
    assert (again.code, laboratory.unconverged(mine)) == (0, [])
    assert (laboratory.run(old, "deploy").code, laboratory.unconverged(old)) == (0, [])
