"""INSERT, UPDATE, DELETE and MERGE: what Redshift refuses, and values cut to their columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from mwaactl.emulator.warehouse.columns import ALWAYS, Column, TableName, read_columns
from mwaactl.emulator.warehouse.faults import StatementFailed
from mwaactl.emulator.warehouse.materialized_views import refuse_change
from mwaactl.emulator.warehouse.merges import check_merge
from mwaactl.emulator.warehouse.outcome import Outcome
from mwaactl.emulator.warehouse.sql.arithmetic import settle_types
from mwaactl.emulator.warehouse.sql.assignments import fitted
from mwaactl.emulator.warehouse.sql.table_names import target_of
from mwaactl.emulator.warehouse.sql.translate import Context, to_duckdb, translate

if TYPE_CHECKING:
    from collections.abc import Callable

    from mwaactl.emulator.warehouse.sessions import Session


def change_data(
    session: Session, tree: exp.Expr, context: Context, nested: Callable[[str], int], *, checked: bool
) -> Outcome:
    """Run INSERT, UPDATE, DELETE or MERGE, unless Redshift would refuse it.

    Args:
        session: Where it runs.
        tree: The statement.
        context: Of the statement.
        nested: Runs a statement that this one is made of.
        checked: Whether its target may be changed for certain.

    Raises:
        StatementFailed: If Redshift refuses it.
    """
    if isinstance(tree, exp.Delete):
        tree = _from_written(tree)
    target = target_of(tree)
    columns: list[Column] = []
    if not isinstance(tree, exp.Delete):
        columns = read_columns(session.cursor, target.db.lower(), target.name.lower())
    if isinstance(tree, exp.Insert):
        _check_identity(columns, tree)
    if isinstance(tree, exp.Merge):
        check_merge(tree, nested)
    if not checked:
        refuse_change(session.cursor, TableName(target.db.lower(), target.name.lower()))
    return _change(session, tree, context, columns)


def _change(session: Session, tree: exp.Expr, context: Context, columns: list[Column]) -> Outcome:
    translated = translate(tree, context)
    if isinstance(tree, exp.Insert | exp.Update | exp.Merge):
        fitted(translated, columns, session.describe)
    session.cursor.execute(to_duckdb(settle_types(translated, session.describe)))
    row = session.cursor.fetchone()
    return Outcome(count=int(row[0]) if row else 0)


def _from_written(tree: exp.Delete) -> exp.Delete:
    """`DELETE t` is `DELETE FROM t` in Redshift."""
    tables = tree.args.get("tables")
    if not tree.this and tables:
        tree = tree.copy()
        tree.set("this", tree.args["tables"][0])
        tree.set("tables", None)
    return tree


def _check_identity(columns: list[Column], tree: exp.Insert) -> None:
    target = tree.this
    always = {column.name for column in columns if column.identity == ALWAYS}
    if not always:
        return
    if isinstance(target, exp.Schema):
        named = {item.name.lower() for item in target.expressions}
    else:
        source = tree.expression
        first = source.expressions[0] if isinstance(source, exp.Values) and source.expressions else None
        width = len(first.expressions) if first else len(getattr(source, "selects", ()))
        named = {column.name for column in columns[:width]}
    if named & always:
        message = f"ERROR: cannot set an identity column to a value: {', '.join(sorted(named & always))}"
        raise StatementFailed(message)
