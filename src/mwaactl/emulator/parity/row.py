"""One row of the statement of parity."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mwaactl.emulator.differences.difference import Difference


class Verdict(StrEnum):
    """How the emulator compares with AWS."""

    EQUAL = "equal"
    DIFFERS = "differs"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Row:
    """What a client observes on AWS and here.

    Attributes:
        subject: What it is about.
        verdict: How the two compare.
        aws: What AWS does.
        emulator: What happens here.
    """

    subject: str
    verdict: Verdict
    aws: str
    emulator: str


def equal(subject: str, aws: str) -> Row:
    """Return a row about what a client cannot tell from AWS."""
    return Row(subject, Verdict.EQUAL, aws, "the same")


def differs(difference: Difference) -> Row:
    """Return the row of a difference."""
    return Row(difference.subject, Verdict.DIFFERS, difference.aws, difference.emulator)


def refused(subject: str, answer: str, aws: str = "takes it") -> Row:
    """Return a row about what fails here by name."""
    return Row(subject, Verdict.REFUSED, aws, answer)


def listed(names: Iterable[str]) -> str:
    """Return names in alphabetical order."""
    return ", ".join(sorted(names))
