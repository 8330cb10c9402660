from io import StringIO

import pytest

from mwaactl.cli.console import Console
from mwaactl.cli.progress import shown_progress
from mwaactl.executor.events import Detail, Finished
from mwaactl.planner.actions import DeleteObject, PutObject


def put(number: int) -> Finished:
    return Finished(PutObject(f"dags/{number}.py", "0" * 64, 1000, 1, "new"), 0.1)


def delete(number: int) -> Finished:
    return Finished(DeleteObject(f"dags/{number}.py", "not in this release", "e"), 0.1)


def test_few_objects_are_named() -> None:
    assert _shown(put(1), delete(2)) == ["upload dags/1.py", "delete dags/2.py"]


def test_many_objects_are_counted() -> None:
    events = [*map(put, range(4)), *map(delete, range(4, 6))]

    assert _shown(*events, Detail("waiting")) == [
        "upload 4 objects, 4,000 bytes",
        "delete 2 objects",
        "  waiting",
    ]


def test_what_was_written_before_a_failure_is_told() -> None:
    stderr = StringIO()

    def fail() -> None:
        with shown_progress(Console({}, stdout=StringIO(), stderr=stderr)) as listener:
            listener(put(1))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert stderr.getvalue() == "upload dags/1.py\n"


def _shown(*events: Finished | Detail) -> list[str]:
    stderr = StringIO()
    with shown_progress(Console({}, stdout=StringIO(), stderr=stderr)) as listener:
        for event in events:
            listener(event)
    return stderr.getvalue().splitlines()
