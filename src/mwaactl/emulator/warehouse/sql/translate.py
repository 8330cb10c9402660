"""Redshift's syntax tree to DuckDB's, as far as no types are needed; anything unknown is refused by name."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

from sqlglot import ErrorLevel, exp, parse_one
from sqlglot.errors import ParseError, UnsupportedError

from mwaactl.emulator.warehouse.faults import Refused, StatementFailed
from mwaactl.emulator.warehouse.sql.comparisons import compared
from mwaactl.emulator.warehouse.sql.date_text import date_text
from mwaactl.emulator.warehouse.sql.dialect import WarehouseRedshift
from mwaactl.emulator.warehouse.sql.functions import DATE_PATTERNS, FRAMED, NAMED, SAME
from mwaactl.emulator.warehouse.sql.refusals import NODES
from mwaactl.emulator.warehouse.sql.reserved_words import refuse_reserved
from mwaactl.emulator.warehouse.sql.super_values import ELEMENTS, navigated
from mwaactl.emulator.warehouse.sql.system_tables import SYSTEM_SCHEMA, SYSTEM_TABLE_REFUSALS, SYSTEM_TABLES
from mwaactl.emulator.warehouse.types import from_tree

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_UTC_NOW = "CAST(CURRENT_TIMESTAMP AT TIME ZONE 'UTC' AS TIMESTAMP)"


@dataclass(frozen=True, slots=True)
class Context:
    """What a statement is read in.

    Attributes:
        database: The database it runs in.
        user: The database user.
        parameters: The Data API's named parameters.
        session_numbers: What PG_LAST_COPY_ID() and its like give, by the function's name.
    """

    database: str
    user: str = "admin"
    parameters: Mapping[str, str] = field(default_factory=dict)
    session_numbers: Mapping[str, int] = field(default_factory=dict)


def parse(sql: str) -> exp.Expr:
    """Return the syntax tree of one Redshift statement.

    Raises:
        StatementFailed: If it cannot be parsed.
    """
    try:
        tree = parse_one(sql, read=WarehouseRedshift)
        refuse_reserved(tree)
        return tree  # noqa: TRY300 - what follows handles the parser's errors
    except ParseError as error:
        found = error.errors[0] if error.errors else {}
        near = str(found.get("highlight", "")) or sql[:40]
        line, column = found.get("line"), found.get("col")
        where = f"line {line}, column {column}"
        message = f'ERROR: syntax error at or near "{near}" ({where}): {found.get("description")}'
        raise StatementFailed(message) from error


def to_duckdb(tree: exp.Expr) -> str:
    """Return DuckDB's text of a translated tree."""
    try:
        return tree.sql(dialect="duckdb", unsupported_level=ErrorLevel.RAISE, identify=True)
    except UnsupportedError as error:
        construct = tree.key.upper()
        msg = f"part of this {construct}"
        raise Refused(msg, str(error)) from error


def translate(tree: exp.Expr, context: Context) -> exp.Expr:
    """Return the tree in DuckDB's terms; the input is left as it is."""
    tree = navigated(tree.copy())
    _refuse(tree)
    return _translated(tree, context)


def _translated(node: exp.Expr, context: Context) -> exp.Expr:
    """Return a node in DuckDB's terms, after what stands inside of it."""
    for child in list(node.iter_expressions()):
        replacement = _translated(child, context)
        if replacement is not child:
            child.replace(replacement)
    return compared(_rule(node, context))


def _refuse(tree: exp.Expr) -> None:
    for node in tree.walk():
        refusal = NODES.get(type(node))
        if refusal and not _allowed(node):
            raise refusal.error()
        if isinstance(node, exp.Command):
            raise Refused(str(node.this).upper(), "the statement is not modelled")
        if isinstance(node, exp.Func) and not isinstance(node, exp.Anonymous):
            _known(node)


def _allowed(node: exp.Expr) -> bool:
    if isinstance(node, exp.If):
        return isinstance(node.parent, exp.Case | exp.DecodeCase)
    return ELEMENTS in node.meta or (isinstance(node, exp.Distinct) and not node.args.get("on"))


def _known(node: exp.Func) -> None:
    name = type(node).__name__
    if name not in SAME and name not in _RULES:
        msg = f"the function {node.sql_name()}"
        raise Refused(msg, "it is not one whose result is known to be Redshift's")


def _rule(node: exp.Expr, context: Context) -> exp.Expr:
    rule = _RULES.get(type(node).__name__)
    return rule(node, context) if rule else node


def _identifier(node: exp.Expr, _: Context) -> exp.Expr:
    # Redshift folds quoted identifiers too, unless enable_case_sensitive_identifier is on.
    return exp.to_identifier(node.name.lower(), quoted=True)


def _table(node: exp.Expr, context: Context) -> exp.Expr:
    table = cast("exp.Table", node)
    if isinstance(table.this, exp.Func):
        msg = f"the table function {table.this.name or table.this.sql_name()}"
        raise Refused(msg, "Redshift has none")
    if table.catalog and table.catalog.lower() != context.database:
        msg = "cross-database queries"
        raise Refused(msg, f'this session is connected to "{context.database}"')
    table.set("catalog", None)
    name = table.name.lower()
    if table.db.lower() in {"", "pg_catalog", "information_schema"}:
        key = f"information_schema.{name}" if table.db.lower() == "information_schema" else name
        if key in SYSTEM_TABLES:
            table.set("db", exp.to_identifier(SYSTEM_SCHEMA))
            table.set("this", exp.to_identifier(SYSTEM_TABLES[key]))
        elif table.db or name.startswith(SYSTEM_TABLE_REFUSALS):
            msg = f"the system table {key}"
            raise Refused(msg, f"modelled are {', '.join(sorted(SYSTEM_TABLES))}")
    return table


def _cast(node: exp.Expr, _: Context) -> exp.Expr:
    if not isinstance(node.args["to"], exp.DataType):
        return node
    found = from_tree(node.args["to"])
    target = exp.DataType.build(found.duckdb, dialect="duckdb")
    if found.duckdb != "VARCHAR":
        return type(node)(this=node.this, to=target)
    text = _as_text(node.this)
    if found.name == "bpchar":
        text = exp.func(f"{SYSTEM_SCHEMA}.rs_text", text)
    # An explicit cast cuts what is too long; only an assignment fails.
    size = exp.Literal.number(found.length)
    return exp.func(f"{SYSTEM_SCHEMA}.rs_cut", text, size) if node.args["to"].expressions else text


def _as_text(value: exp.Expr) -> exp.Expr:
    """Return a value as text; long ones are put together, and no macro shall name them again and again."""
    if isinstance(value.unnest(), exp.DPipe):
        return exp.Cast(this=value, to=exp.DataType.build("VARCHAR", dialect="duckdb"))
    return exp.func(f"{SYSTEM_SCHEMA}.rs_varchar", value)


def _now(node: exp.Expr, _: Context) -> exp.Expr:
    now = _duckdb(_UTC_NOW)
    return now if node.args.get("sysdate") else exp.TimestampTrunc(this=now, unit=exp.var("SECOND"))


def _placeholder(node: exp.Expr, context: Context) -> exp.Expr:
    name = node.name
    if name not in context.parameters:
        message = f'ERROR: syntax error at or near ":{name}": the statement has no parameter of this name'
        raise StatementFailed(message)
    return exp.Literal.string(context.parameters[name])


def _anonymous(node: exp.Expr, context: Context) -> exp.Expr:
    name = node.name.lower()
    if name.startswith(f"{SYSTEM_SCHEMA}.") or name in {"ratio_to_report", "unnest"}:
        return node  # ours; and what the rule of its window or of its relation writes anew
    if name in context.session_numbers:
        return exp.Paren(this=exp.Literal.number(context.session_numbers[name]))
    if name == "to_char":
        return date_text(cast("exp.Anonymous", node))
    if name == "isnull" and len(node.expressions) == 2:  # noqa: PLR2004
        return exp.Coalesce(this=node.expressions[0], expressions=[node.expressions[1]])
    template = NAMED.get(name)
    if not template:
        msg = f"the function {name.upper()}"
        raise Refused(msg, "it is unknown to Redshift, or not modelled")
    arguments = [argument.sql(dialect="duckdb") for argument in node.expressions]
    try:
        return exp.Paren(this=_duckdb(template.format(*arguments)))
    except IndexError:
        message = f"ERROR: function {name} is called with {len(arguments)} arguments"
        raise StatementFailed(message) from None


def _duckdb(text: str) -> exp.Expr:
    return parse_one(text, read="duckdb")


def _concat(node: exp.Expr, _: Context) -> exp.Expr:
    first, *rest = node.expressions
    for operand in rest:
        first = exp.DPipe(this=first, expression=operand, safe=False)
    return exp.Paren(this=first)


def _array(node: exp.Expr, _: Context) -> exp.Expr:
    if node.args.get("bracket_notation"):
        message = 'ERROR: syntax error at or near "["'
        raise StatementFailed(message)
    if any(isinstance(item, exp.Query) for item in node.expressions):
        msg = "ARRAY of a subquery"
        raise Refused(msg, "Redshift has none: list the elements")
    return exp.Anonymous(this="json_array", expressions=node.expressions)


def _listagg(node: exp.Expr, _: Context) -> exp.Expr:
    if isinstance(node.this, exp.Distinct) and len(node.this.expressions) > 1:
        value, separator = node.this.expressions  # sqlglot takes the separator for a second value
        node.set("this", exp.Distinct(expressions=[value]))
        node.set("separator", separator)
    if not node.args.get("separator"):
        node.set("separator", exp.Literal.string(""))
    if not isinstance(node.this, exp.Distinct):  # whose operand must stay the one that ORDER BY names
        text = exp.func(f"{SYSTEM_SCHEMA}.rs_varchar", node.this)
        node.set("this", exp.Nullif(this=text, expression=exp.Literal.string("")))
    return _limited(node)


def _within(node: exp.Expr, _: Context) -> exp.Expr:
    return _limited(node) if isinstance(node.this, exp.GroupConcat) else node


def _limited(node: exp.Expr) -> exp.Expr:
    """Have a whole LISTAGG fail beyond Redshift's limit; a part of one is left as it is."""
    if isinstance(node.parent, exp.WithinGroup | exp.Window) and node.arg_key == "this":
        return node
    return exp.func(f"{SYSTEM_SCHEMA}.rs_listed", node.copy())


def _date_pattern(node: exp.Expr, _: Context) -> exp.Expr:
    pattern = node.args.get("format")
    if not isinstance(pattern, exp.Literal):
        msg = f"{_WRITTEN[type(node).__name__]} with a computed pattern"
        raise Refused(msg, "write the pattern as a literal")
    used = re.findall(r"%(.)", pattern.name)
    rest = re.sub(r"%.", "", pattern.name)
    if not used or set(used) - DATE_PATTERNS or re.search(r"\w", rest):
        known = "YYYY, YY, MM, DD, DDD, HH24, HH12, MI and SS"
        msg = f"a pattern of {_WRITTEN[type(node).__name__]} beyond dates"
        raise Refused(msg, f"known are {known}")
    return exp.cast(node, "TIMESTAMPTZ") if isinstance(node, exp.StrToTime) else node


_WRITTEN = {"StrToTime": "TO_TIMESTAMP", "StrToDate": "TO_DATE"}


def _to_number(node: exp.Expr, _: Context) -> exp.Expr:
    msg = "TO_NUMBER"
    raise Refused(msg, f"cast {node.this.sql()} to NUMERIC")


def _regexp_count(node: exp.Expr, _: Context) -> exp.Expr:
    """Perl's dialect, `p`, is the one that DuckDB has: what RE2 lacks of it fails there."""
    parameters = node.args.get("parameters")
    if isinstance(parameters, exp.Literal) and set(parameters.name) <= {"c", "p"}:
        node.set("parameters", None)
    return node


def _strtol(node: exp.Expr, _: Context) -> exp.Expr:
    return exp.func(f"{SYSTEM_SCHEMA}.rs_strtol", node.this, node.expression)


def _regexp_replace(node: exp.Expr, _: Context) -> exp.Expr:
    if node.args.get("position") or node.args.get("occurrence") or node.args.get("modifiers"):
        msg = "REGEXP_REPLACE with a position or parameters"
        raise Refused(msg, "give source, pattern and replacement")
    node.set("modifiers", exp.Literal.string("g"))
    return node


def _integer(node: exp.Expr, _: Context) -> exp.Expr:
    if isinstance(node, exp.Extract) and node.name.lower() == "epoch":
        return exp.cast(node, "BIGINT")
    return exp.cast(node, "INTEGER")


def _window(node: exp.Expr, _: Context) -> exp.Expr:
    inner = node.this.this if isinstance(node.this, exp.IgnoreNulls | exp.RespectNulls) else node.this
    if isinstance(inner, exp.Anonymous) and inner.name.lower() == "ratio_to_report":
        return _ratio(node, inner)
    _window_grammar(node, inner)
    if isinstance(inner, FRAMED) and node.args.get("order") and not node.args.get("spec"):
        message = "ERROR: Aggregate window functions with an ORDER BY clause require a frame clause"
        raise StatementFailed(message)
    return _limited(node) if node.find(exp.GroupConcat) else node


def _window_grammar(node: exp.Expr, inner: exp.Expr) -> None:
    """Refuse what DuckDB's windows have and Redshift's have not."""
    spec = node.args.get("spec")
    if spec and str(spec.args.get("kind", "ROWS")).upper() != "ROWS":
        message = f'ERROR: syntax error at or near "{spec.args["kind"]}": window frames are ROWS'
        raise StatementFailed(message)
    if isinstance(inner.args.get("this"), exp.Distinct):
        message = "ERROR: DISTINCT is not supported for window functions"
        raise StatementFailed(message)


def _ratio(node: exp.Expr, inner: exp.Expr) -> exp.Expr:
    value = exp.cast(inner.expressions[0].copy(), "DOUBLE")
    total = exp.Window(this=exp.Sum(this=value.copy()), partition_by=node.args.get("partition_by"))
    return exp.Paren(this=exp.Div(this=value, expression=total))


def _version(_node: exp.Expr, _: Context) -> exp.Expr:
    return exp.Literal.string("PostgreSQL 8.0.2, Redshift 1.0.0 (the emulator's, on DuckDB)")


def _schema(_node: exp.Expr, _: Context) -> exp.Expr:
    return _duckdb("CAST(current_schema() AS VARCHAR)")


def _user(_node: exp.Expr, context: Context) -> exp.Expr:
    return exp.Literal.string(context.user)


def _database(_node: exp.Expr, context: Context) -> exp.Expr:
    return exp.Literal.string(context.database)


_RULES: dict[str, Callable[[exp.Expr, Context], exp.Expr]] = {
    "Anonymous": _anonymous,
    "Array": _array,
    "Cast": _cast,
    "Concat": _concat,
    "CurrentDatabase": _database,
    "CurrentSchema": _schema,
    "CurrentTimestamp": _now,
    "CurrentUser": _user,
    "CurrentVersion": _version,
    "Extract": _integer,
    "FromBase": _strtol,
    "GroupConcat": _listagg,
    "Identifier": _identifier,
    "Length": _integer,
    "Placeholder": _placeholder,
    "RegexpCount": _regexp_count,
    "RegexpReplace": _regexp_replace,
    "StrPosition": _integer,
    "StrToDate": _date_pattern,
    "StrToTime": _date_pattern,
    "Table": _table,
    "ToNumber": _to_number,
    "TryCast": _cast,
    "Window": _window,
    "WithinGroup": _within,
}
