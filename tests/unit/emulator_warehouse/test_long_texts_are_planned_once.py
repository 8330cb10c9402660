"""A macro's text names its argument many times: nested ones would plan a long argument as many times over."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from mwaactl.emulator.warehouse.columns import Column
from mwaactl.emulator.warehouse.database import Database
from mwaactl.emulator.warehouse.sql.assignments import fitted
from mwaactl.emulator.warehouse.sql.translate import Context, parse, to_duckdb, translate
from mwaactl.emulator.warehouse.types import parse_declared

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from duckdb import DuckDBPyConnection

SHORT = Column("short", parse_declared("character varying(5)"))


@pytest.fixture
def cursor(tmp_path: Path) -> Iterator[DuckDBPyConnection]:
    database = Database(tmp_path / "warehouse.duckdb", tmp_path / "staging")
    cursor = database.cursor()
    cursor.execute("CREATE TABLE long (a VARCHAR)")
    cursor.execute("CREATE TABLE kept (short VARCHAR)")
    yield cursor
    cursor.close()
    database.close()


@pytest.mark.parametrize(
    "sql",
    ["SELECT CAST(a || 'marker' AS VARCHAR(5)) FROM long", "SELECT CAST(a || 'marker' AS CHAR(5)) FROM long"],
)
def test_a_cast_of_what_is_put_together_names_it_once(cursor: DuckDBPyConnection, sql: str) -> None:
    tree = translate(parse(sql), Context("dev"))
    assert planned(cursor, to_duckdb(tree)).count("marker") == 1


def test_what_is_put_together_is_cut_as_before(cursor: DuckDBPyConnection) -> None:
    cursor.execute("INSERT INTO long VALUES ('äb'), (NULL), ('')")
    tree = translate(parse("SELECT CAST(a || 'cdef' AS VARCHAR(5)) FROM long"), Context("dev"))
    assert cursor.execute(to_duckdb(tree)).fetchall() == [("äbcd",), (None,), ("cdef",)]


def test_text_that_is_inserted_is_made_text_no_second_time(cursor: DuckDBPyConnection) -> None:
    def described(query: str) -> list[tuple[str, str]]:
        return [(row[0], row[1]) for row in cursor.execute(f"DESCRIBE {query}").fetchall()]

    texts, numbers = (
        to_duckdb(fitted(translate(parse(sql), Context("dev")), [SHORT], described))
        for sql in ("INSERT INTO kept SELECT a FROM long", "INSERT INTO kept SELECT LENGTH(a) FROM long")
    )
    assert ("RS_VARCHAR" in texts, "RS_VARCHAR" in numbers) == (False, True)
    assert "RS_FITTED" in texts


def planned(cursor: DuckDBPyConnection, sql: str) -> str:
    """Return the plan of a statement before anything of it is shared or left out."""
    cursor.execute("SET explain_output = 'all'")
    plans = dict(cursor.execute(f"EXPLAIN (FORMAT json) {sql}").fetchall())
    return str(plans["logical_plan"])
