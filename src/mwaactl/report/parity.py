"""The statement of parity as text and as JSON."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from mwaactl.emulator.parity.row import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from mwaactl.emulator.parity.row import Row

type Statement = Mapping[str, tuple[Row, ...]]


def parity_data(statement: Statement) -> dict[str, Any]:
    """Return every row with the part of AWS that it is about, and how many there are of each kind."""
    rows = [
        {
            "part": part,
            "subject": row.subject,
            "parity": row.verdict.value,
            "aws": row.aws,
            "emulator": row.emulator,
        }
        for part, found in statement.items()
        for row in found
    ]
    return {"counts": dict(Counter(row["parity"] for row in rows)), "rows": rows}


def parity_text(statement: Statement) -> str:
    """Return a block per part of AWS with three lines per row, two where both sides are the same."""
    return "\n\n".join(
        "\n".join([part, *(line for row in rows for line in _lines(row))]) for part, rows in statement.items()
    )


def _lines(row: Row) -> Iterator[str]:
    yield f"  {row.verdict.upper()} {row.subject}"
    yield f"    AWS: {row.aws}"
    if row.verdict is not Verdict.EQUAL:
        yield f"    emulator: {row.emulator}"
