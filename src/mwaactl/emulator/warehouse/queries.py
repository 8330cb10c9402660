"""Queries: what they read, their text for DuckDB, and their result."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from mwaactl.emulator.warehouse.columns import read_columns
from mwaactl.emulator.warehouse.late_views import with_late_views
from mwaactl.emulator.warehouse.outcome import Outcome
from mwaactl.emulator.warehouse.result_columns import ResultColumn, result_columns
from mwaactl.emulator.warehouse.spectrum.external_relations import with_external_tables
from mwaactl.emulator.warehouse.sql.arithmetic import settle_types
from mwaactl.emulator.warehouse.sql.pivots import without_pivots
from mwaactl.emulator.warehouse.sql.text_types import query_types
from mwaactl.emulator.warehouse.sql.translate import Context, to_duckdb, translate

if TYPE_CHECKING:
    from mwaactl.emulator.warehouse.sessions import Session
    from mwaactl.emulator.warehouse.types import RedshiftType


def select(session: Session, tree: exp.Query, context: Context) -> Outcome:
    """Run a query; its rows wait in the session's cursor."""
    text = query_text(session, tree, context)
    described = session.cursor.execute(f"DESCRIBE {text}").fetchall()
    columns = result_columns(tree, described, text_types(session, tree))
    session.cursor.execute(_fetchable(text, columns))
    return Outcome(columns)


def _fetchable(text: str, columns: tuple[ResultColumn, ...]) -> str:
    """Have DuckDB write timestamps with time zones: its Python client would need another package to."""
    if not any(column.type.name == "timestamptz" for column in columns):
        return text
    items = [
        f"CAST(#{n} AS VARCHAR)" if c.type.name == "timestamptz" else f"#{n}"
        for n, c in enumerate(columns, 1)
    ]
    return f"SELECT {', '.join(items)} FROM ({text})"  # noqa: S608


def with_sources(session: Session, tree: exp.Expr, context: Context) -> exp.Expr:
    """Return a statement that reads what late binding views and external tables stand for."""
    tree = with_external_tables(
        session, with_late_views(session.cursor, tree), lambda query: query_text(session, query, context)
    )
    return with_pivots_written_out(session, tree, context)


def with_pivots_written_out(session: Session, tree: exp.Expr, context: Context) -> exp.Expr:
    """Return a statement whose PIVOT and UNPIVOT are queries."""

    def names(query: exp.Expr) -> list[str]:
        return [name for name, _ in session.describe(query_text(session, query, context))]

    return without_pivots(tree.copy(), names) if tree.find(exp.Pivot) else tree


def query_text(session: Session, tree: exp.Expr, context: Context) -> str:
    """Return DuckDB's text of a query or change."""
    return to_duckdb(settle_types(translate(tree, context), session.describe))


def text_types(session: Session, tree: exp.Expr) -> list[RedshiftType | None]:
    """Return the declared types of a query's text columns."""

    def lookup(schema: str, table: str) -> dict[str, RedshiftType | None]:
        columns = read_columns(session.cursor, schema, table)
        return {column.name: column.type if column.type.length else None for column in columns}

    return list(query_types(tree, lookup).values())
