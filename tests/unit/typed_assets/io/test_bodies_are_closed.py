"""Every body of S3 that is opened is closed, also where nobody reads it to its end: it holds a connection."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import duckdb
import pytest

from tests.fakes.lake import NOW, Lake, lake_in_memory
from typed_assets.audit import audit
from typed_assets.io import DataError, Form, read, stage_files, stage_load, stage_rows
from typed_assets.services import Services
from typed_assets.spec.assets import Quarantine

if TYPE_CHECKING:
    from pathlib import Path

    from typed_assets.spec.assets import Asset

ROW = {"carrier": "UA", "flight": 1, "day": "2013-01-31"}


@dataclass
class Body:
    """A body that tells whether it was closed."""

    content: Any
    is_closed: bool = False

    def read(self, size: int | None = None) -> bytes:
        assert not self.is_closed
        data: bytes = self.content.read(size)
        return data

    def close(self) -> None:
        self.is_closed = True


@dataclass
class Watched:
    """A client of S3 that remembers the bodies that it gave."""

    s3: Any
    bodies: list[Body] = field(default_factory=list)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.s3, name)

    def get_object(self, **request: Any) -> dict[str, Any]:
        answer = self.s3.get_object(**request)
        self.bodies.append(Body(answer["Body"]))
        return {**answer, "Body": self.bodies[-1]}

    def left_open(self) -> int:
        """Return how many of the bodies of data, which are read as streams, nobody has closed."""
        found, self.bodies = self.bodies, []
        assert found
        return sum(not body.is_closed for body in found)


@pytest.fixture
def watched() -> Watched:
    return Watched(lake_in_memory().s3)


@pytest.fixture
def lake(watched: Watched) -> Lake:
    clients: dict[str, Any] = {"s3": watched}
    services = Services(client=clients.__getitem__, options={"data_bucket": "data"}, now=lambda: NOW)
    return Lake(watched, "data", services)


def test_reading_closes_a_file_that_is_read_whole_in_part_or_in_vain(
    lake: Lake, watched: Watched, flights: Asset
) -> None:
    for number in range(2):
        lake.put(f"lake/flights/{number}.csv", "carrier,flight,day\nUA,1,2013-01-31\nAA,2,2013-01-31\n")
    assert len(list(read(flights, services=lake.services))) == 4
    assert watched.left_open() == 0
    rows = read(flights, services=lake.services)
    next(rows)
    rows.close()  # type: ignore[attr-defined]
    assert watched.left_open() == 0
    lake.put("lake/flights/0.csv", "carrier,flight\nUA,one\n")
    with pytest.raises(DataError, match="column `flight`"):
        list(read(flights, services=lake.services))
    assert watched.left_open() == 0


@pytest.mark.parametrize("form", [Form("jsonl", gzipped=True), Form("csv"), Form("parquet")])
def test_checking_closes_what_it_has_read_once_or_twice(
    lake: Lake, watched: Watched, flights: Asset, form: Form, tmp_path: Path
) -> None:
    aside = replace(flights, quarantine=Quarantine(uri="s3://{data_bucket}/quarantine/", max_share=1.0))
    if form.kind == "parquet":
        staged = stage_files(aside, [_parquet(lake, tmp_path)], services=lake.services, token="t")
    else:
        rows = [ROW, {**ROW, "flight": 0}]
        staged = stage_rows(aside, rows, services=lake.services, token="t", form=form)
    watched.bodies.clear()

    assert audit(aside, staged, services=lake.services).quarantined == 1

    assert watched.left_open() == 0


def _parquet(lake: Lake, folder: Path) -> str:
    values = "'UA' AS carrier, n AS flight, DATE '2013-01-31' AS day, NULL AS left_at"
    values += ", NULL AS fare, NULL AS delay, NULL AS cancelled"
    file = folder / "a.parquet"
    duckdb.sql(f"COPY (SELECT {values} FROM range(2) t(n)) TO '{file}' (FORMAT parquet)")  # noqa: S608
    lake.s3.put_object(Bucket=lake.bucket, Key="landed/a.parquet", Body=file.read_bytes())
    return "landed/a.parquet"


def test_the_header_of_a_file_that_is_loaded_is_read_and_no_more(
    lake: Lake, watched: Watched, flights: Asset
) -> None:
    lake.put("lake/flights/0.csv", "carrier,strange\nUA,1\n")
    table = replace(flights, name="mart.flights", uri="redshift://w/dev/raw/flights")

    with pytest.raises(DataError, match="column `strange`"):
        stage_load(table, flights, services=lake.services, token="t")

    assert watched.left_open() == 0
