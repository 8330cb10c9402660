"""Shows what applying a plan does: a live line on a terminal, one line per step elsewhere."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self, assert_never

from mwaactl.executor.events import Detail, Event, Finished, Listener, Started, Tick
from mwaactl.planner.actions import DeleteObject, PutObject
from mwaactl.report.actions import subject_of, verb_of, written_lines

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from mwaactl.cli.console import Console

type Print = Callable[[str], None]


@contextmanager
def shown_progress(console: Console) -> Iterator[Listener]:
    """Give a listener that shows events on stderr as suits it."""
    if not console.interactive:
        with _Lines(console.status, tick=None) as lines:
            yield lines.show
        return
    from rich.console import Console as RichConsole
    from rich.text import Text

    rich = RichConsole(
        file=console.terminal, no_color=not console.colour, highlight=False, markup=False, emoji=False
    )
    shown = console.shown
    with rich.status("deploying") as status:
        width = max(rich.width - 4, 1)
        with _Lines(
            lambda text: rich.print(shown(text)),
            # A text of its own: rich reads `[…]` in others as instructions, and CloudFormation writes so.
            tick=lambda text: status.update(Text(shown(text)[:width])),
        ) as lines:
            yield lines.show


@dataclass(slots=True)
class _Lines:
    """Turns events into lines; objects written one after the other become one line.

    Attributes:
        line: Prints a line that stays.
        tick: Shows a line until the next one, where the display can.
    """

    line: Print
    tick: Print | None
    written: list[PutObject | DeleteObject] = field(default_factory=list)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.flush()

    def show(self, event: Event) -> None:
        """Show an event."""
        match event:
            case Started(action):
                self._tick(f"{verb_of(action)} {subject_of(action)}")
            case Tick(text):
                self._tick(text)
            case Detail(text, lasting):
                self.flush()
                self._detail(text, lasting=lasting)
            case Finished(PutObject() | DeleteObject() as action):
                self.written.append(action)
            case Finished(action, seconds):
                self.flush()
                self.line(f"{verb_of(action):<6} {subject_of(action)} ({seconds:.1f} s)")
            case _:
                assert_never(event)

    def flush(self) -> None:
        """Print the objects that were written since the last line."""
        for text in written_lines(self.written):
            self.line(text)
        self.written.clear()

    def _detail(self, text: str, *, lasting: bool) -> None:
        if self.tick is None or lasting:
            self.line(f"  {text}")
        else:
            self.tick(text)

    def _tick(self, text: str) -> None:
        if self.tick is not None:
            self.tick(text)
