"""What applying a plan tells while it works."""

from collections.abc import Callable
from dataclasses import dataclass

from mwaactl.planner.actions import Action


@dataclass(frozen=True, slots=True)
class Started:
    """An action begins."""

    action: Action


@dataclass(frozen=True, slots=True)
class Detail:
    """Something worth a line happens within an action.

    Attributes:
        lasting: Whether it must still be there to be read at the end.
    """

    text: str
    lasting: bool = False


@dataclass(frozen=True, slots=True)
class Tick:
    """Something moves within an action; the next tick replaces it."""

    text: str


@dataclass(frozen=True, slots=True)
class Finished:
    """An action is done.

    Attributes:
        seconds: How long it took.
    """

    action: Action
    seconds: float


type Event = Started | Detail | Tick | Finished
type Listener = Callable[[Event], None]
