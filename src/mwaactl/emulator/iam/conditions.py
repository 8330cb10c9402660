"""Conditions: one operator with one key and its values, and whether a request meets them.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from mwaactl.emulator.iam.condition_operators import NULL
from mwaactl.emulator.iam.templates import plain

if TYPE_CHECKING:
    from mwaactl.emulator.iam.condition_operators import Operator
    from mwaactl.emulator.iam.templates import Filled, Template, Values


class SetOperator(Enum):
    """How many of a key's values must fit."""

    ALL = "ForAllValues"
    ANY = "ForAnyValue"


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition.

    Attributes:
        operator: How values are compared.
        key: The condition key, in lower case.
        values: The policy's values; one of them must fit, or none if the operator is negated.
        set_operator: How many of the request's values must fit.
        if_exists: Whether a request without the key meets it.
    """

    operator: Operator
    key: str
    values: tuple[Template, ...]
    set_operator: SetOperator | None = None
    if_exists: bool = False

    def holds(self, request: Values) -> bool:
        """Tell whether a request with these condition keys meets the condition."""
        found = _listed(request.get(self.key))
        filled = [each for value in self.values if (each := value.fill(request)) is not None]
        if self.operator.name == NULL:
            absent = "false" if found else "true"
            return any(plain(value).lower() == absent for value in filled)
        if not found or (self.set_operator and found == ("",)):
            return self._holds_without_key()
        match self.set_operator:
            case SetOperator.ALL:
                return all(self._fits(filled, value) for value in found)
            case SetOperator.ANY:
                return any(self._fits(filled, value) for value in found)
            case None:
                # AWS demands a set operator for keys with several values and does not say what happens
                # without: one that fits is enough, and a negated operator wants none that fits.
                fits = any(self.operator.test(each, value) for value in found for each in filled)
                return fits is not self.operator.negated

    def _fits(self, filled: list[Filled], value: str) -> bool:
        fits = any(self.operator.test(each, value) for each in filled)
        return fits is not self.operator.negated

    def _holds_without_key(self) -> bool:
        if self.if_exists:
            return True
        match self.set_operator:
            case SetOperator.ALL:
                return True
            case SetOperator.ANY:
                return False
            case None:
                return self.operator.negated


def _listed(value: str | tuple[str, ...] | None) -> tuple[str, ...]:
    if value is None:
        return ()
    return (value,) if isinstance(value, str) else value
