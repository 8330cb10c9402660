"""CREATE, DROP and TRUNCATE of tables, views and schemas."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from sqlglot import exp

from mwaactl.emulator.warehouse import ddl
from mwaactl.emulator.warehouse.columns import quoted
from mwaactl.emulator.warehouse.dependencies import drop_statements
from mwaactl.emulator.warehouse.faults import Refused, StatementFailed
from mwaactl.emulator.warehouse.late_views import drop_late_view, with_late_views
from mwaactl.emulator.warehouse.materialized_views import refuse_change
from mwaactl.emulator.warehouse.outcome import Outcome
from mwaactl.emulator.warehouse.queries import query_text, text_types, with_pivots_written_out, with_sources
from mwaactl.emulator.warehouse.result_columns import result_columns
from mwaactl.emulator.warehouse.spectrum.external_relations import reads_external, refuse_local_object
from mwaactl.emulator.warehouse.sql.table_names import table_name

if TYPE_CHECKING:
    from mwaactl.emulator.warehouse.sessions import Session
    from mwaactl.emulator.warehouse.sql.table_attributes import TableAttributes
    from mwaactl.emulator.warehouse.sql.translate import Context


def created_by_into(tree: exp.Select) -> exp.Create:
    """SELECT … INTO is CREATE TABLE AS with the query's rows."""
    query = tree.copy()
    into = query.args["into"]
    query.set("into", None)
    temporary = exp.Properties(expressions=[exp.TemporaryProperty()]) if into.args.get("temporary") else None
    return exp.Create(this=into.this, kind="TABLE", expression=query, properties=temporary)


def create_table(session: Session, tree: exp.Expr, attributes: TableAttributes, context: Context) -> Outcome:
    """Create a table, from its columns or from a query."""
    tree = with_sources(session, tree, context)
    if not isinstance(tree, exp.Create):
        msg = "this CREATE TABLE"
        raise Refused(msg, "it holds a clause that is not modelled")
    refuse_local_object(session, tree)
    if tree.expression:
        query = query_text(session, tree.expression, context)
        described = session.cursor.execute(f"DESCRIBE {query}").fetchall()
        _refuse_names_twice([row[0] for row in described])
        columns = result_columns(tree.expression, described, text_types(session, tree.expression))
        return run_all(session, ddl.create_table_as(session.cursor, tree, query, columns, attributes))
    return run_all(session, ddl.create_table(session.cursor, tree, attributes, context))


def _refuse_names_twice(names: list[str]) -> None:
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice:
        message = f'ERROR: column "{twice}" duplicated'
        raise StatementFailed(message)


def create(session: Session, tree: exp.Create, context: Context) -> Outcome:
    """Create a schema or a view."""
    kind = str(tree.args["kind"]).upper()
    if kind == "SCHEMA":
        if tree.args.get("properties"):
            msg = "CREATE SCHEMA with AUTHORIZATION or QUOTA"
            raise Refused(msg, "database users are not modelled")
        exists = "IF NOT EXISTS " if tree.args.get("exists") else ""
        name = quoted(tree.this.db.lower() or tree.this.name.lower())
        return run_all(session, [f"CREATE SCHEMA {exists}{name}"])
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
    reads = with_pivots_written_out(session, with_late_views(session.cursor, tree.expression), context)
    query = query_text(session, reads, context)
    name = table_name(cast("exp.Table", target)).text
    steps = [f"CREATE {replaces}VIEW {name}{columns} AS {query}"]
    return run_all(session, steps)


def drop(session: Session, tree: exp.Drop) -> Outcome:
    """Drop tables, views or schemas."""
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
    return run_all(session, steps)


def truncate(session: Session, tree: exp.TruncateTable) -> Outcome:
    """Empty a table; Redshift commits before and after."""
    (table,) = tree.expressions
    refuse_change(session.cursor, table_name(table))
    text = f"TRUNCATE {table_name(table).text}"
    session.commit_around(lambda: session.cursor.execute(text))
    return Outcome()


def run_all(session: Session, statements: list[str]) -> Outcome:
    """Run what a definition is made of."""
    for statement in statements:
        session.cursor.execute(statement)
    return Outcome()
