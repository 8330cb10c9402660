"""One difference between AWS and the emulator."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Difference:
    """What a user would be misled by; what fails here by name is no difference.

    Attributes:
        subject: What it is about.
        aws: What AWS does.
        emulator: What happens here.
    """

    subject: str
    aws: str
    emulator: str
