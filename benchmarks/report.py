"""Writes benchmarks/README.md: a section for each benchmark, with the machine and the date of its figures."""

from __future__ import annotations

import datetime as dt
import os
import platform
import re
from dataclasses import dataclass
from pathlib import Path

from benchmarks.root import ROOT

PAGE = ROOT / "benchmarks" / "README.md"
HEAD = """# Benchmarks

`make bench` runs them all and rewrites this page; `python -m benchmarks s3` runs one of them and rewrites its
section. No test in the suite is timed.
"""


@dataclass(frozen=True, slots=True)
class Section:
    """What one benchmark found.

    Attributes:
        title: Heading on the page.
        text: What was measured and how, in Markdown.
        columns: Heads of the table.
        rows: Its cells.
        kept: Whether every promise was kept.
    """

    title: str
    text: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    kept: bool


def write_section(section: Section, page: Path = PAGE) -> None:
    """Put a section in the place of the one with the same title, or at the end."""
    text = page.read_text(encoding="utf-8") if page.is_file() else HEAD
    _, *others = re.split(r"^## ", text, flags=re.MULTILINE)
    sections = {other.partition("\n")[0]: other.partition("\n")[2] for other in others}
    sections[section.title] = f"\n{_body(section)}"
    parts = [HEAD, *(f"## {title}\n{body.rstrip()}\n" for title, body in sections.items())]
    page.write_text("\n".join(parts), encoding="utf-8")


def _body(section: Section) -> str:
    lines = [section.text, "", _machine(), "", _row(section.columns), "|---" * len(section.columns) + "|"]
    return "\n".join([*lines, *(_row(cells) for cells in section.rows)])


def _row(cells: tuple[str, ...]) -> str:
    return f"| {' | '.join(cells)} |"


def _machine() -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    today = dt.datetime.now(tz=dt.UTC).date().isoformat()
    return (
        f"Measured on {today}: {os.cpu_count()} cores ({_processor()}), "
        f"{memory:.0f} GiB of memory, {platform.system()}, Python {platform.python_version()}."
    )


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.processor()
