"""Puts the rows of external tables in the place of their names: each statement reads the files anew."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from sqlglot import exp

from mwaactl.emulator.warehouse.columns import TableName, create_statements, literal, quoted, schema_of
from mwaactl.emulator.warehouse.faults import Refused, StatementFailed
from mwaactl.emulator.warehouse.late_views import tables_of
from mwaactl.emulator.warehouse.loads.staging import staging_directory
from mwaactl.emulator.warehouse.spectrum.catalog_views import CATALOG_VIEWS, catalog_rows
from mwaactl.emulator.warehouse.spectrum.external_files import ExternalFiles
from mwaactl.emulator.warehouse.spectrum.external_schemas import external_schemas
from mwaactl.emulator.warehouse.spectrum.glue_tables import (
    Partition,
    glue_of,
    read_partitions,
    read_table,
)
from mwaactl.emulator.warehouse.spectrum.pruning import conditions_on_partitions
from mwaactl.emulator.warehouse.sql.table_names import target_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from mwaactl.emulator.warehouse.columns import Column
    from mwaactl.emulator.warehouse.sessions import Session
    from mwaactl.emulator.warehouse.spectrum.external_schemas import ExternalSchema
    from mwaactl.emulator.warehouse.spectrum.glue_tables import ExternalTable

type Text = Callable[[exp.Expr], str]
_PSEUDO = {"$path", "$size", "$spectrum_oid"}


def with_external_tables(session: Session, tree: exp.Expr, text: Text) -> exp.Expr:
    """Return a statement that reads temporary tables with the rows of the external tables it names.

    Args:
        session: The session, which holds the temporary tables until its next statement.
        tree: The statement; it is not changed.
        text: Gives DuckDB's text of a query in Redshift's terms.

    Raises:
        StatementFailed: If a table does not exist, or its files cannot be read.
        Refused: If the statement changes an external table.
    """
    schemas = external_schemas(session.cursor)
    known = [(_schema(session, table, schemas), _view(table)) for table in tables_of(tree)]
    if not any(schema or view for schema, view in known):
        return tree
    tree = tree.copy()
    for table, (schema, view) in zip(tables_of(tree), known, strict=True):
        if schema and isinstance(table.parent, exp.Into):
            raise _local_object()
        target = table is tree.this or isinstance(table.parent, exp.Schema)
        if target and isinstance(tree, exp.Create):
            continue
        if schema and target:
            msg = f"{tree.key.upper()} with the external table {schema.name}.{table.name} as its target"
            raise Refused(msg, "write its files with UNLOAD, and register new partitions")
        if schema:
            _refuse_pseudo_columns(tree)
            _point_to(tree, table, _rows(session, schema, table, text))
        elif view:
            _point_to(tree, table, _staged_view(session, view, list(schemas.values())))
    return tree


def reads_external(session: Session, tree: exp.Expr) -> bool:
    """Whether a statement names an external table."""
    schemas = external_schemas(session.cursor)
    return any(_schema(session, table, schemas) for table in tables_of(tree))


def refuse_local_object(session: Session, tree: exp.Create) -> None:
    """Fail a CREATE TABLE or CREATE VIEW in an external schema."""
    target = target_of(tree)
    if target.db.lower() in external_schemas(session.cursor):
        raise _local_object()


def _local_object() -> StatementFailed:
    return StatementFailed("ERROR: Operations on local objects in external schema are not enabled.")


def drop_staged(session: Session) -> None:
    """Remove what an earlier statement of the session staged."""
    while session.staged:
        session.cursor.execute(f"DROP TABLE IF EXISTS temp.{quoted(session.staged.pop())}")


def _schema(
    session: Session, table: exp.Table, schemas: Mapping[str, ExternalSchema]
) -> ExternalSchema | None:
    if table.db or not schemas or not table.name:
        return schemas.get(table.db.lower())
    if schema_of(session.cursor, "", table.name.lower()):
        return None
    row = session.cursor.execute("SELECT current_schemas(false)").fetchone()
    found = [schemas[name] for name in (row[0] if row else ()) if name in schemas]
    return found[0] if found and not _view(table) else None


def _view(table: exp.Table) -> str:
    name = table.name.lower()
    return name if table.db.lower() in {"", "pg_catalog"} and name in CATALOG_VIEWS else ""


def _refuse_pseudo_columns(tree: exp.Expr) -> None:
    found = next((column.name for column in tree.find_all(exp.Column) if column.name in _PSEUDO), None)
    if found:
        msg = f'the pseudo column "{found}"'
        raise Refused(msg, "rows come without the file they stand in")


def _point_to(tree: exp.Expr, table: exp.Table, staged: str) -> None:
    """Have a table node name the staged table, under the name that the statement uses."""
    schema, name = table.db.lower(), table.name.lower()
    if not table.alias:
        table.set("alias", exp.TableAlias(this=exp.to_identifier(name)))
    table.set("this", exp.to_identifier(staged))
    table.set("db", None)
    table.set("catalog", None)
    for column in tree.find_all(exp.Column):
        if schema and (column.db.lower(), column.table.lower()) == (schema, name):
            column.set("db", None)
            column.set("catalog", None)


def _rows(session: Session, schema: ExternalSchema, table: exp.Table, text: Text) -> str:
    """Read an external table's files into a temporary table; returns its name."""
    glue = glue_of(session, schema)
    found = read_table(glue, schema, table.name.lower())
    partitions = [Partition((), found.location)]
    if found.keys:
        registered = read_partitions(glue, schema, table.name.lower())
        partitions = _wanted(session, found, registered, table, text)
    name = _stage(session, [*found.columns, *found.keys])
    region = session.namespace.region
    s3 = session.loads.client(session, "s3", schema.authorization, region)
    files = ExternalFiles(session.cursor, s3, found, TableName("", name))
    for partition in partitions:
        with staging_directory(session) as directory:
            files.read(partition, directory)
    return name


def _wanted(
    session: Session, found: ExternalTable, partitions: list[Partition], table: exp.Table, text: Text
) -> list[Partition]:
    """Return the partitions that the statement's WHERE does not rule out."""
    conditions = conditions_on_partitions(table, {key.name for key in found.keys})
    if not conditions or not partitions:
        return partitions
    name = _stage(session, [*found.keys])
    session.cursor.execute(f"ALTER TABLE temp.{quoted(name)} ADD COLUMN partition_number INTEGER")
    for number, partition in enumerate(partitions):
        values = ["NULL" if value is None else literal(value) for value in partition.values]
        session.cursor.execute(f"INSERT INTO {quoted(name)} VALUES ({', '.join(values)}, {number})")  # noqa: S608
    alias = exp.TableAlias(this=exp.to_identifier(table.alias_or_name))
    source = exp.Table(this=exp.to_identifier(name), alias=alias)
    where = exp.and_(*[part.copy() for part in conditions], copy=False)
    query = exp.select("partition_number").from_(source).where(where)
    for column in query.find_all(exp.Column):
        column.set("db", None)
    rows = session.cursor.execute(text(query)).fetchall()
    return [partitions[number] for number in sorted(row[0] for row in rows)]


def _staged_view(session: Session, view: str, schemas: Sequence[ExternalSchema]) -> str:
    columns = CATALOG_VIEWS[view]
    name = _stage(session, columns)
    for row in catalog_rows(session, view, schemas):
        marks = ", ".join("?" for _ in row)
        session.cursor.execute(f"INSERT INTO {quoted(name)} VALUES ({marks})", list(row))  # noqa: S608
    return name


def _stage(session: Session, columns: Sequence[Column]) -> str:
    name = f"external_{uuid.uuid4().hex}"
    for statement in create_statements(TableName("", name, temporary=True), columns):
        session.cursor.execute(statement)
    session.staged.append(name)
    return name
