"""The contract of the flights of 2013, checked on the emulator's Redshift, beside a plain count."""

from __future__ import annotations

import statistics
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.report import Section
from benchmarks.s3.emulated import emulated_s3
from benchmarks.warehouse_copy import FLIGHTS, NAME, FlightsWarehouse, flights_file
from typed_assets.audit import audit
from typed_assets.io import stage_sql
from typed_assets.services import Services
from typed_assets.spec.assets import Asset
from typed_assets.spec.contracts import Column, ColumnType, Contract, FreshData, RowCount

if TYPE_CHECKING:
    from collections.abc import Callable

    from typed_assets.staging import Audit, Staged

RUNS = 5
TEXT = (
    f"A contract of 19 columns on the {FLIGHTS:,} flights of 2013 in a table: types, missing values, ranges, "
    "sets, patterns,\nlengths, a key of three columns, the number of rows and their age. Statements: those "
    "that read the table; its columns come from\nthe catalogue. Count: a plain count of the same rows, which "
    "DuckDB knows without reading them. Medians of the whole call, taken in turns."
)


def _number(name: str, low: int, high: int, *, nullable: bool = False) -> Column:
    return Column(name=name, type=ColumnType.INTEGER, minimum=low, maximum=high, nullable=nullable)


def _code(name: str, pattern: str, longest: int, **rules: Any) -> Column:  # noqa: ANN401
    return Column(name=name, type=ColumnType.TEXT, pattern=pattern, max_bytes=longest, **rules)


CONTRACT = Contract(
    columns=(
        _number("year", 2013, 2013),
        _number("month", 1, 12),
        _number("day", 1, 31),
        _number("dep_time", 0, 2400, nullable=True),
        _number("sched_dep_time", 0, 2400),
        _number("dep_delay", -120, 1440, nullable=True),
        _number("arr_time", 0, 2400, nullable=True),
        _number("sched_arr_time", 0, 2400),
        _number("arr_delay", -120, 1440, nullable=True),
        _code("carrier", "[A-Z0-9]{2}", 2),
        _number("flight", 1, 9999),
        _code("tailnum", "[A-Z0-9]+", 6, nullable=True),
        _code("origin", "[A-Z]{3}", 3, allowed=("EWR", "JFK", "LGA")),
        _code("dest", "[A-Z]{3}", 3),
        _number("air_time", 1, 1000, nullable=True),
        _number("distance", 1, 6000),
        _number("hour", 0, 24),
        _number("minute", 0, 59),
        Column(name="time_hour", type=ColumnType.TIMESTAMP, minimum="2013-01-01", maximum="2014-01-02"),
    ),
    keys=(("time_hour", "carrier", "flight"),),
    rows=RowCount(minimum=300_000, maximum=400_000),
    fresh=FreshData(column="time_hour", within=timedelta(days=2)),
)


def measure() -> Section:
    """Measure both in turns, on one table."""
    with tempfile.TemporaryDirectory(prefix="mwaactl-bench-") as folder:
        home = Path(folder)
        flights = flights_file(home)
        with emulated_s3(0, home / "server") as s3:
            checked = _Checked(FlightsWarehouse(s3, flights))
            pairs = [(_seconds(checked.audit), _seconds(checked.count)) for _ in range(RUNS)]
    own, count = (statistics.median(seconds) for seconds in zip(*pairs, strict=True))
    one = checked.statements == RUNS
    each = f"{checked.statements / RUNS:g}"
    print(f"contract {own:.2f} s | COUNT(*) {count:.2f} s | {each} statements", flush=True)
    return Section(
        "Contract check",
        TEXT,
        ("what", "seconds", "count", "figure", "statements", "promised", "runs"),
        (
            (
                "contract of the flights",
                f"{own:.2f}",
                f"{count:.2f}",
                f"{own / count:.1f} times its time",
                each,
                "1" + ("" if one else ": **not kept**"),
                str(RUNS),
            ),
        ),
        one,
    )


class _Checked:
    """The flights in a staging table; counts the statements that read it."""

    def __init__(self, warehouse: FlightsWarehouse) -> None:
        warehouse.copy(0)
        self.statements = 0
        self._warehouse = warehouse
        self._client = warehouse.client("redshift-data")
        self._client.meta.events.register("provide-client-params.redshift-data", self._note)
        clients: dict[str, Any] = {"redshift-data": self._client}
        self._services = Services(
            client=clients.__getitem__, options={}, now=lambda: datetime(2014, 1, 1, tzinfo=UTC)
        )
        uri = f"redshift://{NAME}/{NAME.replace('-', '_')}/public/flights"
        self._asset = Asset(name="flights", uri=uri, contract=CONTRACT)
        self._staged: Staged = stage_sql(
            self._asset, "SELECT * FROM flights_0", services=self._services, token=NAME
        )

    def audit(self) -> None:
        found: Audit = audit(self._asset, self._staged, services=self._services)
        failed = [check for check in found.checks if not check.passed]
        assert (found.rows, failed) == (FLIGHTS, []), failed

    def count(self) -> None:
        (count,) = self._warehouse.run_query("SELECT COUNT(*) FROM flights_0")
        assert count == [{"longValue": FLIGHTS}]

    def _note(self, params: dict[str, Any], **_: object) -> None:
        self.statements += "COUNT(*)" in params.get("Sql", "")


def _seconds(call: Callable[[], None]) -> float:
    started = time.perf_counter()
    call()
    return time.perf_counter() - started
