"""A state that could not be put back."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SetAside:
    """Where it is, and why.

    Attributes:
        path: Where it lies now.
        reason: Why it could not be read.
    """

    path: str
    reason: str
