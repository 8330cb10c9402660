"""Files on S3 are checked against a contract row by row; bad rows go to quarantine where there is one."""

from __future__ import annotations

import gzip
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from tests.fakes.lake import CONTRACT
from typed_assets.audit import audit
from typed_assets.io import DataError, NotStagedError, publish, read, stage_files
from typed_assets.spec.assets import Quarantine
from typed_assets.spec.contracts import Column, ColumnType, Contract, FreshData, RowCount, Severity, SqlRule
from typed_assets.spec.errors import SpecError
from typed_assets.testing.memory_s3 import MemoryS3

if TYPE_CHECKING:
    from tests.fakes.lake import Lake
    from typed_assets.spec.assets import Asset
    from typed_assets.staging import Audit

HEADER = "carrier,flight,day,left_at,fare,delay,cancelled"
GOOD = "UA,1,2013-01-31,2013-01-31 05:17:00,120.50,-2.5,false"
BAD_ROWS = {
    "AA,one,2013-01-31,,,,": ("flight.type", "flight", "one", "must be integer"),
    ",2,2013-01-31,,,,": ("carrier.nullable", "carrier", None, "is missing"),
    "ua,3,2013-01-31,,,,": ("carrier.pattern", "carrier", "ua", "must be text like [A-Z0-9]{2}"),
    "AA,0,2013-01-31,,,,": ("flight.range", "flight", "0", "must be at least 1"),
    "AA,4,2012-12-31,,,,": ("day.range", "day", "2012-12-31", "must be at least 2013-01-01"),
    "AA,5,2013-01-31,,,1000.5,": ("delay.range", "delay", "1000.5", "must be at most 1000"),
    "AA,6,2013-02-30,,,,": ("day.type", "day", "2013-02-30", "must be date"),
    "AA,7,2013-01-31,,,,maybe": ("cancelled.type", "cancelled", "maybe", "must be boolean"),
    "UA,1,2013-01-31,,,,": ("carrier+flight+day.key", "carrier+flight+day", "UA, 1, 2013-01-31",
                            "occur more than once"),
    "AA,8": ("format", "", None, "has 2 fields where the header has 7"),
}  # fmt: skip


def run(lake: Lake, asset: Asset, *rows: str, header: str = HEADER, name: str = "f.csv") -> Audit:
    key = lake.put(f"landed/{name}", "\n".join([header, *rows]) + "\n")
    staged = stage_files(asset, [key], services=lake.services, token="t")
    return audit(asset, staged, services=lake.services)


def failed(found: Audit) -> dict[str, int]:
    return {check.name: check.violations for check in found.checks if not check.passed}


@pytest.mark.parametrize("name", ["f.csv", "f.csv.gz"])
def test_good_rows_pass_every_rule_and_each_rule_has_a_result(lake: Lake, flights: Asset, name: str) -> None:
    found = run(lake, flights, GOOD, name=name)
    assert failed(found) == {}
    assert found.rows == 1
    assert [check.name for check in found.checks] == [
        "schema",
        "carrier.type", "carrier.nullable", "carrier.pattern", "carrier.bytes",
        "flight.type", "flight.nullable", "flight.range",
        "day.type", "day.nullable", "day.range",
        "left_at.type",
        "fare.type", "fare.range",
        "delay.type", "delay.range",
        "cancelled.type",
        "carrier+flight+day.key",
        "rows",
        "fresh",
    ]  # fmt: skip


@pytest.mark.parametrize("bad", BAD_ROWS)
def test_a_bad_row_is_found_by_the_rule_it_breaks(lake: Lake, flights: Asset, bad: str) -> None:
    rule = BAD_ROWS[bad][0]
    found = run(lake, flights, GOOD, bad)
    assert failed(found) == {rule: 1}
    (check,) = (check for check in found.checks if check.name == rule)
    assert check.observed == "1 of 2 rows"


def test_bad_rows_go_to_quarantine_with_the_reason_and_the_others_are_published(
    lake: Lake, flights: Asset
) -> None:
    gated = replace(flights, quarantine=Quarantine(uri="s3://{data_bucket}/bad/", max_share=0.95))
    found = run(lake, gated, GOOD, *BAD_ROWS)
    assert failed(found) == {}
    assert (found.rows, found.quarantined) == (1, 10)
    told = lake.json_lines("bad/raw.flights/")
    assert [(row["rule"], row["column"], row["value"], row["reason"]) for row in told] == list(
        BAD_ROWS.values()
    )
    assert told[0]["row"]["flight"] == "one"
    assert told[-1]["row"] == ["AA", "8"]
    assert (told[0]["file"], told[0]["line"]) == ("s3://data/landed/f.csv", 3)
    staged = stage_files(gated, ["landed/f.csv"], services=lake.services, token="t")
    assert audit(gated, staged, services=lake.services) == found
    publish(gated, staged, services=lake.services)
    assert [row["carrier"] for row in read(gated, services=lake.services)] == ["UA"]


def test_more_bad_rows_than_the_share_allows_fail_the_check_and_are_kept_all_the_same(
    lake: Lake, flights: Asset
) -> None:
    gated = replace(flights, quarantine=Quarantine(uri="s3://{data_bucket}/bad/", max_share=0.25))
    found = run(lake, gated, GOOD, "AA,0,2013-01-31,,,,")
    assert failed(found) == {"flight.range": 1, "quarantine": 1}
    (check,) = (check for check in found.checks if check.name == "quarantine")
    assert (check.observed, check.expected) == ("1 of 2 rows (50.00%)", "at most 25.00% of the rows")
    assert len(lake.json_lines("bad/")) == 1


def test_mended_data_heals_and_leaves_no_quarantine(lake: Lake, flights: Asset) -> None:
    gated = replace(flights, quarantine=Quarantine(uri="s3://{data_bucket}/bad/"))
    assert "quarantine" in failed(run(lake, gated, GOOD, "AA,0,2013-01-31,,,,"))
    assert failed(run(lake, gated, GOOD, "AA,9,2013-01-31,,,,")) == {}
    assert lake.listed("bad/") == []


def test_a_duplicate_of_a_row_in_quarantine_may_stay(lake: Lake, flights: Asset) -> None:
    gated = replace(flights, quarantine=Quarantine(uri="s3://{data_bucket}/bad/", max_share=1))
    found = run(lake, gated, "UA,1,2013-01-31,,,9999,", GOOD)
    assert (found.rows, found.quarantined) == (1, 1)
    assert failed(run(lake, flights, "UA,1,2013-01-31,,,9999,", GOOD)) == {
        "delay.range": 1,
        "carrier+flight+day.key": 1,
    }


def test_a_warning_stays_in_the_data(lake: Lake, flights: Asset) -> None:
    columns = tuple(replace(column, severity=Severity.WARN) for column in CONTRACT.columns)
    contract = replace(CONTRACT, columns=columns)
    gated = replace(flights, contract=contract, quarantine=Quarantine(uri="s3://{data_bucket}/bad/"))
    found = run(lake, gated, GOOD, "AA,0,2013-01-31,,,,")
    assert failed(found) == {"flight.range": 1}
    assert [check.severity for check in found.checks if not check.passed] == [Severity.WARN]
    assert (found.rows, found.quarantined) == (2, 0)


def test_missing_and_strange_columns_are_findings_of_the_schema(lake: Lake, flights: Asset) -> None:
    closed = replace(flights, contract=replace(CONTRACT, closed=True))
    found = run(lake, closed, "UA,1,B2", header="carrier,flight,gate")
    schema = found.checks[0]
    assert schema.observed == "without day, left_at, fare, delay, cancelled; with gate besides"
    assert schema.violations == 6
    assert failed(run(lake, flights, "UA,1,2013-01-31,,,,,B2", header=f"{HEADER},gate")) == {}
    absent = next(check for check in found.checks if check.name == "day.range")
    assert (absent.passed, absent.observed) == (False, "the column is missing")


def test_json_may_leave_out_what_may_be_missing(lake: Lake, flights: Asset) -> None:
    good = '{"carrier": "UA", "flight": 1, "day": "2013-01-31"}'
    found = run(lake, flights, good, header="", name="f.jsonl")
    assert failed(found) == {}
    lines = [
        '{"carrier": "UA", "flight": 2}',
        "[1]",
        "{",
        '{"carrier": "UA", "flight": true, "day": "2013-01-31"}',
    ]
    found = run(lake, flights, good, *lines, header="", name="f.jsonl")
    assert failed(found) == {"format": 2, "day.nullable": 1, "flight.type": 1}


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("f.csv", b"carrier,flight,day\nUA,1,2013-01-31\n\xff\xfe,2,2013-01-31\nAA,3,2013-01-31\n"),
        ("f.csv", b'carrier,flight,day\nUA,1,2013-01-31\n"A"A,2,2013-01-31\nAA,3,2013-01-31\n'),
        ("f.jsonl", b'{"carrier":"UA","flight":1,"day":"2013-01-31"}\n{"carrier":"' + b"x" * 5_000_000
         + b'"}\n{"carrier":"AA","flight":3,"day":"2013-01-31"}\n'),
        ("f.jsonl", b'{"carrier":"UA","flight":1,"day":"2013-01-31"}\n' + b"[" * 100_000
         + b'\n{"carrier":"AA","flight":3,"day":"2013-01-31"}\n'),
    ],
)  # fmt: skip
def test_a_row_that_cannot_be_read_is_a_finding_and_the_others_are_read(
    lake: Lake, flights: Asset, name: str, body: bytes
) -> None:
    contract = Contract(columns=CONTRACT.columns[:3])
    lake.s3.put_object(Bucket="data", Key=name, Body=body)
    staged = stage_files(flights, [name], services=lake.services, token="t")
    found = audit(replace(flights, contract=contract), staged, services=lake.services)
    assert failed(found) == {"format": 1}
    assert found.rows == 3


def test_a_file_that_is_no_data_is_refused_with_the_reason(lake: Lake, flights: Asset) -> None:
    with pytest.raises(DataError, match=r"s3://data/landed/f\.csv has the column `day` twice"):
        run(lake, flights, "UA,2013-01-31,2013-01-31", header="carrier,day,day")
    whole = gzip.compress(f"{HEADER}\n{GOOD}\n".encode())
    for body in (whole[:-12], b"carrier\nUA\n"):
        lake.s3.put_object(Bucket="data", Key="torn.csv.gz", Body=body)
        staged = stage_files(flights, ["torn.csv.gz"], services=lake.services, token="t")
        with pytest.raises(DataError, match=r"s3://data/torn\.csv\.gz cannot be unpacked after line"):
            audit(flights, staged, services=lake.services)


def test_the_number_of_rows_and_their_age_are_checked(lake: Lake, flights: Asset) -> None:
    contract = replace(
        CONTRACT,
        rows=RowCount(minimum=2, maximum=3),
        fresh=FreshData(column="day", within=timedelta(hours=12)),
    )
    found = run(lake, replace(flights, contract=contract), GOOD)
    rows, fresh = found.checks[-2:]
    assert (rows.passed, rows.observed, rows.expected) == (False, "1 rows", "from 2 to 3 rows")
    assert (fresh.passed, fresh.observed) == (False, "day up to 2013-01-31")
    assert fresh.expected == "day not older than 12:00:00"


def test_values_that_redshift_takes_for_equal_are_equal_here(lake: Lake, flights: Asset) -> None:
    columns = (
        Column(name="name", type=ColumnType.TEXT, unique=True, allowed=("a", "b")),
        Column(name="amount", type=ColumnType.DECIMAL, unique=True),
        Column(name="share", type=ColumnType.FLOAT, unique=True),
    )
    asset = replace(flights, contract=Contract(columns=columns))
    rows = ["a,1.50,0.0", "a ,1.5,-0.0", "b,2,1"]
    assert failed(run(lake, asset, *rows, header="name,amount,share")) == {
        "name.unique": 1,
        "amount.unique": 1,
        "share.unique": 1,
    }


def test_a_rule_in_sql_is_refused(lake: Lake, flights: Asset) -> None:
    contract = replace(CONTRACT, rules=(SqlRule(name="sums", sql="SELECT 0"),))
    with pytest.raises(SpecError, match="has the rule `sums` in SQL"):
        run(lake, replace(flights, contract=contract), GOOD)


def test_without_a_contract_rows_are_counted(lake: Lake, flights: Asset) -> None:
    found = run(lake, replace(flights, contract=None), GOOD, GOOD)
    assert (found.checks, found.rows) == ((), 2)


def test_what_is_gone_cannot_be_checked(lake: Lake, flights: Asset) -> None:
    staged = stage_files(flights, ["landed/f.csv"], services=lake.services, token="t")
    with pytest.raises(NotStagedError, match=r"`s3://data/landed/f\.csv` is not there any more"):
        audit(flights, staged, services=lake.services)


def test_a_file_with_bad_rows_is_never_taken_for_what_was_accepted(lake: Lake, flights: Asset) -> None:
    class Forgetful(MemoryS3):
        """Somebody cleans up what was accepted, as soon as it is there."""

        def put_object(self, **given: Any) -> dict[str, Any]:
            answer = MemoryS3.put_object(self, **given)
            if "/accepted/" in given["Key"]:
                gone = {"Objects": [{"Key": given["Key"]}]}
                self.delete_objects(Bucket=given["Bucket"], Delete=gone)
            return answer

    s3 = Forgetful()
    clients: dict[str, Any] = {"s3": s3}
    forgetful = replace(lake, s3=s3, services=replace(lake.services, client=clients.__getitem__))
    gated = replace(flights, quarantine=Quarantine(uri="s3://{data_bucket}/bad/", max_share=1))
    with pytest.raises(
        NotStagedError, match=r"`s3://data/_assets/staging/lake/flights/.*/accepted/part-00000\.csv` is not"
    ):
        run(forgetful, gated, GOOD, "AA,0,2013-01-31,,,,")


@pytest.mark.parametrize("name", ["f.csv", "f.jsonl.gz"])
def test_lengths_are_counted_in_characters(lake: Lake, flights: Asset, name: str) -> None:
    column = Column(name="a", type=ColumnType.TEXT, min_length=2, max_length=3)
    asset = replace(flights, contract=Contract(columns=(column,)))
    texts = ["é", "éé", "日本語", "abc ", "abcd"]
    rows = texts if name == "f.csv" else [f'{{"a": "{text}"}}' for text in texts]
    found = run(lake, asset, *rows, header="a" if name == "f.csv" else "", name=name)
    (check,) = (each for each in found.checks if each.name == "a.length")
    assert (check.violations, check.expected) == (3, "from 2 to 3 characters")


def test_columns_besides_are_named_up_to_twenty(lake: Lake, flights: Asset) -> None:
    asset = replace(flights, contract=replace(CONTRACT, columns=(CONTRACT.columns[0],), keys=(), fresh=None,
                                              closed=True))  # fmt: skip
    rows = [f'{{"carrier": "UA", "x{number:03}": 1}}' for number in range(100)]
    found = run(lake, asset, *rows, header="", name="f.jsonl")
    check = found.checks[0]
    names = ", ".join(f"x{number:03}" for number in range(20))
    assert (check.violations, check.observed) == (100, f"with {names} and 80 more besides")
