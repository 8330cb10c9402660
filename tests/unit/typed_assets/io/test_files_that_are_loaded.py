"""What COPY is told to load is all that is published, or nothing is loaded."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from typed_assets.io import DataError, discard, publish, stage_load, stage_rows

if TYPE_CHECKING:
    from tests.fakes.lake import Lake
    from typed_assets.spec.assets import Asset


def test_a_published_file_that_is_gone_is_named_and_nothing_is_loaded(lake: Lake, flights: Asset) -> None:
    source = replace(flights, contract=None)
    staged = stage_rows(source, [{"carrier": "UA"}], services=lake.services, token="t")
    publish(source, staged, services=lake.services)
    discard(source, staged, services=lake.services)
    (key,) = {*lake.listed("lake/flights/")} - {"lake/flights/_manifest.json"}
    lake.s3.delete_object(Bucket=lake.bucket, Key=key)
    table = replace(flights, name="mart.flights", uri="redshift://w/dev/raw/flights")

    with pytest.raises(DataError) as refused:
        stage_load(table, source, services=lake.services, token="t")

    assert (refused.value.message, refused.value.hint) == (
        f"s3://data/{key}, which is published for raw.flights, is gone",
        "publish raw.flights again",
    )
