"""Runs one Redshift statement on a session: reads it, refuses or translates it, returns its outcome."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import duckdb
from sqlglot import exp

from mwaactl.emulator.warehouse import ddl
from mwaactl.emulator.warehouse.data_changes import change_data
from mwaactl.emulator.warehouse.definitions import (
    create,
    create_table,
    created_by_into,
    drop,
    run_all,
    truncate,
)
from mwaactl.emulator.warehouse.duckdb_errors import redshift_message
from mwaactl.emulator.warehouse.faults import Refused, StatementFailed
from mwaactl.emulator.warehouse.late_views import create_late_view
from mwaactl.emulator.warehouse.materialized_views import (
    create_materialized_view,
    drop_materialized_view,
    refresh_materialized_view,
)
from mwaactl.emulator.warehouse.merges import merge_without_duplicates, removes_duplicates
from mwaactl.emulator.warehouse.outcome import Outcome
from mwaactl.emulator.warehouse.queries import select, with_sources
from mwaactl.emulator.warehouse.session_settings import apply_setting
from mwaactl.emulator.warehouse.show import shown
from mwaactl.emulator.warehouse.spectrum.external_changes import external_change
from mwaactl.emulator.warehouse.spectrum.external_relations import drop_staged, refuse_local_object
from mwaactl.emulator.warehouse.sql.refusals import refused_statement
from mwaactl.emulator.warehouse.sql.statement_text import (
    BEGINS,
    COMMITS,
    ROLLBACKS,
    leading_words,
    single_statement,
)
from mwaactl.emulator.warehouse.sql.table_attributes import TableAttributes, take_attributes
from mwaactl.emulator.warehouse.sql.translate import Context, parse

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mwaactl.emulator.warehouse.sessions import Session

_HARMLESS = {"analyze", "vacuum"}
_READS = {"select", "with", "set", "show", "analyze", "vacuum"}


def is_write(sql: str) -> bool:
    """Whether a statement may change data, so that it must wait for other writers."""
    words = leading_words(sql, 2)
    return bool(words) and words[0] not in _READS


def run(session: Session, sql: str, parameters: Mapping[str, str]) -> Outcome:
    """Run one statement inside the session's transaction.

    Raises:
        StatementFailed: With Redshift's or the emulator's reason.
    """
    try:
        return _run(session, single_statement(sql), parameters)
    except duckdb.InterruptException as error:
        message = "ERROR: Query cancelled on user's request"
        raise StatementFailed(message) from error
    except duckdb.Error as error:
        raise StatementFailed(redshift_message(error)) from error


def _run(session: Session, sql: str, parameters: Mapping[str, str]) -> Outcome:  # noqa: PLR0911
    words = leading_words(sql)
    refusal = refused_statement(leading_words(sql, 8))
    if refusal:
        raise refusal.error()
    if words[0] in BEGINS | COMMITS | ROLLBACKS:
        return _transaction(session, words[0])
    if session.aborted:
        message = "ERROR: current transaction is aborted, commands ignored until end of transaction block"
        raise StatementFailed(message)
    context = Context(session.database_name, session.user, parameters, session.numbers)
    drop_staged(session)
    kept_elsewhere = _views_and_merges(session, sql, words, context)
    if kept_elsewhere is not None:
        return kept_elsewhere
    match words[0]:
        case "copy":
            return Outcome(count=session.loads.copy(session, sql))
        case "unload":
            return Outcome(count=session.loads.unload(session, sql, context))
        case word if word in _HARMLESS:  # DuckDB needs neither; results are the same without
            return Outcome()
        case "set":
            return apply_setting(session, sql)
        case "create" if "table" in words or words[-1].startswith("#"):
            clean, attributes = take_attributes(sql)
            return create_table(session, parse(clean), attributes, context)
        case _:
            return _dispatch(session, parse(sql), context)


def _views_and_merges(session: Session, sql: str, words: tuple[str, ...], context: Context) -> Outcome | None:
    """Run what is made of other statements, or kept as text or in Glue; None if the statement is neither."""

    def nested(text: str) -> int:
        return _nested(session, text, context)

    match words:
        case ("show", *_):
            return _dispatch(session, parse(shown(session.cursor, sql)), context)
        case ("create", "materialized", *_):
            create_materialized_view(session.cursor, sql, nested)
        case ("refresh", *_):
            refresh_materialized_view(session.cursor, sql, nested)
        case ("drop", "materialized", *_):
            drop_materialized_view(session.cursor, sql)
        case ("merge", *_) if removes_duplicates(sql):
            return Outcome(count=merge_without_duplicates(sql, nested))
        case ("create", *_) if "view" in words and sql.upper().split()[-3:] == ["NO", "SCHEMA", "BINDING"]:
            view = cast("exp.Create", parse(sql))
            refuse_local_object(session, view)
            create_late_view(session.cursor, view, sql)
        case _ if external_change(session, sql, words):
            pass
        case _:
            return None
    return Outcome()


def _nested(session: Session, sql: str, context: Context) -> int:
    """Run a statement that another one is made of; returns how many rows it changed."""
    words = leading_words(sql)
    if words[0] == "create":
        clean, attributes = take_attributes(sql)
        return create_table(session, parse(clean), attributes, context).count
    outcome = _dispatch(session, parse(sql), context, checked=True)
    if outcome.columns is None:
        return outcome.count
    row = session.cursor.fetchone()
    return int(row[0]) if row else 0


def _transaction(session: Session, word: str) -> Outcome:
    """Begin or end; what is superfluous only warns in Redshift."""
    if word in BEGINS and not session.in_transaction:
        session.begin(writes=True)
    elif word in COMMITS and session.in_transaction:
        session.commit()
    elif word in ROLLBACKS:
        session.rollback()
    if word not in BEGINS:
        session.aborted = False
    return Outcome()


def _dispatch(  # noqa: PLR0911
    session: Session, tree: exp.Expr, context: Context, *, checked: bool = False
) -> Outcome:
    if isinstance(tree, exp.Query | exp.DML):
        tree = with_sources(session, tree, context)
    match tree:
        case exp.Select() if tree.args.get("into"):
            return create_table(session, created_by_into(tree), TableAttributes(), context)
        case exp.Query():
            return select(session, tree, context)
        case exp.Insert() | exp.Update() | exp.Merge() | exp.Delete():
            return change_data(
                session, tree, context, lambda sql: _nested(session, sql, context), checked=checked
            )
        case exp.Create():
            return create(session, tree, context)
        case exp.Drop():
            return drop(session, tree)
        case exp.Alter(kind="TABLE"):
            return run_all(session, ddl.alter_table(session.cursor, tree, context))
        case exp.TruncateTable():
            return truncate(session, tree)
        case _:
            raise Refused(
                str(tree.this if isinstance(tree, exp.Command) else tree.key).upper(), "it is not modelled"
            )
