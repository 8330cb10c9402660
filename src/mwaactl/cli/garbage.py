"""The garbage collector of a process that carries out one command and ends."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

# So many objects more than before make the collector look; Python's own 700 are reached with 70 files.
OBJECTS = 100_000


@contextmanager
def rarely_collected() -> Iterator[None]:
    """Look for garbage rarely in the block, and no more when the process ends.

    What a command reads are values without circles, which are freed as nobody needs them. The collector would
    look through all of them again and again, and once more at the end.
    """
    gc.set_threshold(OBJECTS)
    try:
        yield
    finally:
        gc.freeze()
