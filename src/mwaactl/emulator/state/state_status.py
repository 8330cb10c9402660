"""How the state on disk is, as the status page tells it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime  # noqa: TC003 - pydantic reads it

from mwaactl.emulator.state.inventory import Inventory  # noqa: TC001 - pydantic reads it
from mwaactl.emulator.state.set_aside import SetAside  # noqa: TC001 - pydantic reads it


@dataclass(frozen=True, slots=True)
class StateStatus:
    """The state at one moment.

    Attributes:
        path: The file that holds it.
        written_at: When it was last written; None if it never was.
        restored: What was put back when the emulator started; None if there was nothing.
        set_aside: The state that could not be put back then; None if there was none.
        left_out: Services whose data could not be written, with the reason.
        error: Why it could not be written the last time; None if it could.
    """

    path: str
    written_at: datetime | None = None
    restored: Inventory | None = None
    set_aside: SetAside | None = None
    left_out: tuple[str, ...] = ()
    error: str | None = None
