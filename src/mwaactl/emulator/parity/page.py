"""Writes the statement into a page, between two markers: `python -m mwaactl.emulator.parity.page FILE`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from mwaactl.emulator.parity.statement import statement

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mwaactl.emulator.parity.row import Row

BEGIN = "<!-- parity: made by `make docs` from src/mwaactl/emulator/parity and .../differences -->"
END = "<!-- end of parity -->"


def render_sections() -> str:
    """Return a heading and the part of the table below it, per part of AWS, as Markdown."""
    return "\n\n".join(f"### {title}\n\n{_table(rows)}" for title, rows in statement().items())


def with_table(page: str) -> str:
    """Return the page with the present table between its markers.

    Raises:
        ValueError: The page lacks a marker.
    """
    head, begin, rest = page.partition(BEGIN)
    _, end, tail = rest.partition(END)
    if not begin or not end:
        message = f"the page lacks `{END if begin else BEGIN}`"
        raise ValueError(message)
    return f"{head}{BEGIN}\n\n{render_sections()}\n\n{END}{tail}"


def _table(rows: Iterable[Row]) -> str:
    lines = (f"| {row.subject} | {row.verdict} | {row.aws} | {row.emulator} |" for row in rows)
    return "\n".join(["| what | parity | AWS | emulator |", "|---|---|---|---|", *lines])


def main(arguments: list[str]) -> None:
    """Rewrite the page that the first argument names."""
    path = Path(arguments[0])
    path.write_text(with_table(path.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
