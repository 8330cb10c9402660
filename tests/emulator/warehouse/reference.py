"""Writes docs/reference/redshift-sql.md from the corpus: `python -m tests.emulator.warehouse.reference`."""

from __future__ import annotations

from pathlib import Path

CASES = Path(__file__).parent / "cases"
PAGE = Path(__file__).parents[3] / "docs" / "reference" / "redshift-sql.md"
HEAD = """# Redshift SQL in the emulator

Statements that the emulator's Redshift answers as Redshift does, by topic, and those that it refuses with the
reason. Each is run by the test suite with the rows that it gives; the flat files stand in
`tests/emulator/warehouse/cases/`. This page is made from them.
"""


def page() -> str:
    """Return the page's text."""
    return HEAD + "".join(
        _section(path) for path in sorted(CASES.glob("*.sql")) if path.stem != "differences"
    )


def _section(path: Path) -> str:
    answered: list[str] = []
    refused: list[str] = []
    statement = ""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("-- fails:") and answered:
            refused.append(f"{answered.pop()}\n-- {line.removeprefix('-- fails: ')}")
        elif line.strip() and not line.startswith("--"):
            statement += line
            if line.rstrip().endswith(";"):
                answered.append(statement)
                statement = ""
            else:
                statement += "\n"
    return (
        f"\n## {path.stem.replace('_', ' ').capitalize()}\n" + _block(answered) + _block(refused, "Refused:")
    )


def _block(statements: list[str], lead: str = "") -> str:
    body = "\n".join(statements)
    return (f"\n{lead}\n" if lead else "") + f"\n```sql\n{body}\n```\n" if statements else ""


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
