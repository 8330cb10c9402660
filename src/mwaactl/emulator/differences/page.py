"""Writes the table into a page, between two markers: `python -m mwaactl.emulator.differences.page FILE`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from mwaactl.emulator.differences.account import ACCOUNT
from mwaactl.emulator.differences.cloudformation import CLOUDFORMATION
from mwaactl.emulator.differences.functions import FUNCTIONS
from mwaactl.emulator.differences.mwaa import MWAA
from mwaactl.emulator.differences.runtime import RUNTIME
from mwaactl.emulator.differences.storage import STORAGE
from mwaactl.emulator.warehouse.differences import DIFFERENCES as WAREHOUSE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from mwaactl.emulator.differences.difference import Difference

BEGIN = "<!-- differences: made by `make docs` from src/mwaactl/emulator/differences -->"
END = "<!-- end of differences -->"

SECTIONS: Mapping[str, tuple[Difference, ...]] = {
    "Account, permissions, network": ACCOUNT,
    "S3 and KMS": STORAGE,
    "MWAA": MWAA,
    "Airflow": RUNTIME,
    "Lambda": FUNCTIONS,
    "Redshift Serverless": WAREHOUSE,
    "CloudFormation": CLOUDFORMATION,
}
"""All rows by the heading they stand under."""


def render_sections() -> str:
    """Return a heading and a table per part, as Markdown."""
    return "\n\n".join(f"### {title}\n\n{_table(rows)}" for title, rows in SECTIONS.items())


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


def _table(rows: Iterable[Difference]) -> str:
    lines = (f"| {row.subject} | {row.aws} | {row.emulator} |" for row in rows)
    return "\n".join(["| what | AWS | emulator |", "|---|---|---|", *lines])


def main(arguments: list[str]) -> None:
    """Rewrite the page that the first argument names."""
    path = Path(arguments[0])
    path.write_text(with_table(path.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
