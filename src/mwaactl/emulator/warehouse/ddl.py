"""CREATE TABLE, ALTER TABLE and their kin as DuckDB statements."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, cast

from sqlglot import exp

from mwaactl.emulator.warehouse.columns import (
    ALWAYS,
    BY_DEFAULT,
    Column,
    Identity,
    TableName,
    create_statements,
    identity_sequence,
    quoted,
    read_columns,
)
from mwaactl.emulator.warehouse.faults import Refused, StatementFailed
from mwaactl.emulator.warehouse.sql.table_names import table_name, target_of
from mwaactl.emulator.warehouse.sql.translate import Context, to_duckdb, translate
from mwaactl.emulator.warehouse.types import from_tree

if TYPE_CHECKING:
    from collections.abc import Sequence

    from duckdb import DuckDBPyConnection

    from mwaactl.emulator.warehouse.result_columns import ResultColumn
    from mwaactl.emulator.warehouse.sql.table_attributes import TableAttributes

_INTEGERS = {"int4", "int8"}


def exists(cursor: DuckDBPyConnection, table: TableName) -> bool:
    """Whether a table or view of this name can be seen."""
    schema = table.schema or ("main" if table.temporary else "public")
    found = cursor.execute(
        "SELECT 1 FROM information_schema.tables WHERE table_name = ? AND table_schema = ?",
        [table.name, schema],
    ).fetchone()
    return found is not None


def columns_of(cursor: DuckDBPyConnection, table: TableName) -> list[Column]:
    """Return a table's columns.

    Raises:
        StatementFailed: If it does not exist.
    """
    columns = read_columns(cursor, table.schema, table.name)
    if not columns:
        message = f'ERROR: relation "{table.name}" does not exist'
        raise StatementFailed(message)
    return columns


def create_table(
    cursor: DuckDBPyConnection, tree: exp.Create, attributes: TableAttributes, context: Context
) -> list[str]:
    """Return the statements for CREATE TABLE with a list of columns, or LIKE."""
    schema = cast("exp.Schema", tree.this)
    table = table_name(cast("exp.Table", schema.this), temporary=_temporary(tree))
    if tree.args.get("exists") and exists(cursor, table):
        return []
    before: list[str] = []
    columns: list[Column] = []
    keys = _primary_key(schema)
    for item in schema.expressions:
        if isinstance(item, exp.ColumnDef):
            columns.append(_column(item, before, context, keys))
        elif isinstance(item, exp.LikeProperty):
            columns += _like(cursor, item)
        elif not isinstance(item, exp.PrimaryKey | exp.ForeignKey | exp.UniqueColumnConstraint):
            msg = f"{item.sql(dialect='redshift')} in CREATE TABLE"
            raise Refused(msg, "Redshift has no such constraint")
    described = [_with_attributes(column, attributes) for column in columns]
    return [*before, *create_statements(table, described, attributes.dist_style)]


def _temporary(tree: exp.Create) -> bool:
    properties = tree.args.get("properties")
    return bool(properties and properties.find(exp.TemporaryProperty))


def _primary_key(schema: exp.Schema) -> set[str]:
    return {
        column.name.lower()
        for item in schema.expressions
        if isinstance(item, exp.PrimaryKey)
        for column in item.expressions
    }


def _like(cursor: DuckDBPyConnection, item: exp.LikeProperty) -> list[Column]:
    keep = any(
        p.name.upper() == "INCLUDING" and str(p.args["value"]).upper() == "DEFAULTS" for p in item.expressions
    )
    columns = columns_of(cursor, table_name(cast("exp.Table", item.this)))
    unkeyed = [replace(column, primary=False) for column in columns]
    return [c if keep and not c.identity else replace(c, default=None, identity=None) for c in unkeyed]


def _with_attributes(column: Column, attributes: TableAttributes) -> Column:
    keys = attributes.sort_keys
    place = keys.index(column.name) + 1 if column.name in keys else column.sortkey
    return replace(
        column,
        encoding=attributes.encodings.get(column.name, column.encoding),
        distkey=attributes.dist_key == column.name or column.distkey,
        sortkey=-place if attributes.interleaved else place,
    )


def _column(item: exp.ColumnDef, before: list[str], context: Context, keys: set[str]) -> Column:
    """Return a column; what must exist before the table is added to `before`."""
    kind = item.args.get("kind")
    if not isinstance(kind, exp.DataType):
        message = f'ERROR: syntax error: column "{item.name}" has no type'
        raise StatementFailed(message)
    in_key = item.name.lower() in keys
    column = Column(item.name.lower(), from_tree(kind), nullable=not in_key, primary=in_key)
    for constraint in item.constraints:
        column = _constrained(column, constraint.args["kind"], before, context)
    return column


def _constrained(column: Column, kind: exp.Expr, before: list[str], context: Context) -> Column:
    match kind:
        case exp.NotNullColumnConstraint():
            return replace(column, nullable=bool(kind.args.get("allow_null")) and column.nullable)
        case exp.PrimaryKeyColumnConstraint():  # informational in Redshift, except that it forbids NULL
            return replace(column, nullable=False, primary=True)
        case exp.UniqueColumnConstraint() | exp.Reference():  # informational in Redshift
            return column
        case exp.DefaultColumnConstraint():
            return replace(column, default=to_duckdb(translate(kind.this, context)))
        case exp.GeneratedAsIdentityColumnConstraint():
            return _identity(column, kind, before)
        case _:
            msg = f"{kind.sql(dialect='redshift')} on a column"
            raise Refused(msg, "the constraint is not modelled")


def _identity(column: Column, kind: exp.Expr, before: list[str]) -> Column:
    if column.type.name not in _INTEGERS:
        message = f'ERROR: identity column "{column.name}" must be INT or BIGINT'
        raise StatementFailed(message)
    by_default = kind.args.get("on_null") is not None
    start, step = kind.args.get("start"), kind.args.get("increment")
    identity = Identity(
        int(to_duckdb(start)) if start else 1,
        int(to_duckdb(step)) if step else 1,
        BY_DEFAULT if by_default else ALWAYS,
    )
    sequence, default = identity_sequence(identity)
    before.append(sequence)
    return replace(column, default=default, identity=identity.kind, nullable=False)


def create_table_as(
    cursor: DuckDBPyConnection,
    tree: exp.Create,
    query: str,
    results: Sequence[ResultColumn],
    attributes: TableAttributes,
) -> list[str]:
    """Return the statements for CREATE TABLE AS; `query` is in DuckDB's terms, `results` are its columns."""
    named = [item.name.lower() for item in tree.this.expressions] if isinstance(tree.this, exp.Schema) else []
    table = table_name(target_of(tree), temporary=_temporary(tree))
    if tree.args.get("exists") and exists(cursor, table):
        return []
    names = named or [column.label for column in results]
    columns = [
        _with_attributes(Column(name, result.type), attributes)
        for name, result in zip(names, results, strict=False)
    ]
    fill = f"INSERT INTO {table.text} {query}"
    return [*create_statements(table, columns, attributes.dist_style), fill]


def alter_table(cursor: DuckDBPyConnection, tree: exp.Alter, context: Context) -> list[str]:
    """Return the statements for ALTER TABLE."""
    table = table_name(cast("exp.Table", tree.this))
    columns = columns_of(cursor, table)
    actions = tree.args["actions"]
    if len(actions) != 1:
        message = "ERROR: ALTER TABLE takes one action at a time"
        raise StatementFailed(message)
    match actions[0]:
        case exp.ColumnDef() as item:
            return _add_column(table, columns, item, context)
        case exp.Drop(kind="COLUMN") as item:
            return [f"ALTER TABLE {table.text} DROP COLUMN {quoted(item.args['tables'][0].name.lower())}"]
        case exp.RenameColumn() as item:
            return _rename_column(table, columns, item.this.name.lower(), item.args["to"].name.lower())
        case exp.AlterRename() as item:
            return [f"ALTER TABLE {table.text} RENAME TO {quoted(item.this.name.lower())}"]
        case exp.AlterColumn() as item if item.args.get("dtype"):
            return _widen(table, columns, item)
        case other:
            msg = f"ALTER TABLE … {other.sql(dialect='redshift')}"
            raise Refused(msg, "the action is not modelled")


def _add_column(table: TableName, columns: list[Column], item: exp.ColumnDef, context: Context) -> list[str]:
    before: list[str] = []
    column = _column(item, before, context, set())
    if before:
        message = "ERROR: ALTER TABLE ADD COLUMN cannot add an identity column"
        raise StatementFailed(message)
    if not column.nullable and not column.default:
        message = "ERROR: ALTER TABLE ADD COLUMN defined as NOT NULL must have a non-null default expression"
        raise StatementFailed(message)
    kept = [quoted(existing.name) for existing in columns]
    return _rebuilt(table, [*columns, column], kept)


def _rename_column(table: TableName, columns: list[Column], old: str, new: str) -> list[str]:
    if old not in {column.name for column in columns}:
        message = f'ERROR: column "{old}" does not exist'
        raise StatementFailed(message)
    renamed = [replace(column, name=new) if column.name == old else column for column in columns]
    return _rebuilt(table, renamed, [quoted(column.name) for column in columns])


def _widen(table: TableName, columns: list[Column], item: exp.AlterColumn) -> list[str]:
    target, name = from_tree(item.args["dtype"]), item.name.lower()
    before = next((column for column in columns if column.name == name), None)
    if not before or before.type.name != "varchar" or target.name != "varchar":
        message = "ERROR: ALTER COLUMN TYPE changes the size of VARCHAR columns only"
        raise StatementFailed(message)
    resized = [replace(column, type=target) if column is before else column for column in columns]
    return _rebuilt(table, resized, [quoted(column.name) for column in columns])


def _rebuilt(table: TableName, columns: list[Column], sources: list[str]) -> list[str]:
    """Return statements that make the table anew: DuckDB cannot change columns that have checks."""
    fresh = TableName(table.schema, f"{table.name}__rebuilt")
    targets = ", ".join(quoted(column.name) for column in columns[: len(sources)])
    rename = f"ALTER TABLE {fresh.text} RENAME TO {quoted(table.name)}"
    copy = f"INSERT INTO {fresh.text} ({targets}) SELECT {', '.join(sources)} FROM {table.text}"  # noqa: S608
    return [*create_statements(fresh, columns), copy, f"DROP TABLE {table.text}", rename]
