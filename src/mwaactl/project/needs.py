"""What a Python file takes from other modules: modules, names, and attributes of modules."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, Flag, auto


class Moment(Enum):
    """When a need arises."""

    AT_IMPORT = "import"
    """As the file is imported: where it is not met, the file does not parse."""
    LATER = "later"
    """As a function runs: where it is not met, a task fails."""
    NEVER = "never"
    """Never in Airflow: for type checkers, or below `if __name__ == "__main__"`."""


class Kind(Enum):
    """How something is taken."""

    MODULE = "module"
    """`import lib.tables`."""
    NAME = "name"
    """`from lib import tables`."""
    ATTRIBUTE = "attribute"
    """`lib.tables.NAMES` after `import lib`."""
    MEMBER = "member"
    """`tables.NAMES` after `from lib import tables`; taken from `lib` as `tables.NAMES`."""
    STAR = "star"
    """`from lib import *`, and then a name that the file does not bind itself."""


class Failure(Flag):
    """What may fail with a need without harm, because the code handles it."""

    NOTHING = 0
    ABSENT_MODULE = auto()
    ABSENT_NAME = auto()
    ABSENT_ATTRIBUTE = auto()


@dataclass(frozen=True, slots=True)
class Need:
    """One thing that a file takes from a module.

    Attributes:
        module: The module's absolute name, for example `lib.tables`.
        name: What is taken from it: empty for the module itself, `*` for all of it; further attributes follow
            with dots.
        kind: How it is taken.
        moment: When.
        handled: What may fail without harm.
        instead: Needs that were tried before: this one arises only where they are not met.
    """

    module: str
    name: str
    kind: Kind
    moment: Moment = Moment.AT_IMPORT
    handled: Failure = Failure.NOTHING
    instead: tuple[Need, ...] = ()

    @property
    def order(self) -> str:
        """What needs are sorted by."""
        parts = (self.module, self.name, self.kind.value, self.moment.value, str(self.handled.value))
        return " ".join((*parts, *(each.order for each in self.instead)))
