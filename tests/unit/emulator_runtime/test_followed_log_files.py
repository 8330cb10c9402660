import logging
from pathlib import Path

import pytest

from mwaactl.emulator.runtime.log_shipping import FollowedFile, level_of


@pytest.mark.parametrize(
    ("line", "level"),
    [
        ("2026-11-23T08:37:26.955569Z [info     ] Starting", logging.INFO),
        ("2026-11-23T08:37:26.955569Z [warning  ] Hm", logging.WARNING),
        ("INFO:     127.0.0.1:1 - GET /", logging.INFO),
        ('{"timestamp":"2026","level":"error","event":"x"}', logging.ERROR),
        ("[2026-11-23T08:37:26.955+0000] {scheduler_job_runner.py:973} INFO - Starting", logging.INFO),
        ("[2026-11-23T08:37:26.955+0000] {manager.py:1} ERROR - DAG info: none", logging.ERROR),
        ("[2026-11-23 08:37:26 +0000] [4242] [INFO] Starting gunicorn 23.0.0", logging.INFO),
        ("Traceback (most recent call last):", None),
        ("the info is here", None),
    ],
)
def test_level_is_read_from_the_line(line: str, level: int | None) -> None:
    assert level_of(line) == level


def follow(path: Path, threshold: int) -> FollowedFile:
    return FollowedFile(path, "Scheduler", "scheduler_host_1.log", threshold)


def test_lines_below_the_threshold_and_their_continuations_are_left_out(tmp_path: Path) -> None:
    log = tmp_path / "scheduler.log"
    log.write_text("t [info ] a\n  more a\nt [error ] b\n  more b\n")
    assert follow(log, logging.WARNING).read()[0] == ["t [error ] b", "  more b"]


def test_half_a_line_waits_for_its_end(tmp_path: Path) -> None:
    log = tmp_path / "scheduler.log"
    log.write_text("t [info ] a\nt [in")
    file = follow(log, logging.INFO)
    lines, offset = file.read()
    assert lines == ["t [info ] a"]
    file.advance(offset)
    log.write_text("t [info ] a\nt [info ] b\n")
    assert file.read()[0] == ["t [info ] b"]


def test_file_that_does_not_exist_yet_has_no_lines(tmp_path: Path) -> None:
    assert follow(tmp_path / "missing.log", logging.INFO).read() == ([], 0)
