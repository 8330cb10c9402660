"""Operators that cannot run on MWAA, or not as they are used elsewhere."""

from dataclasses import dataclass
from functools import cache
from typing import Literal

from mwaactl.catalog.tables import read_table


@dataclass(frozen=True, slots=True)
class RestrictedOperator:
    """One operator class; what is derived from it is meant too.

    Attributes:
        name: Full name of the class.
        severity: `error`: its tasks fail; `warning`: they work under conditions only.
        reason: Completes the sentence "… cannot run on MWAA: …".
        remedy: What to do instead.
        when: The argument that must be set for the row to hold, for example `in_cluster`; None for always.
    """

    name: str
    severity: Literal["error", "warning"]
    reason: str
    remedy: str
    when: str | None


@cache
def restricted_operators() -> tuple[RestrictedOperator, ...]:
    """All rows of the table, in its order."""
    return tuple(
        RestrictedOperator(name, row["severity"], row["reason"], row["remedy"], row.get("when"))
        for row in read_table("operators")["operators"]
        for name in row["names"]
    )
