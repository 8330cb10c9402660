"""What bad rows are told, where it is more than one statement can hold: kept beside them, part by part."""

from itertools import batched

from typed_assets.audit.marks import BLOCKING, MARKS, Marks
from typed_assets.io.redshift_types import MAX_TEXT
from typed_assets.io.statements import MOST_SQL, Warehouse

# ruff: noqa: S608 - the table is quoted, and words are by `marks`

RULES, REASONS = "_typed_assets_rules", "_typed_assets_reasons"
"""Columns of the parted table, which it has for a moment."""
_AT_ONCE = 50


def words_of(marks: Marks, warehouse: Warehouse, table: str, token: str) -> tuple[str, str, tuple[str, ...]]:
    """Return the rules and the reasons of a bad row as expressions, and the columns that were added for them.

    Args:
        marks: of the rows.
        warehouse: of the table.
        table: the parted one, quoted.
        token: of the attempt.
    """
    names, reasons = [rule.name for rule in marks.rules], marks.reasons
    plain = tuple(f"SUBSTRING({marks.told(words)}, 3, {MAX_TEXT})" for words in (names, reasons))
    if sum(len(each.encode()) for each in plain) <= MOST_SQL // 2:
        return plain[0], plain[1], ()
    warehouse.batch([f"ALTER TABLE {table} ADD COLUMN {name} {MARKS}" for name in (RULES, REASONS)], token)
    for numbers in batched(range(len(names)), _AT_ONCE):
        first, last = numbers[0], numbers[-1] + 1
        filled = ", ".join(
            f"{column} = NVL({column}, '') || {marks.told(words[first:last], first)}"
            for column, words in ((RULES, names), (REASONS, reasons))
        )
        warehouse.run(f"UPDATE {table} SET {filled} WHERE {BLOCKING} <> ''", token)
    return f"SUBSTRING({RULES}, 3, {MAX_TEXT})", f"SUBSTRING({REASONS}, 3, {MAX_TEXT})", (RULES, REASONS)
