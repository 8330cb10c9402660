"""Redshift SQL and what it gives, as flat files of pairs in cases/.

A case is a statement that ends in `;`, then its expectation in comments: one `-- =>` line per row (JSON), one
`-- labels:` or `-- types:` line, or `-- fails:` with part of the error. A statement without expectation must
succeed. The statements of a file run in order on one database.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from mwaactl.emulator.warehouse.database import Database
from mwaactl.emulator.warehouse.engine import run
from mwaactl.emulator.warehouse.faults import StatementFailed
from mwaactl.emulator.warehouse.namespaces import Namespace
from mwaactl.emulator.warehouse.sessions import Session

if TYPE_CHECKING:
    from mwaactl.emulator.warehouse.outcome import Outcome

CASES = Path(__file__).parent / "cases"


@dataclass(slots=True)
class Case:
    line: int
    sql: str = ""
    rows: list[Any] = field(default_factory=list)
    facts: dict[str, str] = field(default_factory=dict)


class NoLoads:
    """COPY, UNLOAD and external tables have tests of their own."""

    def client(self, session: Session, service: str, authorization: object, region: str) -> Any:
        raise NotImplementedError

    def copy(self, session: Session, sql: str) -> int:
        raise NotImplementedError

    def unload(self, session: Session, sql: str, context: object) -> int:
        raise NotImplementedError


def read_cases(path: Path) -> list[Case]:
    cases: list[Case] = []
    current = Case(1)
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if line.startswith("-- =>"):
            cases[-1].rows.append(json.loads(line.removeprefix("-- =>")))
        elif line.startswith(("-- labels:", "-- types:", "-- fails:", "-- count:")):
            name, _, value = line.removeprefix("-- ").partition(": ")
            cases[-1].facts[name] = value
        elif line.strip() and not line.startswith("--"):
            current.line = current.line if current.sql else number
            current.sql += line + "\n"
            if line.rstrip().endswith(";"):
                cases.append(current)
                current = Case(number)
    assert not current.sql, f"{path.name}: the last statement does not end in ;"
    return cases


def run_case(session: Session, case: Case) -> tuple[Outcome, list[Any]]:
    session.begin(writes=True)
    try:
        outcome = run(session, case.sql, {})
        fetched = session.cursor.fetchall() if outcome.columns is not None else []
        session.commit()
    except StatementFailed:
        session.rollback()
        raise
    columns = outcome.columns or ()
    rows = [[plain(c.field(v)) for c, v in zip(columns, row, strict=True)] for row in fetched]
    return outcome, rows


def plain(value: dict[str, Any]) -> Any:
    ((kind, content),) = value.items()
    return None if kind == "isNull" else content


def check(session: Session, case: Case) -> None:
    if "fails" in case.facts:
        with pytest.raises(StatementFailed) as caught:
            run_case(session, case)
        assert case.facts["fails"] in str(caught.value)
        return
    outcome, rows = run_case(session, case)
    columns = outcome.columns or ()
    if case.rows:
        assert rows == ([] if case.rows == ["nothing"] else case.rows)
    if "labels" in case.facts:
        assert ", ".join(column.label for column in columns) == case.facts["labels"]
    if "types" in case.facts:
        assert ", ".join(column.type.declared for column in columns) == case.facts["types"]
    if "count" in case.facts:
        assert outcome.count == int(case.facts["count"])


@pytest.mark.parametrize("path", sorted(CASES.glob("*.sql")), ids=lambda path: path.stem)
def test_sql_gives_what_redshift_gives(path: Path, tmp_path: Path) -> None:
    database = Database(tmp_path / "warehouse.duckdb", tmp_path / "staging")
    namespace = Namespace("n", "us-east-1", "arn", "id", "warehouse", "admin", datetime.now(UTC))
    session = Session(database, namespace, NoLoads())
    problems = []
    for case in read_cases(path):
        try:
            check(session, case)
        except (AssertionError, StatementFailed, pytest.fail.Exception) as error:
            problems.append(f"{path.name}:{case.line}: {case.sql.strip()}\n{error}")
    session.close()
    database.close()
    assert not problems, "\n\n".join(problems)
