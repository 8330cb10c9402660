"""Shows what a command is at: one line that changes on a terminal, a line for each step elsewhere."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from mwaactl.cli.console import Console


@contextmanager
def live_line(console: Console, first: str) -> Iterator[Callable[[str], None]]:
    """Give what shows a line on stderr; on a terminal it begins with `first` and is gone afterwards."""
    if not console.interactive:
        yield console.status
        return
    from rich.console import Console as RichConsole
    from rich.text import Text

    rich = RichConsole(file=console.stderr, no_color=not console.colour, highlight=False)
    with rich.status(Text(first)) as status:
        yield lambda text: status.update(Text(text[: rich.width - 4]))
