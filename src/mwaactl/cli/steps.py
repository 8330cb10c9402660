"""Shows what a long check does at the moment, on stderr."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from mwaactl.cli.console import Console


@dataclass(frozen=True, slots=True)
class Steps:
    """Two ways to say something.

    Attributes:
        stage: Says what is begun.
        tick: Says how far it is, where that can be shown without a new line.
    """

    stage: Callable[[str], None]
    tick: Callable[[str], None]


@contextmanager
def shown_steps(console: Console) -> Iterator[Steps]:
    """Give what shows steps: a line each, or one line that changes where a person watches."""
    if not console.interactive:
        yield Steps(stage=console.status, tick=lambda _: None)
        return
    from rich.console import Console as RichConsole
    from rich.text import Text

    rich = RichConsole(file=console.terminal, no_color=not console.colour, highlight=False)
    with rich.status("checking") as status:

        def show(text: str) -> None:
            # A text of its own: rich reads `[…]` in others as instructions.
            status.update(Text(console.shown(text)))

        yield Steps(stage=show, tick=show)
