"""Judges a condition by what has been published."""

from collections.abc import Callable
from typing import assert_never

from typed_assets.spec.automation import AllOf, AnyOf, Condition, Eager, Not, OnCron, OnMissing, Updated


def holds(condition: Condition, is_updated: Callable[[str], bool]) -> bool:
    """Whether a condition holds.

    Args:
        condition: of publications; what belongs to a clock has been taken out of it.
        is_updated: tells of an asset whether it has been published since the pipeline ran last.
    """
    match condition:
        case Updated(asset):
            return is_updated(asset)
        case AllOf(parts):
            return all(holds(part, is_updated) for part in parts)
        case AnyOf(parts):
            return any(holds(part, is_updated) for part in parts)
        case Not(part):
            return not holds(part, is_updated)
        case Eager() | OnCron() | OnMissing():
            return True
        case _:
            assert_never(condition)
