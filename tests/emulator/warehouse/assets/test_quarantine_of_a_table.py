"""Bad rows of a table go to a quarantine table with the reason; the others are published."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from tests.fakes.lake import CONTRACT
from typed_assets.audit import audit
from typed_assets.io import (
    DataError,
    NotStagedError,
    StatementError,
    discard,
    publish,
    read,
    stage_rows,
    stage_sql,
)
from typed_assets.io.redshift_tables import accepted_table, staging_table
from typed_assets.io.sql_text import table_name
from typed_assets.io.statements import warehouse_of
from typed_assets.spec.assets import Asset, Quarantine
from typed_assets.spec.contracts import Column, ColumnType, Contract, RowCount, Severity, SqlRule
from typed_assets.spec.errors import SpecError
from typed_assets.spec.locations import RedshiftTable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.fakes.warehouse_in_process import WarehouseInProcess
    from typed_assets.services import Services
    from typed_assets.staging import Audit

AT = "redshift://{warehouse_workgroup}/{warehouse_database}/"
BAD = Quarantine(uri=f"{AT}aside/flights", max_share=1)
ASSET = Asset(name="mart.gated", uri=f"{AT}mart/gated", contract=CONTRACT, quarantine=BAD)
GOOD = {"carrier": "UA", "flight": 1, "day": date(2013, 1, 31), "fare": 1}
ROWS: list[dict[str, Any]] = [
    GOOD,
    {**GOOD, "flight": 0, "carrier": "it's"},
    {**GOOD, "flight": 2, "carrier": None},
    {**GOOD, "fare": 2},
    {**GOOD, "fare": 3},
    {**GOOD, "flight": 3, "day": date(2012, 12, 31)},
]
REASONS = [
    ("carrier.nullable", "carrier is missing"),
    ("carrier.pattern; carrier.bytes; flight.range",
     "carrier must be text like [A-Z0-9]{2}; carrier must be at most 2 bytes; flight must be at least 1"),
    ("carrier+flight+day.key", "carrier, flight, day occur more than once"),
    ("carrier+flight+day.key", "carrier, flight, day occur more than once"),
    ("day.range", "day must be at least 2013-01-01"),
]  # fmt: skip


@pytest.fixture(autouse=True)
def _empty(services: Services) -> Iterator[None]:
    yield
    drops = ["DROP TABLE IF EXISTS aside.flights", "DROP TABLE IF EXISTS mart.gated"]
    warehouse_of(RedshiftTable("assets", "dev", "mart", "gated"), services).batch(drops, "clean")


def query(services: Services, sql: str) -> list[list[Any]]:
    place = RedshiftTable("assets", "dev", "mart", "gated")
    return list(warehouse_of(place, services).rows(sql))


def quarantined(services: Services) -> list[tuple[str, str]]:
    found = query(services, "SELECT _rules, _reasons FROM aside.flights ORDER BY _rules")
    return [(str(rules), str(reasons)) for rules, reasons in found]


def failed(found: Audit) -> dict[str, int]:
    return {check.name: check.violations for check in found.checks if not check.passed}


def test_bad_rows_go_there_with_the_reason_and_the_others_are_published(services: Services) -> None:
    staged = stage_rows(ASSET, ROWS, services=services, token="bad")
    found = audit(ASSET, staged, services=services)
    assert failed(found) == {}
    assert (found.rows, found.quarantined) == (1, 5)
    assert quarantined(services) == sorted(REASONS)
    (row,) = query(services, "SELECT carrier, flight, day, _asset, _partition, _at FROM aside.flights "
                             "WHERE _rules = 'day.range'")  # fmt: skip
    assert row == ["UA", 3, "2012-12-31", "mart.gated", None, "2013-02-01 00:00:00"]
    assert audit(ASSET, staged, services=services) == found, "checking again gives the same"
    assert len(quarantined(services)) == 5
    publish(ASSET, staged, services=services)
    assert [(row["flight"], row["fare"]) for row in read(ASSET, services=services)] == [(1, 1)]
    discard(ASSET, staged, services=services)
    left = query(services, "SELECT table_name FROM svv_tables WHERE table_name LIKE 'gated\\\\_\\\\_%'")
    assert left == []


def test_more_than_the_share_fails_the_check_and_is_kept_all_the_same(services: Services) -> None:
    asset = replace(ASSET, quarantine=replace(BAD, max_share=0.5))
    staged = stage_rows(asset, ROWS, services=services, token="share")
    found = audit(asset, staged, services=services)
    assert failed(found)["quarantine"] == 5
    (check,) = (check for check in found.checks if check.name == "quarantine")
    assert (check.observed, check.expected) == ("5 of 6 rows (83.33%)", "at most 50.00% of the rows")
    assert len(quarantined(services)) == 5


def test_mended_data_heals_and_takes_its_rows_out_of_quarantine(services: Services) -> None:
    staged = stage_rows(ASSET, ROWS, services=services, token="heal")
    audit(ASSET, staged, services=services)
    staged = stage_rows(ASSET, [GOOD], services=services, token="heal")
    found = audit(ASSET, staged, services=services)
    assert (failed(found), found.rows, found.quarantined) == ({}, 1, 0)
    assert quarantined(services) == []


def test_good_rows_make_no_quarantine(in_process: WarehouseInProcess, services: Services) -> None:
    staged = stage_rows(ASSET, [GOOD], services=services, token="good")
    in_process.statements()
    assert audit(ASSET, staged, services=services).quarantined == 0
    assert not [sql for sql in in_process.statements() if '"aside"' in sql]
    publish(ASSET, staged, services=services)
    assert len(list(read(ASSET, services=services))) == 1


def test_a_warning_stays_in_the_data_and_own_rules_read_what_may_be_published(services: Services) -> None:
    columns = tuple(
        replace(column, severity=Severity.WARN) if column.name == "carrier" else column
        for column in CONTRACT.columns
    )
    rule = SqlRule(name="low", sql="SELECT COUNT(*) FROM {table} WHERE flight < 1")
    asset = replace(ASSET, contract=replace(CONTRACT, columns=columns, rules=(rule,)))
    rows = [{**GOOD, "carrier": "ua"}, {**GOOD, "flight": 0}]
    found = audit(asset, stage_rows(asset, rows, services=services, token="warn"), services=services)
    assert failed(found) == {"carrier.pattern": 1}
    assert (found.rows, found.quarantined) == (1, 1)


@dataclass
class Interrupted:
    """A client of the Data API; something is done just before the first batch about the quarantine."""

    client: Any
    first: Callable[[], object] | None

    def batch_execute_statement(self, **given: Any) -> Any:
        if self.first and any('"aside"' in sql for sql in given["Sqls"]):
            first, self.first = self.first, None
            first()
        return self.client.batch_execute_statement(**given)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.client, name)


def interrupted(services: Services, first: Callable[[], object]) -> Services:
    clients = {
        "s3": services.client("s3"),
        "redshift-data": Interrupted(services.client("redshift-data"), first),
    }
    return replace(services, client=clients.__getitem__)


NARROW = replace(ASSET, contract=Contract(columns=(Column(name="a", type=ColumnType.TEXT, max_bytes=1),)))


def test_attempts_that_make_the_quarantine_at_once_both_fill_it(services: Services) -> None:
    staged = [stage_rows(ASSET, [{**GOOD, "flight": 0}], services=services, token=token) for token in "xy"]
    meanwhile = interrupted(services, lambda: audit(ASSET, staged[1], services=services))
    assert audit(ASSET, staged[0], services=meanwhile).quarantined == 1
    assert [rules for rules, _ in quarantined(services)] == ["flight.range"] * 2


def test_attempts_that_bring_the_same_new_column_at_once_both_fill_it(services: Services) -> None:
    first = stage_sql(NARROW, "SELECT 'ab' AS a", services=services, token="1")
    audit(NARROW, first, services=services)
    staged = [
        stage_sql(NARROW, f"SELECT 'abc' AS a, {number} AS b", services=services, token=f"b{number}")
        for number in (1, 2)
    ]
    meanwhile = interrupted(services, lambda: audit(NARROW, staged[1], services=services))
    assert audit(NARROW, staged[0], services=meanwhile).quarantined == 1
    assert query(services, "SELECT a, b FROM aside.flights ORDER BY b NULLS FIRST") == [
        ["ab", None],
        ["abc", 1],
        ["abc", 2],
    ]


def test_what_the_warehouse_refuses_otherwise_is_told_at_once(services: Services) -> None:
    staged = stage_rows(ASSET, [{**GOOD, "flight": 0}], services=services, token="gone")
    place = RedshiftTable("assets", "dev", "mart", "gated")
    dropped = f"DROP TABLE {table_name(accepted_table(place, 'gone'))}"
    meanwhile = interrupted(services, lambda: warehouse_of(place, services).run(dropped, "drop"))
    with pytest.raises(StatementError, match="gated__accepted"):
        audit(ASSET, staged, services=meanwhile)


def test_an_attempt_without_bad_rows_writes_nothing_to_the_quarantine_of_others(
    in_process: WarehouseInProcess, services: Services
) -> None:
    audit(ASSET, stage_rows(ASSET, ROWS, services=services, token="bad"), services=services)
    staged = stage_rows(ASSET, [GOOD], services=services, token="good")
    in_process.statements()
    assert audit(ASSET, staged, services=services).quarantined == 0
    about = [sql.split()[0] for sql in in_process.statements() if '"aside"' in sql]
    assert about == ["SELECT"]
    assert len(quarantined(services)) == 5


def test_columns_that_come_later_come_there_too_and_other_types_are_refused(services: Services) -> None:
    narrow = NARROW
    staged = stage_sql(narrow, "SELECT 'ab' AS a", services=services, token="1")
    assert audit(narrow, staged, services=services).quarantined == 1
    wide = "SELECT 'abcdef' AS a, 1 AS b"
    staged = stage_sql(narrow, wide, services=services, token="2")
    assert audit(narrow, staged, services=services).quarantined == 1
    assert query(services, "SELECT a, b FROM aside.flights ORDER BY b") == [["abcdef", 1], ["ab", None]]
    staged = stage_sql(narrow, "SELECT 'abc' AS a, 1.5 AS b", services=services, token="3")
    with pytest.raises(DataError, match=r"has `b` as integer, and the rows have it as DECIMAL\(2, 1\)"):
        audit(narrow, staged, services=services)
    assert len(quarantined(services)) == 2


def test_a_table_that_is_no_quarantine_is_left_alone(services: Services) -> None:
    place = RedshiftTable("assets", "dev", "mart", "gated")
    made = ["CREATE SCHEMA IF NOT EXISTS aside", "CREATE TABLE aside.flights (flight INTEGER)"]
    warehouse_of(place, services).batch(made, "other")
    staged = stage_rows(ASSET, ROWS, services=services, token="other")
    with pytest.raises(DataError, match="aside/flights is there already, and is no quarantine"):
        audit(ASSET, staged, services=services)


@pytest.mark.parametrize("uri", ["redshift://assets/dev/mart/gated", "redshift://other/dev/aside/flights"])
def test_a_quarantine_is_another_table_of_the_same_database(services: Services, uri: str) -> None:
    asset = replace(ASSET, quarantine=Quarantine(uri=uri))
    staged = stage_rows(asset, [GOOD], services=services, token="where")
    with pytest.raises(SpecError, match="must be another table of the same database"):
        audit(asset, staged, services=services)


def test_a_column_that_the_quarantine_needs_is_refused(services: Services) -> None:
    contract = Contract(columns=(Column(name="_Rules", type=ColumnType.INTEGER),), rows=RowCount())
    asset = replace(ASSET, contract=contract)
    staged = stage_sql(asset, 'SELECT 1 AS "_Rules"', services=services, token="own")
    with pytest.raises(SpecError, match=r"has the column `_rules`, which its quarantine needs"):
        audit(asset, staged, services=services)


def test_what_was_not_checked_is_not_published(services: Services) -> None:
    staged = stage_rows(ASSET, [GOOD], services=services, token="unchecked")
    with pytest.raises(NotStagedError, match="gated__accepted_"):
        publish(ASSET, staged, services=services)
    assert staging_table(RedshiftTable("assets", "dev", "mart", "gated"), "unchecked").table in staged.place


def test_rows_of_two_hundred_columns_are_told_all_that_they_break(services: Services) -> None:
    columns = tuple(
        Column(name=f"column_{number:03}", type=ColumnType.TEXT, pattern="[a-z]" + "x?" * 30, max_length=40)
        for number in range(200)
    )
    asset = replace(ASSET, contract=Contract(columns=columns))
    bad = {column.name: "A" if column.name in ("column_000", "column_199") else "b" for column in columns}
    select = " UNION ALL ".join(
        "SELECT " + ", ".join(f"'{row[column.name]}' AS {column.name}" for column in columns)
        for row in (bad, dict.fromkeys(bad, "c"))
    )
    staged = stage_sql(asset, select, services=services, token="wide")
    found = audit(asset, staged, services=services)
    assert (failed(found), found.rows, found.quarantined) == ({}, 1, 1)
    ((rules, reasons),) = quarantined(services)
    assert rules == "column_000.pattern; column_199.pattern"
    assert reasons.count("must be text like [a-z]x?") == 2
    publish(asset, staged, services=services)
    assert list(read(asset, services=services)) == [dict.fromkeys(bad, "c")]
