"""What a deployment has changed so far, and when: later actions and the record of the release need it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from mwaactl.planner.actions import CreateStack, UpdateParameters

if TYPE_CHECKING:
    from datetime import datetime

    from mwaactl.observed import StoredObject
    from mwaactl.planner.actions import Action


@dataclass(slots=True)
class Changes:
    """The effects of the actions that were carried out.

    Attributes:
        stored: Key to object, for what was written.
        done: The actions, in order.
        written: When something was last written; None until then.
        shared: When something that several DAGs may use was last written: a module, the packages.
        created: Whether the environment was created.
    """

    stored: dict[str, StoredObject] = field(default_factory=dict)
    done: list[Action] = field(default_factory=list)
    written: datetime | None = None
    shared: datetime | None = None
    created: bool = False

    def note_write(self, moment: datetime, *, shared: bool) -> None:
        """Note that something was written."""
        self.written = moment
        if shared:
            self.shared = moment

    def has_changed(self, stack: str) -> bool:
        """Tell whether a stack was created or updated."""
        changes = (each for each in self.done if isinstance(each, CreateStack | UpdateParameters))
        return any(each.stack == stack for each in changes)
