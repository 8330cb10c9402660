"""Errors of what an author wrote, with the place and the nearest right word."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands: a file, a line from 1, and the path of keys that leads there."""

    file: str
    line: int | None = None
    key: str | None = None

    def __str__(self) -> str:
        line = "" if self.line is None else f":{self.line}"
        key = "" if self.key is None else f" `{self.key}`"
        return f"{self.file}{line}{key}"


class SpecError(ValueError):
    """An author's mistake.

    Attributes:
        message: one sentence that names what is wrong.
        hint: what to do about it, or None.
        place: where it stands, or None where the author's file is not known.
    """

    def __init__(self, message: str, *, hint: str | None = None, place: Place | None = None) -> None:
        self.message, self.hint, self.place = message, hint, place
        super().__init__(self.sentence)

    @property
    def sentence(self) -> str:
        """Place, message and hint in one line, as Airflow's import errors show it."""
        start = "" if self.place is None else f"{self.place}: "
        end = "" if self.hint is None else f" ({self.hint})"
        return f"{start}{self.message}{end}"


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Return a hint that names the known word which is most like a wrong one, or None."""
    found = get_close_matches(word, sorted(set(known)), n=1, cutoff=0.6)
    return f"did you mean `{found[0]}`?" if found else None
