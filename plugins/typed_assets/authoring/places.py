"""Where in a file an author wrote something."""

import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from typed_assets.spec.errors import Place, SpecError


def place_of(function: Callable[..., Any]) -> Place | None:
    """Return where a function stands, or None for what has no code of its own."""
    code = getattr(inspect.unwrap(function), "__code__", None)
    return None if code is None else Place(code.co_filename, code.co_firstlineno)


def place_of_caller(depth: int) -> Place | None:
    """Return the line that called the function which asks, or one further out for each `depth` above 1."""
    frame = inspect.currentframe()
    for _ in range(depth + 1):
        frame = None if frame is None else frame.f_back
    return None if frame is None else Place(frame.f_code.co_filename, frame.f_lineno)


@contextmanager
def placed(place: Place | None) -> Iterator[None]:
    """Name a place in errors of the block that name none.

    Raises:
        SpecError: the block raised it.
    """
    try:
        yield
    except SpecError as error:
        raise SpecError(error.message, hint=error.hint, place=error.place or place) from None
