"""Times `typed_assets.testing.materialize`: `with_typed_assets.py REPEATS`; prints seconds as JSON."""

from __future__ import annotations

import logging
import time
from datetime import date
from typing import TYPE_CHECKING, Any

from benchmarks.materialize.timing import report

if TYPE_CHECKING:
    from collections.abc import Callable

    from typed_assets import AssetContext


def program() -> Callable[[], None]:
    """Import the library and return one run."""
    from typed_assets import Column, ColumnType, Contract, Daily, asset
    from typed_assets.testing import materialize

    days = Daily(start=date(2013, 1, 1))
    text, number = Column(name="carrier", type=ColumnType.TEXT), ColumnType.INTEGER
    contract = Contract(columns=(text, Column(name="delay", type=number, maximum=100)))

    @asset(uri="s3://{data_bucket}/flights/", contract=contract, partitions=days)
    def flights() -> list[dict[str, Any]]:
        """Make flights of which one breaks the contract."""
        return [{"carrier": "UA", "delay": 500 if number == 999 else 1} for number in range(1000)]

    @asset(uri="s3://{data_bucket}/delays/", partitions=days, upstream=[flights])
    def delays(context: AssetContext) -> list[dict[str, Any]]:
        """Make what is made of them."""
        return [{"total": sum(row["delay"] for row in context.read("flights"))}]

    def run() -> None:
        result = materialize([flights, delays], partition="2013-01-31")
        assert result.states == {"flights": "refused", "delays": "skipped"}

    return run


if __name__ == "__main__":
    logging.disable()
    began = time.perf_counter()
    report(program(), imported=time.perf_counter() - began)
