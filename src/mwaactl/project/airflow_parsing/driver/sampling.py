"""Finds out what a slow import spends its time on, by looking at the stack every few milliseconds."""

import sys
import threading
import types
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any

_EVERY = 0.004
_MOST = 4


class Sampler:
    """Watches one thread from another.

    Args:
        roots: The folders of the user's code, each with a separator at its end.
        seconds: Tells the time.
    """

    def __init__(self, roots: Sequence[str], seconds: Callable[[], float]) -> None:
        self._roots = tuple(roots)
        self._seconds = seconds
        self._thread = threading.get_ident()
        self._over = threading.Event()
        self._lines: Counter[tuple[str, int]] = Counter()
        self._imports: Counter[str] = Counter()
        self._calls: Counter[str] = Counter()
        self._watcher = threading.Thread(target=self._watch, daemon=True)

    def start(self) -> None:
        """Begin."""
        self._watcher.start()

    def stop(self) -> dict[str, Any]:
        """End; return seconds by line of the user's code, by imported package and by function called."""
        self._over.set()
        self._watcher.join()
        lines = [
            {"path": path, "line": line, "seconds": seconds}
            for (path, line), seconds in self._lines.most_common(_MOST)
        ]
        named = {"imports": self._imports, "calls": self._calls}
        return {"lines": lines, **{kind: dict(found.most_common(_MOST)) for kind, found in named.items()}}

    def _watch(self) -> None:
        before = self._seconds()
        while not self._over.wait(_EVERY):
            frame = sys._current_frames().get(self._thread)  # noqa: SLF001  meant for this
            now = self._seconds()
            self._count(list(_stack(frame)), now - before)
            before = now

    def _count(self, stack: list[types.FrameType], seconds: float) -> None:
        """Charge a span of time to the innermost of the user's lines, and to what runs below it."""
        own = next(
            (at for at, each in enumerate(stack) if each.f_code.co_filename.startswith(self._roots)), None
        )
        if own is None:
            return
        frame = stack[own]
        self._lines[frame.f_code.co_filename, frame.f_lineno] += seconds  # type: ignore[assignment]
        below = [each for each in reversed(stack[:own]) if "importlib" not in each.f_code.co_filename]
        for package in {_package(each) for each in below if each.f_code.co_name == "<module>"}:
            self._imports[package] += seconds  # type: ignore[assignment]
        if below and below[0].f_code.co_name != "<module>":
            self._calls[f"{_package(below[0])}.{below[0].f_code.co_qualname}"] += seconds  # type: ignore[assignment]


def _stack(frame: types.FrameType | None) -> Iterator[types.FrameType]:
    """Walk from the innermost frame outwards."""
    while frame is not None:
        yield frame
        frame = frame.f_back


def _package(frame: types.FrameType) -> str:
    return str(frame.f_globals.get("__name__", "?")).partition(".")[0]
