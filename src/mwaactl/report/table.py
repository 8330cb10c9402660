"""Rows of text as a table."""

from collections.abc import Collection, Sequence


def table(head: Sequence[str], rows: Sequence[Sequence[str]], *, right: Collection[int] = ()) -> str:
    """Return rows below a head, each column as wide as its widest cell.

    Args:
        head: Names of the columns.
        rows: Their cells.
        right: Columns whose cells stand at the right, such as numbers.
    """
    everything = [head, *rows]
    widths = [max(len(row[column]) for row in everything) for column in range(len(head))]
    return "\n".join(_padded(row, widths, right) for row in everything)


def _padded(row: Sequence[str], widths: Sequence[int], right: Collection[int]) -> str:
    cells = (
        cell.rjust(width) if column in right else cell.ljust(width)
        for column, (cell, width) in enumerate(zip(row, widths, strict=True))
    )
    return "  ".join(cells).rstrip()
