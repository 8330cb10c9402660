"""The same data and the same contract give the same results, as a file on S3 and as a table of Redshift."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fakes.bounds_in_order import in_order
from tests.fakes.lake import lake_in_memory
from typed_assets.audit import audit
from typed_assets.io import Form, stage_rows, stage_sql
from typed_assets.spec.assets import Asset, Quarantine
from typed_assets.spec.contracts import Column, ColumnType, Contract, FreshData, RowCount, Severity

if TYPE_CHECKING:
    from collections.abc import Callable

    from typed_assets.services import Services
    from typed_assets.staging import Audit

NOW = datetime(2013, 2, 1, tzinfo=UTC)
FEW: dict[ColumnType, st.SearchStrategy[Any]] = {
    ColumnType.TEXT: st.text("abA1é \\'", max_size=4),
    ColumnType.INTEGER: st.integers(-3, 3) | st.sampled_from([-(2**63), 2**63 - 1]),
    ColumnType.DECIMAL: st.decimals(-2, 2, places=2) | st.sampled_from([Decimal("0.0000000001")]),
    ColumnType.FLOAT: st.sampled_from([-0.0, 0.0, 0.1, 0.30000000000000004, -2.5, 1e300, 5e-324]),
    ColumnType.BOOLEAN: st.booleans(),
    ColumnType.DATE: st.dates(date(2013, 1, 29), date(2013, 2, 1)),
    ColumnType.TIMESTAMP: st.datetimes(datetime(2013, 1, 31), datetime(2013, 1, 31, 0, 0, 1)),  # noqa: DTZ001
}
PATTERNS = (r"[a-z]+", r"a.*", r"\w{1,3} ?", r"\S*|.", r"\\+'?", r"^1?$")
SQL_TYPES = {
    ColumnType.TEXT: "VARCHAR(64)",
    ColumnType.INTEGER: "BIGINT",
    ColumnType.DECIMAL: "DECIMAL(38, 10)",
    ColumnType.FLOAT: "DOUBLE PRECISION",
    ColumnType.BOOLEAN: "BOOLEAN",
    ColumnType.DATE: "DATE",
    ColumnType.TIMESTAMP: "TIMESTAMP",
}


@dataclass(frozen=True, slots=True)
class Case:
    """Rows, and the contract that they may break."""

    contract: Contract
    rows: list[dict[str, Any]]


def bound(value: Any) -> Any:
    """Return a value as a contract writes it."""
    return value if isinstance(value, bool | int | float | str) else str(value)


@st.composite
def columns(draw: Callable[..., Any], number: int) -> Column:
    kind = draw(st.sampled_from(ColumnType))
    value = FEW[kind].map(bound)
    text, ordered = kind is ColumnType.TEXT, kind is not ColumnType.BOOLEAN
    return Column(
        name=f"c{number}",
        type=kind,
        nullable=draw(st.booleans()),
        unique=draw(st.booleans()),
        **(in_order(kind, draw(st.none() | value), draw(st.none() | value)) if ordered else {}),
        allowed=tuple(draw(st.just([]) | st.lists(value, max_size=3))),
        pattern=draw(st.none() | st.sampled_from(PATTERNS)) if text else None,
        min_length=draw(st.none() | st.integers(1, 2)) if text else None,
        max_length=draw(st.none() | st.integers(2, 4)) if text else None,
        max_bytes=draw(st.none() | st.integers(1, 4)) if text else None,
        severity=draw(st.sampled_from(Severity)),
    )


def row_counts(least: int) -> st.SearchStrategy[RowCount]:
    return st.builds(RowCount, minimum=st.just(least), maximum=st.none() | st.integers(least, 5))


@st.composite
def cases(draw: Callable[..., Any]) -> Case:
    found = tuple(draw(columns(number)) for number in range(draw(st.integers(2, 5))))
    times = [column.name for column in found if column.type in {ColumnType.DATE, ColumnType.TIMESTAMP}]
    fresh = FreshData(column=times[0], within=timedelta(hours=draw(st.integers(0, 48)))) if times else None
    contract = Contract(
        columns=found,
        keys=draw(st.sampled_from([(), (("c0", "c1"),), (("c1",), ("c0", "c1"))])),
        rows=draw(st.none() | st.integers(0, 4).flatmap(row_counts)),
        fresh=fresh,
    )
    row = st.fixed_dictionaries({column.name: st.none() | FEW[column.type] for column in found})
    return Case(contract, draw(st.lists(row, max_size=6)))


def select(case: Case) -> str:
    """Return the rows as a SELECT, so that nothing of what reads and writes files is in it."""
    rows = [
        ", ".join(f"CAST({sql(row[column.name])} AS {SQL_TYPES[column.type]}) AS {column.name}"
                  for column in case.contract.columns)
        for row in case.rows
    ]  # fmt: skip
    none = ", ".join(
        f"CAST(NULL AS {SQL_TYPES[column.type]}) AS {column.name}" for column in case.contract.columns
    )
    return " UNION ALL ".join([f"SELECT {none} WHERE 1 = 0", *(f"SELECT {row}" for row in rows)])


def sql(value: Any) -> str:
    if value is None:
        return "NULL"
    return "'" + str(value).replace("\\", "\\\\").replace("'", "''") + "'"


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(case=cases(), form=st.sampled_from([Form("jsonl"), Form("jsonl", gzipped=True)]))
def test_a_file_and_a_table_give_the_same_results(services: Services, case: Case, form: Form) -> None:
    lake = lake_in_memory(now=NOW)
    file = Asset(name="lake.x", uri="s3://{data_bucket}/x/", contract=case.contract)
    staged = stage_rows(file, case.rows, services=lake.services, token="t", form=form)
    streamed = audit(file, staged, services=lake.services)

    table = replace(file, uri="redshift://{warehouse_workgroup}/{warehouse_database}/mart/x")
    staged = stage_sql(table, select(case), services=services, token=str(uuid4()))
    measured = audit(table, staged, services=services)
    assert measured == streamed


def place(row: dict[str, Any], contract: Contract) -> list[tuple[bool, Any]]:
    """Return where a row stands in the order of a table's columns, missing values last."""
    found = (row[column.name] for column in contract.columns)
    values = (value.rstrip(" ").encode() if isinstance(value, str) else value for value in found)
    return [(value is None, 0 if value is None else value) for value in values]


def told(found: Audit) -> Any:
    """Return what both must find; of two rows with one key, a file's order tells which is aside."""
    warned = {check.name for check in found.checks if check.severity is Severity.WARN}
    names = {name for name in warned if name.endswith(".unique")}
    return (
        [check for check in found.checks if check.name not in names],
        (found.rows, found.quarantined, found.schema_hash),
    )


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(case=cases())
def test_a_file_and_a_table_put_the_same_rows_aside(services: Services, case: Case) -> None:
    lake, rows = lake_in_memory(now=NOW), sorted(case.rows, key=lambda row: place(row, case.contract))
    aside = Quarantine(uri="s3://{data_bucket}/bad/", max_share=0.4)
    file = Asset(name="lake.x", uri="s3://{data_bucket}/x/", contract=case.contract, quarantine=aside)
    staged = stage_rows(file, rows, services=lake.services, token="t")
    streamed = audit(file, staged, services=lake.services)

    at = "redshift://{warehouse_workgroup}/{warehouse_database}/"
    name = f"bad_{uuid4().hex}"
    table = replace(file, uri=f"{at}mart/x", quarantine=replace(aside, uri=f"{at}aside/{name}"))
    staged = stage_sql(table, select(case), services=services, token=name)
    assert told(audit(table, staged, services=services)) == told(streamed)
