"""Airflow parses whenever it likes, also between two answers to one look at it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from mwaactl.airflow_api.values import Dag, ParseFailure
from mwaactl.errors import ApplyError
from mwaactl.executor.parsing import ParsingWatch
from mwaactl.planner.actions import AwaitParsed

WRITTEN = datetime(2026, 11, 28, 10, tzinfo=UTC)
LATER = WRITTEN + timedelta(minutes=2)
ARCHIVE = "dags/flights.zip"
BROKEN = ParseFailure("flights.zip/broken.py", "ImportError: no lib", LATER)


@dataclass(slots=True)
class ParsesInBetween:
    """An Airflow that parses an archive, one file of which fails, after the first answer."""

    answers: int = 0

    def dags(self) -> tuple[Dag, ...]:
        parsed_at = LATER if self._has_parsed() else WRITTEN
        return (Dag("good", "flights.zip/good.py", is_paused=False, parsed_at=parsed_at),)

    def import_errors(self) -> tuple[ParseFailure, ...]:
        return (BROKEN,) if self._has_parsed() else ()

    def _has_parsed(self) -> bool:
        self.answers += 1
        return self.answers > 1


def test_an_archive_is_not_parsed_while_one_of_its_files_fails() -> None:
    airflow: Any = ParsesInBetween()
    wanted = AwaitParsed((), ("dags/flights.zip/good.py",), (ARCHIVE,), "")
    watch = ParsingWatch(airflow, wanted, lambda _: b"", WRITTEN, WRITTEN)

    with pytest.raises(ApplyError, match=r"broken\.py"):
        assert watch.pending()
