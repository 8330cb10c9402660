"""DuckDB's errors in Redshift's words."""

from __future__ import annotations

import re

import duckdb

# Pattern in DuckDB's message: Redshift's message, with the pattern's groups.
_WORDS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.DOTALL), words)
    for pattern, words in (
        (
            r'CHECK constraint failed on table "[^"]*" with expression CHECK\(\(strlen\(.*?\) <= (\d+)\)\)',
            "Value too long for character type Detail: value too long for type character varying({0})",
        ),
        (
            r'CHECK constraint failed on table "[^"]*" with expression CHECK\(\((\d+) >= strlen\(',
            "Value too long for character type Detail: value too long for type character({0})",
        ),
        (
            r"In a DISTINCT aggregate, ORDER BY expressions must appear in the argument list()",
            "in an aggregate with DISTINCT, ORDER BY expressions must appear in argument list{0}",
        ),
        (r"Unknown TimeZone '([^']*)'", 'time zone "{0}" not recognized'),
        (r"NOT NULL constraint failed: (?:.*\.)?(\S+)", "Cannot insert a NULL value into column {0}"),
        (r"Table with name (\S+) does not exist", 'relation "{0}" does not exist'),
        (r"View with name (\S+) does not exist", 'relation "{0}" does not exist'),
        (r'(?:Table|View) with name "(\S+)" already exists', 'Relation "{0}" already exists'),
        (r'Schema with name "?(\S+?)"? already exists', 'Schema "{0}" already exists'),
        (r'(?:Schema with name|schema) "?([\w-]+)"? does not exist', 'schema "{0}" does not exist'),
        (r'Referenced column "([^"]+)" not found', 'column "{0}" does not exist'),
        (
            r'Table "([^"]+)" does not have a column (?:named|with name) "([^"]+)"',
            'column "{1}" does not exist in {0}',
        ),
        (r"Division by zero", "Divide by zero"),
        (
            r"column \"([^\"]+)\" must appear in the GROUP BY",
            'column "{0}" must appear in the GROUP BY clause',
        ),
        (r"Ambiguous reference to column name \"([^\"]+)\"", 'column reference "{0}" is ambiguous'),
        (
            r"Could not convert string '(.*?)' to (?:INT|BIGINT|SMALLINT)\w*",
            'invalid input syntax for integer: "{0}"',
        ),
        (
            r"(?:Conflict|write-write conflict|conflict)",
            "1023 Detail: Serializable isolation violation on table",
        ),
    )
)


def redshift_message(error: duckdb.Error) -> str:
    """Return what Redshift would say, or DuckDB's first line where no counterpart is known."""
    text = str(error)
    for pattern, words in _WORDS:
        found = pattern.search(text)
        if found and not (words.startswith("1023") and not isinstance(error, duckdb.TransactionException)):
            return "ERROR: " + words.format(*(group.strip('"!') for group in found.groups()))
    first, _, rest = text.partition("\n")
    _, _, plain = first.partition("Error: ")
    return f"ERROR: {plain or first or rest}"
