"""A table's columns come back as they were declared, and only what DuckDB cannot hold costs a comment."""

from dataclasses import replace

import duckdb
import pytest

from mwaactl.emulator.warehouse.columns import Column, TableName, create_statements, read_columns
from mwaactl.emulator.warehouse.sql.system_tables import setup_sql
from mwaactl.emulator.warehouse.types import is_told_by_duckdb, parse_declared

TOLD = (
    "smallint", "integer", "bigint", "real", "double precision", "boolean", "date", "time without time zone",
    "timestamp without time zone", "timestamp with time zone", "super", "binary varying(64000)",
    "numeric(18,0)", "numeric(38,37)", "character varying(65535)",
)  # fmt: skip
NOT_TOLD = ("character varying(256)", "character(1)")
TABLE = TableName("public", "t")


@pytest.fixture
def cursor() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute("CREATE SCHEMA rs_catalog; CREATE SCHEMA public")
    connection.execute(setup_sql())
    return connection


def columns_of(types: tuple[str, ...]) -> list[Column]:
    return [Column(f"c{number}", parse_declared(declared)) for number, declared in enumerate(types)]


@pytest.mark.parametrize(("types", "comments"), [(TOLD, 0), (NOT_TOLD, len(NOT_TOLD))])
def test_types_come_back(cursor: duckdb.DuckDBPyConnection, types: tuple[str, ...], comments: int) -> None:
    columns = columns_of(types)
    statements = create_statements(TABLE, columns)
    for statement in statements:
        cursor.execute(statement)
    assert len(statements) == 1 + comments
    assert read_columns(cursor, "public", "t") == columns
    assert [column.type.declared for column in columns] == list(types)


def test_what_is_declared_beside_the_type_comes_back(cursor: duckdb.DuckDBPyConnection) -> None:
    plain = Column("a", parse_declared("integer"), nullable=False)
    columns = [
        plain,
        replace(plain, name="b", encoding="az64"),
        replace(plain, name="c", distkey=True),
        replace(plain, name="d", sortkey=-1),
        replace(plain, name="e", primary=True),
    ]
    statements = create_statements(TABLE, columns)
    for statement in statements:
        cursor.execute(statement)
    assert len(statements) == len(columns)
    assert read_columns(cursor, "public", "t") == columns


def test_a_length_is_never_told_by_duckdb() -> None:
    assert not any(is_told_by_duckdb(parse_declared(declared)) for declared in NOT_TOLD)
