"""What stands in the holes of a SELECT is quoted as everywhere in SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

from typed_assets.aws_storage import AwsStorage
from typed_assets.building.statements import filled_statement
from typed_assets.context import AssetContext, Run
from typed_assets.spec.assets import Asset, Dependency

if TYPE_CHECKING:
    from tests.fakes.lake import Lake


def filled(lake: Lake, text: str, partition: str, table: str = "flights") -> str:
    raw = Asset(name="raw.flights", uri=f"redshift://w/dev/raw/{table}")
    mart = Asset(name="mart.delays", uri="redshift://w/dev/mart/delays", upstream=(Dependency(raw.name),))
    run = Run(dag_id="d", run_id="r", partition=partition, assets={raw.name: raw, mart.name: mart})
    context = AssetContext(assets=(mart,), services=lake.services, run=run, storage=AwsStorage())
    return filled_statement(text, context)


def test_tables_and_partitions_are_quoted(lake: Lake) -> None:
    text = "SELECT '{{}}' FROM {raw.flights} WHERE airport = {partition} AND bucket = '{data_bucket}'"

    assert filled(lake, text, "O'Hare") == (
        """SELECT '{}' FROM "raw"."flights" WHERE airport = 'O''Hare' AND bucket = 'data'"""
    )


def test_a_backslash_and_a_quote_do_not_leave_their_quotes(lake: Lake) -> None:
    found = filled(lake, "SELECT {partition} FROM {raw.flights}", "a\\' OR 1=1 --", 'a"; DROP TABLE b; --')

    assert found == """SELECT 'a\\\\'' OR 1=1 --' FROM "raw"."a""; DROP TABLE b; --\""""
