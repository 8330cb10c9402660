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
    for rule in contract.rules:
        if rule.name in seen:
            message = f"the contract has two rules `{rule.name}`"
            raise SpecError(message, hint="results are told apart by their names")
        seen.add(rule.name)
        check_result_name(contract, rule.name, "rule")
        if not rule.sql.strip():
            message = f"the rule `{rule.name}` has no SQL"
            raise SpecError(message, hint="write a SELECT that counts violations")


def check_result_name(contract: "Contract", name: str, what: str) -> None:
    """Refuse a name that another result of a contract has, or that is none.

    Raises:
        SpecError: it is one.
    """
    column, _, kind = name.rpartition(".")
    keys = {f"{'+'.join(key)}.key" for key in contract.keys}
    if name in _OF_ALL | keys or (kind in _OF_COLUMNS and column in contract.names):
        message = f"a {what} cannot be called `{name}`, because another result is"
        raise SpecError(message, hint="choose another name")
    if not name or "\0" in name:
        message = f"a {what} needs a name"
        raise SpecError(message)
