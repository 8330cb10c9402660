"""Runs one Redshift statement on a session: reads it, refuses or translates it, returns its outcome."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import duckdb
from sqlglot import exp

from mwaactl.emulator.warehouse import ddl
from mwaactl.emulator.warehouse.columns import ALWAYS, Column, TableName, quoted, read_columns
from mwaactl.emulator.warehouse.dependencies import drop_statements
from mwaactl.emulator.warehouse.duckdb_errors import redshift_message
from mwaactl.emulator.warehouse.faults import Refused, StatementFailed
from mwaactl.emulator.warehouse.late_views import create_late_view, drop_late_view, with_late_views
from mwaactl.emulator.warehouse.materialized_views import (
    create_materialized_view,
    drop_materialized_view,
    refresh_materialized_view,
    refuse_change,
)
from mwaactl.emulator.warehouse.merges import check_merge, merge_without_duplicates, removes_duplicates
from mwaactl.emulator.warehouse.result_columns import ResultColumn, result_columns
from mwaactl.emulator.warehouse.show import shown
from mwaactl.emulator.warehouse.spectrum.external_changes import external_change
from mwaactl.emulator.warehouse.spectrum.external_relations import (
    drop_staged,
    reads_external,
    refuse_local_object,
    with_external_tables,
)
from mwaactl.emulator.warehouse.sql.arithmetic import settle_types
from mwaactl.emulator.warehouse.sql.assignments import fitted
from mwaactl.emulator.warehouse.sql.pivots import without_pivots
from mwaactl.emulator.warehouse.sql.refusals import refused_statement
from mwaactl.emulator.warehouse.sql.statement_text import (
    BEGINS,
    COMMITS,
    ROLLBACKS,
    leading_words,
    single_statement,
)
from mwaactl.emulator.warehouse.sql.table_attributes import TableAttributes, take_attributes
from mwaactl.emulator.warehouse.sql.table_names import table_name
from mwaactl.emulator.warehouse.sql.text_types import query_types
from mwaactl.emulator.warehouse.sql.translate import Context, parse, to_duckdb, translate

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mwaactl.emulator.warehouse.sessions import Session
    from mwaactl.emulator.warehouse.types import RedshiftType

_HARMLESS = {"analyze", "vacuum"}
_READS = {"select", "with", "set", "show", "analyze", "vacuum"}
_IGNORED_SETTINGS = {
    "query_group",
    "statement_timeout",
    "enable_result_cache_for_session",
    "analyze_threshold_percent",
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a statement gave: a result set to be fetched from the session, or a number of rows.

    Attributes:
        columns: The result set's columns; None if there is no result set.
        count: Rows changed; -1 if the statement changes none.
    """

    columns: tuple[ResultColumn, ...] | None = None
    count: int = -1


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
            return _set(session, sql)
        case "create" if "table" in words or words[-1].startswith("#"):
            clean, attributes = take_attributes(sql)
            return _create_table(session, parse(clean), attributes, context)
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
        return _create_table(session, parse(clean), attributes, context).count
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


def _set(session: Session, sql: str) -> Outcome:
    _, _, rest = sql.strip().partition(" ")
    name, _, value = (
        rest.replace("=", " to ").partition(" to ") if " to " not in rest.lower() else _split_to(rest)
    )
    setting = name.strip().lower()
    if setting == "search_path":
        schemas = [part.strip().strip("'\"").lower() for part in value.split(",")]
        path = ",".join(schema for schema in schemas if schema != "$user")
        session.cursor.execute("SET search_path = ?".replace("?", "'" + path.replace("'", "''") + "'"))
    elif setting not in _IGNORED_SETTINGS:
        msg = f"SET {setting}"
        raise Refused(msg, f"modelled are search_path and {', '.join(sorted(_IGNORED_SETTINGS))}")
    return Outcome()


def _split_to(rest: str) -> tuple[str, str, str]:
    at = rest.lower().index(" to ")
    return rest[:at], " to ", rest[at + 4 :]


def _dispatch(  # noqa: PLR0911
    session: Session, tree: exp.Expr, context: Context, *, checked: bool = False
) -> Outcome:
    if isinstance(tree, exp.Query | exp.DML):
        tree = with_sources(session, tree, context)
    match tree:
        case exp.Select() if tree.args.get("into"):
            return _create_table(session, _created_by_into(tree), TableAttributes(), context)
        case exp.Query():
            return _select(session, tree, context)
        case exp.Insert() | exp.Update() | exp.Merge() | exp.Delete():
            return _checked_change(session, tree, context, checked=checked)
        case exp.Create():
            return _create(session, tree, context)
        case exp.Drop():
            return _drop(session, tree)
        case exp.Alter(kind="TABLE"):
            return _steps(session, ddl.alter_table(session.cursor, tree, context))
        case exp.TruncateTable():
            return _truncate(session, tree)
        case _:
            raise Refused(
                str(tree.this if isinstance(tree, exp.Command) else tree.key).upper(), "it is not modelled"
            )


def with_sources(session: Session, tree: exp.Expr, context: Context) -> exp.Expr:
    """Return a statement that reads what late binding views and external tables stand for."""
    tree = with_late_views(session.cursor, tree)
    tree = with_external_tables(session, tree, lambda query: query_text(session, query, context))

    def names(query: exp.Expr) -> list[str]:
        return [name for name, _ in session.describe(query_text(session, query, context))]

    return without_pivots(tree.copy(), names) if tree.find(exp.Pivot) else tree


def query_text(session: Session, tree: exp.Expr, context: Context) -> str:
    """Return DuckDB's text of a query or change."""
    return to_duckdb(settle_types(translate(tree, context), session.describe))


def _select(session: Session, tree: exp.Query, context: Context) -> Outcome:
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


def _created_by_into(tree: exp.Select) -> exp.Create:
    """SELECT … INTO is CREATE TABLE AS with the query's rows."""
    query = tree.copy()
    into = query.args["into"]
    query.set("into", None)
    temporary = exp.Properties(expressions=[exp.TemporaryProperty()]) if into.args.get("temporary") else None
    return exp.Create(this=into.this, kind="TABLE", expression=query, properties=temporary)


def _checked_change(session: Session, tree: exp.Expr, context: Context, *, checked: bool) -> Outcome:
    """Run INSERT, UPDATE, DELETE or MERGE, unless Redshift would refuse it."""
    if isinstance(tree, exp.Delete):
        tree = _from_written(tree)
    if isinstance(tree, exp.Insert):
        _check_identity(session, tree)
    if isinstance(tree, exp.Merge):
        check_merge(tree, lambda sql: _nested(session, sql, context))
    target = tree.this.this if isinstance(tree.this, exp.Schema) else tree.this
    if not checked:
        refuse_change(session.cursor, TableName(target.db.lower(), target.name.lower()))
    return _change(session, tree, context)


def text_types(session: Session, tree: exp.Expr) -> list[RedshiftType | None]:
    """Return the declared types of a query's text columns."""

    def lookup(schema: str, table: str) -> dict[str, RedshiftType | None]:
        columns = read_columns(session.cursor, schema, table)
        return {column.name: column.type if column.type.length else None for column in columns}

    return list(query_types(tree, lookup).values())


def _change(session: Session, tree: exp.Expr, context: Context) -> Outcome:
    translated = translate(tree, context)
    if isinstance(tree, exp.Insert | exp.Update | exp.Merge):
        fitted(translated, _target_columns(session, tree), session.describe)
    session.cursor.execute(to_duckdb(settle_types(translated, session.describe)))
    row = session.cursor.fetchone()
    return Outcome(count=int(row[0]) if row else 0)


def _target_columns(session: Session, tree: exp.Expr) -> list[Column]:
    target = tree.this.this if isinstance(tree.this, exp.Schema) else tree.this
    return read_columns(session.cursor, target.db.lower(), target.name.lower())


def _from_written(tree: exp.Delete) -> exp.Delete:
    """`DELETE t` is `DELETE FROM t` in Redshift."""
    tables = tree.args.get("tables")
    if not tree.this and tables:
        tree = tree.copy()
        tree.set("this", tree.args["tables"][0])
        tree.set("tables", None)
    return tree


def _check_identity(session: Session, tree: exp.Insert) -> None:
    target = tree.this
    table = target.this if isinstance(target, exp.Schema) else target
    columns = read_columns(session.cursor, table.db.lower(), table.name.lower())
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


def _create_table(session: Session, tree: exp.Expr, attributes: TableAttributes, context: Context) -> Outcome:
    tree = with_sources(session, tree, context)
    if not isinstance(tree, exp.Create):
        msg = "this CREATE TABLE"
        raise Refused(msg, "it holds a clause that is not modelled")
    refuse_local_object(session, tree)
    if tree.expression:
        query = query_text(session, tree.expression, context)
        _distinct_names(session, query)
        described = session.cursor.execute(f"DESCRIBE {query}").fetchall()
        columns = result_columns(tree.expression, described, text_types(session, tree.expression))
        return _steps(session, ddl.create_table_as(session.cursor, tree, query, columns, attributes))
    return _steps(session, ddl.create_table(session.cursor, tree, attributes, context))


def _distinct_names(session: Session, query: str) -> None:
    names = [row[0] for row in session.cursor.execute(f"DESCRIBE {query}").fetchall()]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice:
        message = f'ERROR: column "{twice}" duplicated'
        raise StatementFailed(message)


def _create(session: Session, tree: exp.Create, context: Context) -> Outcome:
    kind = str(tree.args["kind"]).upper()
    if kind == "SCHEMA":
        if tree.args.get("properties"):
            msg = "CREATE SCHEMA with AUTHORIZATION or QUOTA"
            raise Refused(msg, "database users are not modelled")
        exists = "IF NOT EXISTS " if tree.args.get("exists") else ""
        name = quoted(tree.this.db.lower() or tree.this.name.lower())
        return _steps(session, [f"CREATE SCHEMA {exists}{name}"])
    if kind == "VIEW":
        return _create_view(session, tree, context)
    msg = f"CREATE {kind}"
    raise Refused(msg, "modelled are tables, views and schemas")


def _create_view(session: Session, tree: exp.Create, context: Context) -> Outcome:
    target = tree.this
    columns = ""
    if isinstance(target, exp.Schema):
        columns = f" ({', '.join(quoted(item.name.lower()) for item in target.expressions)})"
        target = target.this
    refuse_local_object(session, tree)
    if reads_external(session, tree.expression):
        message = "ERROR: External tables are not supported in views"
        raise StatementFailed(message)
    replaces = "OR REPLACE " if tree.args.get("replace") else ""
    query = query_text(session, with_late_views(session.cursor, tree.expression), context)
    name = table_name(cast("exp.Table", target)).text
    steps = [f"CREATE {replaces}VIEW {name}{columns} AS {query}"]
    return _steps(session, steps)


def _drop(session: Session, tree: exp.Drop) -> Outcome:
    kind = str(tree.args["kind"]).upper()
    if kind not in {"TABLE", "VIEW", "SCHEMA"}:
        msg = f"DROP {kind}"
        raise Refused(msg, "modelled are tables, views and schemas")
    exists, cascade = bool(tree.args.get("exists")), bool(tree.args.get("cascade"))
    steps: list[str] = []
    for table in tree.args.get("tables") or [tree.this]:
        if kind == "SCHEMA":
            schema = quoted(table.db.lower() or table.name.lower())
            steps.append(
                f"DROP SCHEMA {'IF EXISTS ' if exists else ''}{schema}{' CASCADE' if cascade else ''}"
            )
        else:
            name = table_name(table)
            if kind == "VIEW" and drop_late_view(session.cursor, name):
                continue
            steps += drop_statements(session.cursor, kind, name, exists=exists, cascade=cascade)
    return _steps(session, steps)


def _truncate(session: Session, tree: exp.TruncateTable) -> Outcome:
    (table,) = tree.expressions
    refuse_change(session.cursor, table_name(table))
    text = f"TRUNCATE {table_name(table).text}"
    session.commit_around(lambda: session.cursor.execute(text))
    return Outcome()


def _steps(session: Session, statements: list[str]) -> Outcome:
    for statement in statements:
        session.cursor.execute(statement)
    return Outcome()
