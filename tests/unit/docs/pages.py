"""The repository's Markdown pages, as tests read them."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[3]
BUILT = {"node_modules", "build", "dist", "cdk.out"}
FENCE = re.compile(r"^```(?P<kind>\w*)[^\n]*\n(?P<text>.*?)^```", re.MULTILINE | re.DOTALL)


@cache
def pages() -> tuple[Path, ...]:
    """All pages but those of tools and packages, whose hundred thousand folders are not entered."""
    return tuple(sorted(path.relative_to(ROOT) for path in _pages()))


def _pages() -> Iterator[Path]:
    for folder, folders, files in ROOT.walk():
        folders[:] = [name for name in folders if _is_ours(folder, name)]
        yield from (folder / name for name in files if name.endswith(".md") and _is_ours(folder, name))


def _is_ours(folder: Path, name: str) -> bool:
    return name not in BUILT and not (folder == ROOT and name.startswith("."))


def text_of(page: Path) -> str:
    return (ROOT / page).read_text(encoding="utf-8")


def prose_of(page: Path) -> str:
    """The page without its code blocks."""
    return FENCE.sub("", text_of(page))
