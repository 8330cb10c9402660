"""Shows what applying a plan does: a live line on a terminal, one line per step elsewhere."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, assert_never

from mwaactl.executor.events import Detail, Event, Finished, Listener, Started, Tick
from mwaactl.report.actions import subject_of, verb_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mwaactl.cli.console import Console


@contextmanager
def shown_progress(console: Console) -> Iterator[Listener]:
    """Give a listener that shows events on stderr as suits it."""
    if not console.interactive:
        yield lambda event: _write_plainly(console, event)
        return
    from rich.console import Console as RichConsole

    rich = RichConsole(file=console.stderr, no_color=not console.colour, highlight=False)
    with rich.status("deploying") as status:

        def show(event: Event) -> None:
            match event:
                case Started(action):
                    status.update(f"{verb_of(action)} {subject_of(action)}")
                case Detail(text) | Tick(text):
                    status.update(text[: rich.width - 4])
                case Finished():
                    rich.print(_finished(event), markup=False)
                case _:
                    assert_never(event)

        yield show


def _write_plainly(console: Console, event: Event) -> None:
    match event:
        case Started() | Tick():
            pass
        case Detail(text):
            console.status(f"  {text}")
        case Finished():
            console.status(_finished(event))
        case _:
            assert_never(event)


def _finished(event: Finished) -> str:
    return f"{verb_of(event.action):<6} {subject_of(event.action)} ({event.seconds:.1f} s)"
