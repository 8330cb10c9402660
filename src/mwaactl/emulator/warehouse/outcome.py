"""What a statement gave."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mwaactl.emulator.warehouse.result_columns import ResultColumn


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a statement gave: a result set to be fetched from the session, or a number of rows.

    Attributes:
        columns: The result set's columns; None if there is no result set.
        count: Rows changed; -1 if the statement changes none.
    """

    columns: tuple[ResultColumn, ...] | None = None
    count: int = -1
