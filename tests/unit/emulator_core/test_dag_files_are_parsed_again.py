"""DAG files are touched once what they use has changed, and left alone otherwise."""

import os
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from mwaactl.emulator.runtime.reparsing import Reparsing

LONG_AGO = 1_000_000_000
PAUSE = 6.0
FILES = {
    "flights.py": "from airflow.sdk import DAG\nfrom shared.names import NAME\n",
    "hello.py": "from airflow.sdk import asset\n",
    "shared/__init__.py": "",
    "shared/names.py": "NAME = 'x'\n",
    "query.sql": "SELECT 1\n",
    "packed.zip": "not looked into",
}
DEFINING = {"flights.py", "hello.py", "packed.zip"}


@dataclass
class Dags:
    """A DAGs folder whose files are old, and a clock that is set by hand."""

    folder: Path
    seconds: float = 0.0
    reparsing: Reparsing = field(init=False)

    def __post_init__(self) -> None:
        for name, text in FILES.items():
            path = self.folder / name
            path.parent.mkdir(exist_ok=True)
            path.write_text(text)
            os.utime(path, (LONG_AGO, LONG_AGO))
        self.reparsing = Reparsing(self.folder, lambda: self.seconds)

    def touched_after(self, seconds: float) -> set[str]:
        self.seconds += seconds
        self.reparsing.touch(PAUSE)
        return {name for name in FILES if self._is_new(self.folder / name)}

    def _is_new(self, path: Path) -> bool:
        return path.exists() and path.stat().st_mtime > LONG_AGO


@pytest.fixture
def dags(tmp_path: Path) -> Dags:
    return Dags(tmp_path)


@pytest.mark.parametrize("changed", ["shared/names.py", "shared/__init__.py", "query.sql"])
def test_dag_files_are_touched_a_while_after_what_they_may_use_has_changed(dags: Dags, changed: str) -> None:
    dags.reparsing.note([changed], [])

    assert dags.touched_after(PAUSE - 1) == set()
    assert dags.touched_after(1) == DEFINING


def test_a_file_that_is_gone_may_have_been_used(dags: Dags) -> None:
    (dags.folder / "hello.py").unlink()
    dags.reparsing.note([], ["hello.py"])

    assert dags.touched_after(PAUSE) == DEFINING - {"hello.py"}


@pytest.mark.parametrize("changed", ["hello.py", "packed.zip"])
def test_a_file_that_no_other_names_concerns_no_other(dags: Dags, changed: str) -> None:
    dags.reparsing.note([changed], [])

    assert dags.touched_after(PAUSE) == set()


def test_the_last_of_several_changes_counts(dags: Dags) -> None:
    dags.reparsing.note(["query.sql"], [])
    dags.seconds += PAUSE - 1
    dags.reparsing.note(["shared/names.py"], [])

    assert dags.touched_after(PAUSE - 1) == set()
    assert dags.touched_after(1) == DEFINING


def test_files_are_touched_once(dags: Dags) -> None:
    dags.reparsing.note(["query.sql"], [])
    dags.touched_after(PAUSE)
    for name in FILES:
        os.utime(dags.folder / name, (LONG_AGO, LONG_AGO))

    assert dags.touched_after(PAUSE) == set()
