"""Whether what a contract says about its columns can be checked: keys, and how new the newest row is."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from typed_assets.spec.errors import SpecError, nearest
from typed_assets.spec.given import instance

if TYPE_CHECKING:
    from typed_assets.spec.contracts import Contract

_TELL_TIME = ("date", "timestamp")


def check_columns(contract: "Contract") -> None:
    """Refuse a column without a name, and keys and a freshness that could not be checked.

    Raises:
        SpecError: there is one.
    """
    _check_types(contract)
    if "" in contract.names:
        message = "a column of the contract has no name"
        raise SpecError(message)
    for name in _named(contract):
        if name not in contract.names:
            message = f"the contract has no column `{name}`"
            raise SpecError(message, hint=nearest(name, contract.names))
    for key in contract.keys:
        if not key or len(set(key)) < len(key):
            message = f"a key of the contract names {'a column twice' if key else 'no column'}"
            raise SpecError(message, hint="a key is the columns whose values together occur once")
    for column in contract.columns:
        if contract.fresh and column.name == contract.fresh.column and column.type.value not in _TELL_TIME:
            message = (
                f"`fresh` needs a date or a timestamp, and column `{column.name}` is {column.type.value}"
            )
            raise SpecError(message)


def _check_types(contract: "Contract") -> None:
    from typed_assets.spec.contracts import FreshData, RowCount

    if contract.rows is not None:
        instance(contract.rows, RowCount, "`rows`", "write `RowCount(minimum=1)`")
    if contract.fresh is not None:
        instance(contract.fresh, FreshData, "`fresh`", "write `FreshData(column=..., within=...)`")
    for key in contract.keys:
        instance(key, (tuple, list), "a key", f'write the columns of each key: `keys=[["{key}"]]`')


def _named(contract: "Contract") -> Iterator[str]:
    yield from (name for key in contract.keys for name in key)
    if contract.fresh:
        yield contract.fresh.column
