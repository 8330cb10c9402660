"""Bad rows of a Parquet file go to quarantine; the file that is published has the same columns and types."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pytest

from tests.fakes.lake import CONTRACT, FLIGHTS
from typed_assets.audit import audit
from typed_assets.io import DataError, publish, read, stage_files
from typed_assets.io.parquet import open_parquet
from typed_assets.io.parquet_by_duckdb import read as read_parquet
from typed_assets.spec.assets import Quarantine
from typed_assets.spec.contracts import Contract

if TYPE_CHECKING:
    from tests.fakes.lake import Lake
    from typed_assets.staging import Audit, Staged

ASSET = replace(FLIGHTS, contract=Contract(columns=(*CONTRACT.columns[:3], CONTRACT.columns[5])))
GATED = replace(ASSET, quarantine=Quarantine(uri="s3://{data_bucket}/bad/", max_share=1))
ROWS = """SELECT 'UA' AS carrier, n::INTEGER AS flight, DATE '2013-01-31' AS day, 1.5::FLOAT AS delay,
    12.50::DECIMAL(8, 2) AS fare, [n, 1] AS list, TIMESTAMPTZ '2013-01-31 05:00:00+00' AS at, 'x'::BLOB AS raw
    FROM range(0, 25000) AS r(n)"""


def staged(lake: Lake, tmp_path: Path, select: str) -> Staged:
    path = tmp_path / "it's.parquet"
    duckdb.sql(f"COPY ({select}) TO '{str(path).replace("'", "''")}' (FORMAT parquet, ROW_GROUP_SIZE 4096)")
    lake.s3.put_object(Bucket="data", Key="f.parquet", Body=path.read_bytes())
    return stage_files(ASSET, ["f.parquet"], services=lake.services, token="t")


def failed(found: Audit) -> dict[str, int]:
    return {check.name: check.violations for check in found.checks if not check.passed}


def test_without_a_quarantine_the_file_is_checked_as_it_is(lake: Lake, tmp_path: Path) -> None:
    found = audit(ASSET, staged(lake, tmp_path, ROWS), services=lake.services)
    assert (failed(found), found.rows, found.quarantined) == ({"flight.range": 1}, 25_000, 0)


def test_bad_rows_go_and_columns_and_types_stay(lake: Lake, tmp_path: Path) -> None:
    select = ROWS.replace("'UA'", "CASE WHEN n % 10000 = 9999 THEN 'ua' ELSE 'UA' END")
    parquet = staged(lake, tmp_path, select)
    found = audit(GATED, parquet, services=lake.services)
    assert (failed(found), found.rows, found.quarantined) == ({}, 24_997, 3)
    assert audit(GATED, parquet, services=lake.services) == found
    told = lake.json_lines("bad/raw.flights/")
    assert [(row["line"], row["rule"], row["row"]["flight"]) for row in told] == [
        (1, "flight.range", 0),
        (10_000, "carrier.pattern", 9_999),
        (20_000, "carrier.pattern", 19_999),
    ]
    assert told[0]["row"]["raw"] == b"x".hex()
    assert (told[0]["row"]["list"], told[0]["row"]["fare"]) == ([0, 1], "12.50")
    publish(GATED, parquet, services=lake.services)
    (key,) = (key for key in lake.listed("lake/flights/") if key.endswith("parquet"))
    path = tmp_path / "published.parquet"
    path.write_bytes(lake.get(key))
    kinds = "SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM '{}')"
    assert duckdb.execute(kinds.format(path)).fetchall() == [
        ("carrier", "VARCHAR"),
        ("flight", "INTEGER"),
        ("day", "DATE"),
        ("delay", "FLOAT"),
        ("fare", "DECIMAL(8,2)"),
        ("list", "BIGINT[]"),
        ("at", "TIMESTAMP WITH TIME ZONE"),
        ("raw", "BLOB"),
    ]
    flights = [row["flight"] for row in read(GATED, services=lake.services)]
    assert flights == [n for n in range(1, 25_000) if n % 10_000 != 9_999]


def test_what_is_no_number_is_told_as_json_can_hold_it(lake: Lake, tmp_path: Path) -> None:
    select = ROWS.replace("1.5::FLOAT", "CASE n WHEN 1 THEN 'NaN' WHEN 2 THEN '-inf' ELSE '1' END::FLOAT")
    found = audit(GATED, staged(lake, tmp_path, select), services=lake.services)
    assert found.quarantined == 3
    assert [row["row"]["delay"] for row in lake.json_lines("bad/")] == [1.0, "nan", "-inf"]


def test_a_file_of_bad_rows_only_leaves_an_empty_one(lake: Lake, tmp_path: Path) -> None:
    parquet = staged(lake, tmp_path, ROWS.replace("n::INTEGER", "0"))
    found = audit(GATED, parquet, services=lake.services)
    assert (failed(found), found.rows, found.quarantined) == ({}, 0, 25_000)
    publish(GATED, parquet, services=lake.services)
    assert list(read(GATED, services=lake.services)) == []


@pytest.mark.parametrize("damaged", [b"", b"PAR1", b"not Parquet at all", None])
def test_a_damaged_file_is_named(lake: Lake, tmp_path: Path, damaged: bytes | None) -> None:
    parquet = staged(lake, tmp_path, ROWS)
    body = lake.get("f.parquet")
    if damaged is None:  # the end is well, and a page in the middle is not
        damaged = body[:20_000] + bytes(60_000) + body[80_000:]
        assert len(body) > 100_000
    lake.s3.put_object(Bucket="data", Key="f.parquet", Body=damaged)
    with pytest.raises(DataError, match=r"s3://data/f\.parquet cannot be read as Parquet: "):
        audit(GATED, parquet, services=lake.services)


def threads() -> int:
    """DuckDB has threads as long as a connection is open."""
    return len(list(Path("/proc/self/task").iterdir()))


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="only Linux tells a process's threads")
def test_a_connection_is_open_only_while_rows_are_read(tmp_path: Path) -> None:
    path = tmp_path / "f.parquet"
    duckdb.sql(f"COPY ({ROWS}) TO '{path}' (FORMAT parquet, ROW_GROUP_SIZE 4096)")
    body, before = path.read_bytes(), threads()
    names, batches = read_parquet(path)
    assert (names[:2], threads() <= before) == (["carrier", "flight"], True)
    assert len(next(batches)) == 10_000
    assert threads() > before
    assert sum(map(len, batches)) == 15_000
    broken = BytesIO(body[:20_000] + bytes(60_000) + body[80_000:])
    with pytest.raises(DataError, match=r"^f\.parquet cannot be read as Parquet: ") as caught:
        list(open_parquet(broken, tmp_path, "f.parquet")[1])
    assert caught.tb, "it holds the frames in which the connection was opened"
    assert threads() <= before
