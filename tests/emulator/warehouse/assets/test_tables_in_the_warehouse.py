"""Tables are staged beside the ones that readers see, and published in one transaction."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import duckdb
import pytest

from tests.fakes.lake import CONTRACT
from typed_assets.audit import audit
from typed_assets.io import (
    DataError,
    NotPublishedError,
    NotStagedError,
    StatementError,
    discard,
    publish,
    read,
    stage_files,
    stage_load,
    stage_rows,
    stage_sql,
)
from typed_assets.spec.assets import Asset
from typed_assets.spec.contracts import Column, ColumnType, Contract
from typed_assets.spec.errors import SpecError
from typed_assets.spec.partitions import Daily

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.fakes.warehouse_in_process import WarehouseInProcess
    from typed_assets.services import Services
    from typed_assets.staging import Staged

FLIGHT = {
    "carrier": "UA",
    "flight": 1,
    "day": date(2013, 1, 31),
    "left_at": datetime.fromisoformat("2013-01-31 05:17:00.25"),
    "fare": Decimal("120.5000000000"),
    "delay": -2.5,
    "cancelled": False,
}
NOTHING = dict.fromkeys(("left_at", "fare", "delay", "cancelled"))
COUNTS = Contract(
    columns=(Column(name="carrier", type=ColumnType.TEXT), Column(name="flights", type=ColumnType.INTEGER))
)


def table(name: str, contract: Contract = COUNTS, **values: Any) -> Asset:
    uri = f"redshift://{{warehouse_workgroup}}/{{warehouse_database}}/mart/{name}"
    return Asset(name=f"mart.{name}", uri=uri, contract=contract, **values)


def released(services: Services, asset: Asset, staged: Staged) -> list[tuple[Any, ...]]:
    publish(asset, staged, services=services)
    discard(asset, staged, services=services)
    rows = (tuple(row.values()) for row in read(asset, services=services))
    return sorted(rows, key=str)


def counts(**carriers: int) -> list[dict[str, Any]]:
    return [{"carrier": carrier, "flights": flights} for carrier, flights in carriers.items()]


def select(**carriers: int) -> str:
    return " UNION ALL ".join(f"SELECT '{name}' AS carrier, {n} AS flights" for name, n in carriers.items())


def test_rows_go_through_copy_and_come_back_with_their_types(
    in_process: WarehouseInProcess, services: Services
) -> None:
    asset = table("flights_typed", CONTRACT)
    in_process.statements()
    rows = [FLIGHT, {**FLIGHT, "flight": 2, **NOTHING}]
    staged = stage_rows(asset, iter(rows), services=services, token="t")
    assert staged.rows == 2
    with pytest.raises(NotPublishedError, match=r"mart\.flights_typed has not been published"):
        list(read(asset, services=services))
    assert all(check.passed for check in audit(asset, staged, services=services).checks)
    publish(asset, staged, services=services)
    assert sorted(read(asset, services=services), key=lambda row: row["flight"]) == rows
    sent = in_process.statements()
    (copy,) = (sql for sql in sent if sql.startswith("COPY"))
    assert f"IAM_ROLE '{in_process.role}' MANIFEST FORMAT AS JSON 'auto ignorecase' GZIP" in copy
    assert not any(word in sql.upper() for sql in sent for word in ("ACCESS_KEY", "CREDENTIALS", "TOKEN"))


def test_a_second_run_leaves_the_same(services: Services) -> None:
    whole, keyed = table("counts_whole"), table("counts_keyed", replace(COUNTS, keys=(("carrier",),)))
    for asset in (whole, keyed):
        first = stage_sql(asset, select(UA=1, AA=2), services=services, token="t")
        assert released(services, asset, first) == [("AA", 2), ("UA", 1)]
        again = stage_sql(asset, select(UA=1, AA=2), services=services, token="t")
        assert again.place == first.place
        assert released(services, asset, again) == [("AA", 2), ("UA", 1)]
    later = stage_sql(whole, select(UA=3), services=services, token="later")
    assert released(services, whole, later) == [("UA", 3)]
    later = stage_sql(keyed, select(UA=3, DL=4), services=services, token="later")
    assert released(services, keyed, later) == [("AA", 2), ("DL", 4), ("UA", 3)]


def test_a_partition_replaces_itself_and_no_other(services: Services) -> None:
    asset = table("counts_daily", partitions=Daily(start=date(2013, 1, 1)))
    for partition, carriers in (
        ("2013-01-30", {"UA": 1, "AA": 2}),
        ("2013-01-31", {"UA": 5}),
        ("2013-01-30", {"DL": 9}),
    ):
        staged = stage_sql(
            asset, select(**carriers), services=services, token=str(carriers), partition=partition
        )
        publish(asset, staged, services=services)
    assert sorted(row["carrier"] for row in read(asset, services=services)) == ["DL", "UA"]
    assert list(read(asset, services=services, partition="2013-01-31")) == counts(UA=5)


def test_publishing_may_be_repeated_until_what_was_staged_is_discarded(services: Services) -> None:
    asset = table("counts_repeated")
    staged = stage_sql(asset, select(UA=1), services=services, token="t")
    publish(asset, staged, services=services)
    assert released(services, asset, staged) == [("UA", 1)]
    with pytest.raises(NotStagedError, match=r"counts_repeated__staged_[0-9a-f]+` is not there any more"):
        publish(asset, staged, services=services)


def test_a_column_that_is_new_is_added(services: Services) -> None:
    narrow = table("counts_growing")
    staged = stage_sql(narrow, select(UA=1), services=services, token="t")
    publish(narrow, staged, services=services)
    share = Column(name="share", type=ColumnType.FLOAT, nullable=True)
    wide = replace(narrow, contract=replace(COUNTS, columns=(*COUNTS.columns, share), keys=(("carrier",),)))
    grown = "SELECT 'AA' AS carrier, 2 AS flights, CAST(0.5 AS FLOAT) AS share"
    staged = stage_sql(wide, grown, services=services, token="t")
    publish(wide, staged, services=services)
    rows = sorted(read(wide, services=services), key=lambda row: row["carrier"])
    assert [row["share"] for row in rows] == [0.5, None]


def test_a_column_whose_contract_lets_it_be_longer_becomes_so(services: Services) -> None:
    def keyed(most: int | None) -> Asset:
        carrier = replace(COUNTS.columns[0], max_bytes=most)
        return table(
            "counts_longer", replace(COUNTS, columns=(carrier, COUNTS.columns[1]), keys=(("carrier",),))
        )

    for most, carrier in ((2, "UA"), (3, "UAL"), (None, "United")):
        staged = stage_sql(keyed(most), select(**{carrier: 1}), services=services, token=carrier)
        publish(keyed(most), staged, services=services)

    assert sorted(row["carrier"] for row in read(keyed(None), services=services)) == ["UA", "UAL", "United"]


def test_a_column_without_a_contract_is_as_long_as_what_was_staged_longest(services: Services) -> None:
    asset = replace(
        table("counts_loose", partitions=Daily(start=date(2013, 1, 1))),
        contract=None,
    )
    for day, carrier, most in (("01", "UA", 2), ("02", "UAL", 3), ("03", "AA", 2)):
        text = f"SELECT CAST('{carrier}' AS VARCHAR({most})) AS carrier"
        partition = f"2013-01-{day}"
        staged = stage_sql(asset, text, services=services, token=day, partition=partition)
        publish(asset, staged, services=services)

    assert sorted(row["carrier"] for row in read(asset, services=services)) == ["AA", "UA", "UAL"]


def test_without_a_contract_the_first_row_tells_the_columns(services: Services) -> None:
    asset = Asset(name="mart.bare", uri="redshift://{warehouse_workgroup}/{warehouse_database}/mart/bare")
    with pytest.raises(SpecError, match=r"asset `mart\.bare` needs a contract"):
        stage_rows(asset, [], services=services, token="t")
    rows: list[dict[str, Any]] = [
        {"carrier": "UA", "flights": 1, "day": date(2013, 1, 1)},
        {"carrier": None, "flights": 2},
    ]
    staged = stage_rows(asset, rows, services=services, token="t")
    assert audit(asset, staged, services=services).rows == 2
    assert released(services, asset, staged) == [("UA", 1, "2013-01-01"), (None, 2, None)]


def test_what_fails_changes_nothing_and_says_why(services: Services) -> None:
    short = replace(COUNTS.columns[0], max_bytes=2)
    asset = table("counts_short", replace(COUNTS, columns=(short, COUNTS.columns[1])))
    staged = stage_sql(asset, select(UA=1), services=services, token="t")
    publish(asset, staged, services=services)
    staged = stage_sql(asset, select(UAL=2), services=services, token="long")
    with pytest.raises(StatementError, match="value too long") as caught:
        publish(asset, staged, services=services)
    assert caught.value.sql.startswith("INSERT INTO")
    assert list(read(asset, services=services)) == counts(UA=1)


def test_a_key_that_may_be_missing_cannot_be_merged_by(services: Services) -> None:
    loose = replace(COUNTS.columns[0], nullable=True)
    asset = table("loose", replace(COUNTS, columns=(loose, COUNTS.columns[1]), keys=(("carrier",),)))
    staged = stage_sql(asset, select(UA=1), services=services, token="t")
    with pytest.raises(SpecError, match="key column `carrier` may be missing"):
        publish(asset, staged, services=services)


@pytest.mark.parametrize("partition", [None, "2013-01-31"])
def test_a_data_set_is_loaded_by_its_manifest(services: Services, partition: str | None) -> None:
    days = None if partition is None else Daily(start=date(2013, 1, 1))
    uri = f"s3://{{data_bucket}}/lake/counts_{'daily' if partition else 'all'}/"
    lake = Asset(name="lake.counts", uri=uri, contract=COUNTS, partitions=days)
    asset = table(f"loaded_{'daily' if partition else 'all'}", partitions=days)
    with pytest.raises(NotPublishedError):
        stage_load(asset, lake, services=services, token="t", partition=partition)
    staged = stage_rows(lake, counts(UA=1, AA=2), services=services, token="t", partition=partition)
    publish(lake, staged, services=services)
    stage_rows(lake, counts(XX=9), services=services, token="not published", partition=partition)
    loaded = stage_load(asset, lake, services=services, token="t", partition=partition)
    assert released(services, asset, loaded) == [("AA", 2), ("UA", 1)]


def test_landed_csv_is_loaded_by_the_names_in_its_header(services: Services) -> None:
    lake = Asset(name="lake.landed", uri="s3://{data_bucket}/landed/")
    body = b'flights,carrier\n3,"U,A"\n,\n'
    services.client("s3").put_object(Bucket="assets-data", Key="landed/counts.csv", Body=body)
    asset = table("loaded_csv")
    staged = stage_load(asset, lake, services=services, token="t")
    found = audit(asset, staged, services=services)
    assert [check.name for check in found.checks if not check.passed] == [
        "carrier.nullable",
        "flights.nullable",
    ]


def test_parquet_is_loaded_by_its_names_though_copy_goes_by_places(
    services: Services, tmp_path: Path
) -> None:
    pair = Contract(columns=tuple(Column(name=name, type=ColumnType.TEXT) for name in "ab"))
    lake, asset = Asset(name="lake.pairs", uri="s3://{data_bucket}/pairs/"), table("pairs", pair)

    def put(select: str) -> None:
        path = tmp_path / "pairs.parquet"
        duckdb.sql(f"COPY ({select}) TO '{path}' (FORMAT parquet)")
        body = path.read_bytes()
        services.client("s3").put_object(Bucket="assets-data", Key="pairs/p.parquet", Body=body)

    put("SELECT 'second' AS b, 'first' AS a")
    staged = stage_load(asset, lake, services=services, token="t")
    publish(asset, staged, services=services)
    assert list(read(asset, services=services)) == [{"a": "first", "b": "second"}]
    put("SELECT 'second' AS b")
    found = audit(asset, stage_load(asset, lake, services=services, token="u"), services=services)
    assert (found.checks[0].name, found.checks[0].observed) == ("schema", "without a")
    put("SELECT 'x' AS a, 'y' AS b, 'z' AS c")
    with pytest.raises(DataError, match="have the column `c`, which is not in the contract"):
        stage_load(asset, lake, services=services, token="v")


def test_csv_without_a_column_is_a_finding_of_the_schema(services: Services) -> None:
    optional = replace(COUNTS.columns[1], nullable=True)
    asset = table("counts_narrow", replace(COUNTS, columns=(COUNTS.columns[0], optional)))
    lake = Asset(name="lake.narrow", uri="s3://{data_bucket}/narrow/")
    services.client("s3").put_object(Bucket="assets-data", Key="narrow/n.csv", Body=b"carrier\nUA\n")
    found = audit(asset, stage_load(asset, lake, services=services, token="t"), services=services)
    assert (found.checks[0].name, found.checks[0].observed) == ("schema", "without flights")


def test_a_row_that_cannot_be_loaded_is_told_with_file_line_and_column(services: Services) -> None:
    lake = Asset(name="lake.torn", uri="s3://{data_bucket}/torn/")
    body = b"flights,carrier\n3,UA\nmany,AA\n"
    services.client("s3").put_object(Bucket="assets-data", Key="torn/counts.csv", Body=body)
    with pytest.raises(DataError) as caught:
        stage_load(table("torn_csv"), lake, services=services, token="t")
    place = "s3://assets-data/torn/counts.csv:3 cannot be loaded for mart.torn_csv: column `flights`: "
    assert caught.value.message.startswith(place)
    assert caught.value.message.removeprefix(place)
    assert "statement " in str(caught.value.hint)


def test_capitals_of_a_contract_are_kept_though_the_warehouse_folds_them(services: Services) -> None:
    columns = (Column(name="Carrier", type=ColumnType.TEXT), Column(name="Flights", type=ColumnType.INTEGER))
    asset = Asset(
        name="mart.capitals",
        uri="redshift://{warehouse_workgroup}/{warehouse_database}/mart/Capitals",
        contract=Contract(columns=columns, keys=(("Carrier",),), closed=True),
    )
    for flights in (1, 2):
        staged = stage_rows(asset, [{"Carrier": "UA", "Flights": flights}], services=services, token="t")
        assert all(check.passed for check in audit(asset, staged, services=services).checks)
        publish(asset, staged, services=services)
    assert list(read(asset, services=services)) == [{"Carrier": "UA", "Flights": 2}]


def test_names_cannot_break_out_of_their_quotes(services: Services) -> None:
    column = Column(name='a"); DROP TABLE x; --', type=ColumnType.TEXT)
    odd = """redshift://{warehouse_workgroup}/{warehouse_database}/mart/odd"; DROP SCHEMA mart; --"""
    days = Daily(start=date(2013, 1, 1))
    asset = Asset(name="mart.odd", uri=odd, contract=Contract(columns=(column,)), partitions=days)
    key = "2013'; DELETE FROM mart.x; --\\"
    staged = stage_rows(asset, [{column.name: "'\\"}], services=services, token="t", partition=key)
    publish(asset, staged, services=services)
    assert list(read(asset, services=services, partition=key)) == [{column.name: "'\\"}]


@dataclass
class Meanwhile:
    """A client of the Data API; something is done just before the first batch about a table."""

    client: Any
    table: str
    first: Callable[[], object] | None

    def batch_execute_statement(self, **given: Any) -> Any:
        if self.first and any(f'"mart"."{self.table}" ' in sql for sql in given["Sqls"]):
            first, self.first = self.first, None
            first()
        return self.client.batch_execute_statement(**given)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.client, name)


def beside(services: Services, asset: Asset, first: Callable[[], object]) -> Services:
    data = Meanwhile(services.client("redshift-data"), asset.name.removeprefix("mart."), first)
    return replace(services, client={"redshift-data": data, "s3": services.client("s3")}.__getitem__)


def test_first_publications_of_two_partitions_at_once_are_both_there(services: Services) -> None:
    asset = table("daily_first", partitions=Daily(start=date(2013, 1, 1)))
    more = [*COUNTS.columns, Column(name="seats", type=ColumnType.INTEGER)]
    wide = replace(asset, contract=Contract(columns=tuple(more)))
    one = stage_sql(asset, select(AA=1), services=services, token="1", partition="2013-01-30")
    sql = "SELECT 'UA' AS carrier, 2 AS flights, 3 AS seats"
    two = stage_sql(wide, sql, services=services, token="2", partition="2013-01-31")

    def first() -> None:
        publish(asset, one, services=services)

    publish(wide, two, services=beside(services, asset, first))
    found = [tuple(row.values()) for row in read(wide, services=services)]
    assert sorted(found) == [("AA", 1, None), ("UA", 2, 3)]


def test_a_column_that_two_publications_add_at_once_is_added_once(services: Services) -> None:
    asset = table("daily_wider", partitions=Daily(start=date(2013, 1, 1)))
    zero = stage_sql(asset, select(AA=1), services=services, token="0", partition="2013-01-29")
    publish(asset, zero, services=services)
    columns = (*COUNTS.columns, Column(name="seats", type=ColumnType.INTEGER))
    wide = replace(asset, contract=Contract(columns=columns))
    sql = "SELECT 'UA' AS carrier, 2 AS flights, 3 AS seats"
    one, two = (
        stage_sql(wide, sql, services=services, token=day, partition=day)
        for day in ("2013-01-30", "2013-01-31")
    )

    def first() -> None:
        publish(wide, one, services=services)

    publish(wide, two, services=beside(services, asset, first))
    assert len(list(read(wide, services=services))) == 3


def test_more_columns_than_a_batch_has_statements_are_added(services: Services) -> None:
    asset = table("grown")
    publish(asset, stage_sql(asset, select(AA=1), services=services, token="1"), services=services)
    names = [f"c{number}" for number in range(120)]
    columns = (*COUNTS.columns, *(Column(name=name, type=ColumnType.INTEGER) for name in names))
    wide = replace(asset, contract=Contract(columns=columns))
    row = {"carrier": "UA", "flights": 2, **{name: number for number, name in enumerate(names)}}
    staged = stage_rows(wide, [row], services=services, token="2")
    assert audit(wide, staged, services=services).rows == 1
    publish(wide, staged, services=services)
    assert list(read(wide, services=services)) == [row]


def landed(name: str, services: Services, *bodies: str) -> tuple[Asset, list[str]]:
    """Publish a data set of one CSV file for each body; return it, and the keys that are published."""
    source = Asset(name=f"lake.{name}", uri=f"s3://{{data_bucket}}/lake/{name}/", contract=COUNTS)
    s3 = services.client("s3")
    keys = [f"landed/{name}/{number}.csv" for number in range(len(bodies))]
    for key, body in zip(keys, bodies, strict=True):
        s3.put_object(Bucket="assets-data", Key=key, Body=body.encode())
    publish(source, stage_files(source, keys, services=services, token=name), services=services)
    found = s3.list_objects_v2(Bucket="assets-data", Prefix=f"lake/{name}/")["Contents"]
    return source, [item["Key"] for item in found if item["Key"].endswith(".csv")]


def test_a_publication_without_files_is_an_empty_table(services: Services) -> None:
    source, keys = landed("nothing", services)
    assert keys == []
    asset = table("nothing")
    staged = stage_load(asset, source, services=services, token="t")
    assert (staged.rows, audit(asset, staged, services=services).rows) == (0, 0)
    publish(asset, staged, services=services)
    assert list(read(asset, services=services)) == []
