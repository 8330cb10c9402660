"""Statements on a table that other attempts fill, and change, at the same time.

A table's columns are read before the transaction begins, and Redshift has no ADD COLUMN IF NOT EXISTS. A
transaction that another one gets into the way of is undone, and AWS's advice is to try it again:
https://docs.aws.amazon.com/redshift/latest/dg/r_ALTER_TABLE.html
https://docs.aws.amazon.com/redshift/latest/dg/c_serial_isolation-serializable-isolation-troubleshooting.html
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import batched

from typed_assets.io.redshift_types import FoundColumn
from typed_assets.io.statements import MOST_STATEMENTS, StatementError, Warehouse

_MOST_CONFLICTS = 8
_FIRST_PAUSE = 0.25  # seconds; the last is half a minute


@dataclass(frozen=True, slots=True)
class TableChange:
    """What is done to a table.

    Attributes:
        shape: statements that make it, or give it columns that no reader asks for yet.
        content: those after them, which are one transaction.
        alone: those before both that no transaction can hold.
    """

    shape: list[str]
    content: list[str]
    alone: tuple[str, ...] = ()


def run_beside_others(
    warehouse: Warehouse,
    there: tuple[FoundColumn, ...],
    look: Callable[[], tuple[FoundColumn, ...]],
    change: Callable[[tuple[FoundColumn, ...]], TableChange],
    token: str,
) -> None:
    """Carry out a change that a table's columns determine; again where others came between.

    Args:
        warehouse: of the table.
        there: its columns; none where it is not there.
        look: reads them again.
        change: returns what is done to a table with these columns.
        token: of the attempt.

    Raises:
        StatementError: the warehouse refuses a statement, and others are not the reason, or always are.
    """
    conflicts = 0
    while True:
        try:
            _carry_out(warehouse, change(there), token)
        except StatementError as error:
            before, there = there, look()
            if there != before:
                continue
            conflicts += 1
            if not error.is_conflict or conflicts > _MOST_CONFLICTS:
                raise
            warehouse.sleep(_FIRST_PAUSE * 2 ** (conflicts - 1))
        else:
            return


def _carry_out(warehouse: Warehouse, change: TableChange, token: str) -> None:
    """Run all as one transaction, or where they are too many, the columns before."""
    for sql in change.alone:
        warehouse.run(sql, token)
    if len(change.shape) + len(change.content) <= MOST_STATEMENTS:
        warehouse.batch([*change.shape, *change.content], token)
        return
    for some in batched(change.shape, MOST_STATEMENTS):
        warehouse.batch(list(some), token)
    warehouse.batch(change.content, token)
