"""Names of rules in SQL: results are told apart by their names, and no finding may hide behind another."""

from typing import TYPE_CHECKING

from typed_assets.spec.errors import SpecError

if TYPE_CHECKING:
    from typed_assets.spec.contracts import Contract

_OF_ALL = frozenset({"schema", "format", "rows", "fresh", "quarantine"})
_OF_COLUMNS = frozenset({"type", "nullable", "range", "allowed", "pattern", "length", "bytes", "unique"})


def check_rule_names(contract: "Contract") -> None:
    """Refuse rules that have one name, or the name of a result that is there without them.

    Raises:
        SpecError: there is one.
    """
    seen: set[str] = set()
    keys = {f"{'+'.join(key)}.key" for key in contract.keys}
    for rule in contract.rules:
        if rule.name in seen:
            message = f"the contract has two rules `{rule.name}`"
            raise SpecError(message, hint="results are told apart by their names")
        seen.add(rule.name)
        column, _, kind = rule.name.rpartition(".")
        if rule.name in _OF_ALL | keys or (kind in _OF_COLUMNS and column in contract.names):
            message = f"a rule cannot be called `{rule.name}`, because another result is"
            raise SpecError(message, hint="choose another name")
        if not rule.name or "\0" in rule.name:
            message = "a rule needs a name"
            raise SpecError(message)
