"""Times Dagster's `materialize`, in Dagster's own environment: `with_dagster.py REPEATS`; prints JSON."""

import importlib
import time
from collections.abc import Callable
from typing import Any

from benchmarks.materialize.timing import report


def program() -> Callable[[], None]:
    """Import the library and return one run."""
    dg: Any = importlib.import_module("dagster")  # not in the toolkit's environment
    days = dg.DailyPartitionsDefinition(start_date="2013-01-01")

    def flights() -> Any:  # noqa: ANN401 - Dagster reads annotations
        """Make flights of which one breaks the check."""
        rows = [{"carrier": "UA", "delay": 500 if number == 999 else 1} for number in range(1000)]
        yield dg.Output(rows)
        worst = max(int(row["delay"]) for row in rows)
        yield dg.AssetCheckResult(passed=worst <= 100, check_name="delay", metadata={"worst": worst})

    def delays(flights: Any) -> Any:  # noqa: ANN401 - Dagster reads annotations
        """Make what is made of them."""
        return [{"total": sum(row["delay"] for row in flights)}]

    check = dg.AssetCheckSpec("delay", asset="flights", blocking=True)
    assets = [
        dg.asset(partitions_def=days, check_specs=[check])(flights),
        dg.asset(partitions_def=days)(delays),
    ]

    def run() -> None:
        result = dg.materialize(
            assets,
            partition_key="2013-01-31",
            raise_on_error=False,
            resources={"io_manager": dg.mem_io_manager},
        )
        made = {event.step_key for event in result.get_asset_materialization_events()}
        assert made == {"flights"}
        assert [each.passed for each in result.get_asset_check_evaluations()] == [False]

    return run


if __name__ == "__main__":
    began = time.perf_counter()
    report(program(), imported=time.perf_counter() - began)
