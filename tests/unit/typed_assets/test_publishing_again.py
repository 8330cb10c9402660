"""Whatever ends a check, trying it again publishes the same and tells of it; on a bucket in memory."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from tests.fakes.lake import Lake
from typed_assets import Asset, Column, ColumnType, Contract, Run
from typed_assets.building.refusal import AssetRefusedError
from typed_assets.building.steps import check_step, write_step
from typed_assets.services import Services
from typed_assets.spec.pipelines import AssetStep
from typed_assets.spec.publication import Record, from_json

CARRIERS = Asset(
    name="lake.carriers",
    uri="s3://{data_bucket}/lake/carriers/",
    contract=Contract(columns=(Column(name="carrier", type=ColumnType.TEXT, unique=True),)),
)
RUN = Run(dag_id="carriers", run_id="manual__1")
PUBLISHED = "lake/carriers/"


@dataclass(slots=True)
class FailingOnce:
    """A client of S3 whose call fails once for keys with a text in them."""

    client: Any
    call: str
    text: str
    failed: list[str] = field(default_factory=list)

    def __getattr__(self, name: str) -> Any:
        real = getattr(self.client, name)
        if name != self.call or self.failed:
            return real

        def call(**request: Any) -> Any:
            if self.text not in json.dumps(request, default=str) or self.failed:
                return real(**request)
            self.failed.append(self.text)
            raise ConnectionResetError(self.text)

        return call


def make(rows: list[str], services: Services, run: Run = RUN) -> Callable[[], Record]:
    step = AssetStep(id="carriers", assets=(CARRIERS,), make=lambda: [{"carrier": each} for each in rows])
    (staged,) = write_step(step, services=services, run=run)
    return lambda: check_step(CARRIERS, staged, services=services, run=run)


def history(lake: Lake) -> list[Record]:
    return [from_json(json.loads(lake.get(key))) for key in lake.listed("_assets/")]


def test_the_same_run_again_leaves_the_same(lake: Lake) -> None:
    make(["AA", "UA"], lake.services)()
    before = {key: lake.get(key) for key in lake.listed(PUBLISHED)}
    make(["AA", "UA"], lake.services)()
    assert {key: lake.get(key) for key in lake.listed(PUBLISHED)} == before
    assert [record.published for record in history(lake)] == [True]


@pytest.mark.parametrize(
    ("call", "text"),
    [("copy_object", "lake/carriers/"), ("put_object", "_manifest.json"), ("put_object", "_assets/history")],
)
def test_a_check_that_broke_down_is_tried_again(lake: Lake, call: str, text: str) -> None:
    broken = FailingOnce(lake.s3, call, text)
    check = make(["AA", "UA"], replace(lake.services, client={"s3": broken}.__getitem__))
    with pytest.raises(ConnectionResetError):
        check()
    record = check()
    assert broken.failed == [text]
    assert (record.published, record.rows) == (True, 2)
    assert history(lake) == [record]
    assert lake.listed("_assets/staging/") == []


def test_what_cannot_be_cleared_fails_no_check(lake: Lake, caplog: pytest.LogCaptureFixture) -> None:
    broken = FailingOnce(lake.s3, "delete_objects", "/staging/")
    record = make(["AA"], replace(lake.services, client={"s3": broken}.__getitem__))()
    assert (record.published, broken.failed) == (True, ["/staging/"])
    assert "could not be removed" in caplog.text


def test_what_is_refused_leaves_what_readers_see(lake: Lake) -> None:
    make(["AA", "UA"], lake.services)()
    before = lake.listed(PUBLISHED)
    with pytest.raises(AssetRefusedError, match=r"carrier\.unique"):
        make(["AA", "AA"], lake.services, replace(RUN, run_id="manual__2"))()
    assert lake.listed(PUBLISHED) == before
    assert sorted(record.published for record in history(lake)) == [False, True]
    assert make(["AA", "DL"], lake.services, replace(RUN, run_id="manual__3"))().published
