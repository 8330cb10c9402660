"""Findings as people read them."""

from __future__ import annotations

from mwaactl.project.checks.finding import Finding
from mwaactl.report.findings import MOST_WARNINGS, findings_text


def test_a_rule_that_warns_too_often_leaves_room_for_the_others() -> None:
    often = [
        Finding("often", "warning", f"dags/{each:03}.sql", 1, "adds rows", "delete") for each in range(99)
    ]
    errors = [Finding("broken", "error", f"dags/{each:03}.py", 1, "is broken") for each in range(99)]
    rare = Finding("rare", "warning", "dags/z.py", 3, "is odd")

    lines = findings_text([*often, *errors, rare]).splitlines()

    assert sum("[often]" in each for each in lines) == MOST_WARNINGS + 1
    assert sum("hint: delete" in each for each in lines) == MOST_WARNINGS
    assert sum("[broken]" in each for each in lines) == 99
    assert lines[-2:] == [
        "dags/z.py:3: warning: is odd [rare]",
        "and 49 more warnings [often]: `mwaactl check --json` lists them all",
    ]


def test_all_are_shown_where_they_are_few() -> None:
    few = [Finding("often", "warning", f"{each}.sql", 1, "adds rows") for each in range(MOST_WARNINGS)]

    assert len(findings_text(few).splitlines()) == MOST_WARNINGS
