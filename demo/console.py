"""How the demo speaks: one line a step with the seconds it took, live on a terminal, plain elsewhere."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from rich.console import Console
from rich.markup import escape

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Steps:
    """Announces the steps of the demo on one console.

    Attributes:
        console: where to write; rich decides whether it is a terminal.
        total: how many steps there are.
        clock: seconds, monotonic.
    """

    console: Console
    total: int
    clock: Callable[[], float] = time.monotonic

    @contextmanager
    def step(self, number: int, title: str) -> Iterator[Say]:
        """Run one step; what the body says is shown as the step's progress.

        Args:
            number: place of the step, from 1.
            title: what the step does, as a verb phrase.

        Yields:
            A function that takes one line of progress.
        """
        label = f"{number}/{self.total} {title}"
        started = self.clock()
        if self.console.is_terminal:
            with self.console.status(escape(label)) as status:
                yield lambda line: status.update(escape(f"{label}  {self._since(started)}  {line}"))
        else:
            self._print(label)
            yield lambda line: self._print(f"    {self._since(started)}  {line}")
        self._print(self._finished(label, started))

    def _finished(self, label: str, started: float) -> str:
        took = self._since(started)
        return f"{label:<56} {took}" if self.console.is_terminal else f"    {took}  done"

    def _since(self, started: float) -> str:
        return f"{self.clock() - started:6.1f} s"

    def _print(self, line: str) -> None:
        self.console.print(line, markup=False, highlight=False, soft_wrap=True)
