"""A plan that deletes many DAGs says so; DAG files that move are not deleted."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from mwaactl.desired import DesiredObject
from mwaactl.planner.actions import Refusal
from mwaactl.planner.consent import needed_consent
from tests.fakes.desired_states import dag, deployed, desired, sha

if TYPE_CHECKING:
    from mwaactl.observed import ObservedState

DAGS = tuple(dag(f"{name}.py", name) for name in "abcde")


def holding(*dags: DesiredObject) -> ObservedState:
    """Return what is observed after a deployment of DAG files."""
    state = deployed(desired(*dags))
    assert state.current is not None
    holds = {each.key: each.holds for each in dags}
    files = tuple(replace(each, defines_dag=True, holds=holds[each.key]) for each in state.current.files)
    return replace(state, current=replace(state.current, files=files))


def archive(name: str, *inner: str) -> DesiredObject:
    """Return an archive of DAG files; `new.py=a.py` has the content that `a.py` has elsewhere."""
    pairs = [(new, old or new) for new, _, old in (each.partition("=") for each in inner)]
    holds = {f"dags/{name}/{new}": sha(old.removesuffix(".py")) for new, old in pairs}
    return DesiredObject(f"dags/{name}", sha(str(inner)), 9, 2, defines_dag=True, holds=holds)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (DAGS, tuple(dag(f"team/{name}.py", name) for name in "abcde")),
        (DAGS, (*DAGS[2:], dag("team/a.py", "a"), dag("team/renamed.py", "b"))),
        ((archive("x.zip", "a.py", "b.py"),), (archive("team/x.zip", "a.py", "b.py"),)),
        ((archive("x.zip", "a.py", "b.py"),), (archive("x.zip", "new.py=a.py", "b.py"),)),
        ((archive("x.zip", "a.py", "b.py"),), (dag("team/a.py", "a"), dag("b.py", "b"))),
        ((dag("team/a.py", "a"), dag("b.py", "b")), (archive("x.zip", "a.py", "b.py"),)),
        (DAGS, DAGS[1:]),
    ],
)
def test_dag_files_that_move_are_not_deleted(
    before: tuple[DesiredObject, ...], after: tuple[DesiredObject, ...]
) -> None:
    assert list(needed_consent(desired(*after), holding(*before))) == []


@pytest.mark.parametrize(
    "after",
    [
        DAGS[2:],
        (*DAGS[2:], dag("team/a.py", "other"), dag("team/b.py", "another")),
        (*DAGS[3:], dag("team/a.py", "a")),
    ],
)
def test_dag_files_that_come_nowhere_again_are_deleted(after: tuple[DesiredObject, ...]) -> None:
    refusal = Refusal("the release deletes 2 of 5 DAG files", "--allow-deletes")

    assert list(needed_consent(desired(*after), holding(*DAGS))) == [refusal]


def test_a_new_file_is_where_one_file_went_and_not_many() -> None:
    alike = tuple(dag(f"{name}/pipelines.py", "load") for name in "abcde")
    refusal = Refusal("the release deletes 4 of 5 DAG files", "--allow-deletes")

    assert list(needed_consent(desired(dag("f/pipelines.py", "load")), holding(*alike))) == [refusal]
