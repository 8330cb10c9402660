"""What a COPY has found wrong is told of its own files, whatever other loads have noted since."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.fakes.lake import NOW
from tests.fakes.warehouse_in_process import DATABASE, WORKGROUP
from typed_assets.io import DataError, StatementError, stage_load
from typed_assets.io.load_errors import load_error
from typed_assets.io.statements import warehouse_of
from typed_assets.spec.assets import Asset
from typed_assets.spec.contracts import Column, ColumnType, Contract
from typed_assets.spec.locations import RedshiftTable

if TYPE_CHECKING:
    from typed_assets.services import Services

PLACE = RedshiftTable(WORKGROUP, DATABASE, "mart", "torn")
TABLE = Asset(
    name="mart.torn",
    uri="redshift://{warehouse_workgroup}/{warehouse_database}/mart/torn",
    contract=Contract(columns=(Column(name="flights", type=ColumnType.INTEGER),)),
)
MANY = 21


def failed_load(services: Services, folder: str, value: str) -> DataError:
    """Load a file with a value that is no number."""
    lake = Asset(name="lake.torn", uri=f"s3://{{data_bucket}}/{folder}/")
    body = f"flights\n{value}\n".encode()
    services.client("s3").put_object(Bucket="assets-data", Key=f"{folder}/counts.csv", Body=body)
    with pytest.raises(DataError) as caught:
        stage_load(TABLE, lake, services=services, token=f"t{value}")
    return caught.value


def test_an_error_is_found_behind_many_newer_ones_of_other_files(services: Services) -> None:
    first = failed_load(services, "among/a_0", "many")
    for number in range(MANY):
        failed_load(services, f"among/b_{number}", "other")
    assert isinstance(first.__cause__, StatementError)
    files = ["s3://assets-data/among/a_0/counts.csv", "s3://assets-data/among/c_0/counts.csv"]

    found = load_error(TABLE, first.__cause__, warehouse_of(PLACE, services), files, NOW)

    assert found.message == first.message
    assert found.message.startswith(f"{files[0]}:2 cannot be loaded for mart.torn: column `flights`: ")


def test_an_error_in_a_file_whose_name_is_longer_than_what_redshift_notes_is_found(
    services: Services,
) -> None:
    folder = "/".join(["long", *["folder"] * 40])

    found = failed_load(services, folder, "many")

    assert found.message.startswith(f"s3://assets-data/{folder}/counts.csv:2 cannot be loaded for mart.torn")
