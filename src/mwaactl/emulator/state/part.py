"""What a part of the emulator tells of itself so that it can be kept and put back."""

from __future__ import annotations

from typing import Any, Protocol


class StatePart(Protocol):
    """A part that holds something beside moto."""

    @property
    def name(self) -> str:
        """The part's name in the snapshot; it must not change between versions of one format."""

    def mark(self) -> object:
        """Return what differs after every change; it is asked for often."""

    def settled(self) -> bool:
        """Tell whether the part can be kept as it is: no work is half-done that would be lost."""

    def read(self) -> Any:  # noqa: ANN401 - each part's own shape
        """Return what is to be kept, as values or as objects that moto holds too; it must not wait."""

    def install(self, kept: Any) -> None:  # noqa: ANN401 - what `read` returned
        """Put it back; called once, before the first request."""
