"""When a value breaks a rule, as a condition in Redshift's SQL; NULL breaks none but `nullable`.

Names are quoted. Numbers and dates are literals of their types; how a text is written is for the statement to
say, because one may have parameters and a batch may not. A pattern must be a literal in Redshift; its dialect
is PCRE (`'p'`), and it is matched as Python's `fullmatch` does with `re.ASCII`.
https://docs.aws.amazon.com/redshift/latest/dg/REGEXP_COUNT.html
"""

from collections.abc import Callable, Iterable
from datetime import date, datetime

from typed_assets.audit.rules import ColumnRule
from typed_assets.io.sql_text import identifier, literal
from typed_assets.spec.values import Value

_NO_NUMBERS = ("NaN", "Infinity", "-Infinity")
"""NaN is the same as itself in some databases, and as nothing in others."""

type Written = Callable[[str], str]
"""Writes a text: as a literal, or as a parameter's name."""


def broken(rule: ColumnRule, written: Written) -> str:
    """Return the condition under which a value breaks a rule about one value.

    Args:
        rule: any but `unique`.
        written: writes the texts that values are compared with.
    """
    column = identifier(rule.column.name)
    match rule.kind:
        case "type":
            words = ", ".join(f"CAST('{word}' AS DOUBLE PRECISION)" for word in _NO_NUMBERS)
            return f"{column} IN ({words}) OR {column} <> {column}"
        case "nullable":
            return f"{column} IS NULL"
        case "range" | "length":
            return _outside(rule, written)
        case "allowed":
            return f"{column} NOT IN ({', '.join(_value(value, written) for value in rule.allowed)})"
        case "bytes":
            return f"OCTET_LENGTH({column}) > {rule.column.max_bytes}"
        case _:
            return f"REGEXP_COUNT({column}, {_whole(rule.column.pattern or '')}, 1, 'p') = 0"


def _outside(rule: ColumnRule, written: Written) -> str:
    """Return the condition under which a value, or its length in characters, is outside of its bounds."""
    column = identifier(rule.column.name)
    measured, low, high = column, rule.minimum, rule.maximum
    if rule.kind == "length":
        measured, low, high = f"LEN({column})", rule.column.min_length, rule.column.max_length
    below = [] if low is None else [f"{measured} < {_value(low, written)}"]
    above = [] if high is None else [f"{measured} > {_value(high, written)}"]
    return " OR ".join([*below, *above])


def all_there(names: Iterable[str]) -> str:
    """Return the condition under which none of some columns is missing."""
    return " AND ".join(f"{identifier(name)} IS NOT NULL" for name in names)


def _whole(pattern: str) -> str:
    """The pattern for a whole text; a group only where one is needed, for a parameter begins with `:` too."""
    return literal(rf"\A(?:{pattern})\z" if "|" in pattern else rf"\A{pattern}\z")


def _value(value: Value, written: Written) -> str:
    match value:
        case str():
            return written(value)
        case bool():
            return "TRUE" if value else "FALSE"
        case datetime():
            return f"TIMESTAMP '{value.isoformat(sep=' ')}'"
        case date():
            return f"DATE '{value.isoformat()}'"
        case float():
            return f"CAST('{value!r}' AS DOUBLE PRECISION)"
        case _:
            return f"{value:f}" if not isinstance(value, int) else str(value)
