"""Writing stages, checking publishes or refuses, and both can be done again; no Airflow is needed."""

import json
import logging
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.asset_storage import BucketInMemory, StorageInMemory
from typed_assets import (
    AllPartitions,
    Asset,
    AssetContext,
    Check,
    CheckResult,
    Daily,
    Dependency,
    Files,
    Hourly,
    LastPartition,
    Load,
    Rollup,
    Run,
    Severity,
    SpecError,
    Sql,
)
from typed_assets.building.refusal import AssetRefusedError
from typed_assets.building.steps import check_step, write_step
from typed_assets.services import Services
from typed_assets.spec.errors import Place
from typed_assets.spec.partitions import Mapping
from typed_assets.spec.pipelines import AssetStep
from typed_assets.spec.publication import Record, from_json
from typed_assets.staging import Staged

LAKE = Asset(name="lake.flights", uri="s3://{data_bucket}/lake/flights/")
DAYS = replace(LAKE, name="lake.days", partitions=Daily(start=datetime(2013, 1, 1, tzinfo=UTC).date()))
MART = Asset(
    name="mart.delays",
    uri="redshift://{workgroup}/dev/mart/delays",
    upstream=(Dependency("lake.flights"), Dependency("mart.flights")),
)
FLIGHTS = Asset(name="mart.flights", uri="redshift://{workgroup}/dev/mart/flights")
RUN = Run(
    dag_id="flights",
    run_id="manual__1",
    task_id="lake.check",
    assets={"lake.flights": LAKE, "mart.flights": FLIGHTS},
)
BLOCKING = CheckResult(
    name="carrier.nullable", passed=False, violations=3, observed="3 missing", expected="0"
)
WARNING = CheckResult(name="delay.maximum", passed=False, severity=Severity.WARN, violations=1)


class World:
    """Storage, history and clock of a test, and short ways to the functions that use them."""

    def __init__(self) -> None:
        self.storage, self.bucket = StorageInMemory(), BucketInMemory()
        self.services = Services(
            client=lambda service: {"s3": self.bucket}[service],
            options={"data_bucket": "data", "workgroup": "w"},
            now=lambda: datetime(2013, 1, 2, 3, 4, 5, tzinfo=UTC),
        )

    def write(
        self, make: Callable[..., Any] | str, *assets: Asset, run: Run = RUN, place: Place | None = None
    ) -> Staged:
        return self.write_all(make, *assets, run=run, place=place)[0]

    def write_all(
        self, make: Callable[..., Any] | str, *assets: Asset, run: Run = RUN, place: Place | None = None
    ) -> tuple[Staged, ...]:
        step = AssetStep(id="lake", assets=assets or (LAKE,), make=make, place=place)
        return write_step(step, services=self.services, run=run, storage=self.storage)

    def check(self, staged: Staged, asset: Asset = LAKE, run: Run = RUN) -> Record:
        return check_step(asset, staged, services=self.services, run=run, storage=self.storage)

    def history(self) -> list[Record]:
        return [from_json(json.loads(text)) for text in self.bucket.objects.values()]


@pytest.fixture
def world() -> World:
    return World()


def rows() -> list[dict[str, Any]]:
    return [{"carrier": "AA"}, {"carrier": "UA"}]


def test_what_is_written_is_staged_and_not_published(world: World) -> None:
    staged = world.write(rows)
    assert (staged.asset, staged.partition, staged.rows) == ("lake.flights", None, 2)
    assert staged.seconds is not None
    assert world.storage.staged == {staged.token: rows()}
    assert world.storage.published == {}


def test_without_a_place_for_the_history_nothing_is_written_and_nothing_published(world: World) -> None:
    staged, bare = world.write(rows), replace(world.services, options={"data_buckets": "x", "workgroup": "w"})
    world.storage.staged[staged.token].append({"carrier": "DL"})
    world.services = bare

    for attempt in (lambda: world.write(rows), lambda: world.check(staged)):
        with pytest.raises(SpecError) as refused:
            attempt()
        assert refused.value.sentence == (
            "the option `pipelines.data_bucket` is not set (did you mean `data_buckets`?)"
        )
    assert len(world.storage.staged[staged.token]) == 3
    assert world.storage.published == {}


def test_what_passes_is_published_kept_in_the_history_and_no_longer_staged(world: World) -> None:
    world.storage.findings["lake.flights"] = (replace(BLOCKING, passed=True), WARNING)
    record = world.check(world.write(rows))
    assert world.storage.published == {("lake.flights", None): rows()}
    assert world.storage.staged == {}
    assert (record.published, record.rows, record.schema_hash) == (True, 2, "hash")
    assert record.warnings == (WARNING,)
    assert (record.dag_id, record.run_id, record.task_id) == ("flights", "manual__1", "lake.check")
    assert list(world.bucket.objects) == ["_assets/history/lake.flights/-/2013-01-02T03:04:05.000+00:00.json"]
    assert world.history() == [record]


def test_a_blocking_finding_publishes_nothing_and_stands_in_the_history(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    world.storage.published["lake.flights", None] = [{"carrier": "old"}]
    world.storage.findings["lake.flights"] = (BLOCKING, WARNING)
    with pytest.raises(AssetRefusedError) as caught, caplog.at_level(logging.WARNING):
        world.check(world.write(rows))
    assert str(caught.value) == (
        "`lake.flights` was not published: carrier.nullable (3 violations, saw 3 missing, expected 0)"
    )
    assert world.storage.published == {("lake.flights", None): [{"carrier": "old"}]}
    assert world.storage.staged == {}
    (record,) = world.history()
    assert record == caught.value.record
    assert (record.published, record.checks) == (False, (BLOCKING, WARNING))
    assert [each.levelname for each in caplog.records] == ["ERROR", "WARNING"]


def test_fixed_data_heals_it_on_the_next_run(world: World) -> None:
    world.storage.findings["lake.flights"] = (BLOCKING,)
    with pytest.raises(AssetRefusedError):
        world.check(world.write(rows))
    world.storage.findings.clear()
    run = replace(RUN, run_id="manual__2")
    assert world.check(world.write(rows, run=run), run=run).published


def test_the_same_run_stages_at_the_same_place_and_another_does_not(world: World) -> None:
    tokens = [world.write(rows).token for _ in range(2)]
    assert tokens[0] == tokens[1]
    assert world.write(rows, run=replace(RUN, run_id="manual__2")).token != tokens[0]


def test_a_check_that_broke_down_after_publishing_can_be_tried_again(world: World) -> None:
    staged = world.write(rows)
    world.storage.publishing.append(ConnectionError())
    with pytest.raises(ConnectionError):
        world.check(staged)
    assert world.history() == []
    assert world.check(staged).published
    assert world.storage.published == {("lake.flights", None): rows()}


def test_a_partition_is_staged_and_published_by_its_key(world: World) -> None:
    run = replace(RUN, partition="2013-01-31")
    staged = world.write(rows, DAYS, run=run)
    record = world.check(staged, DAYS, run)
    assert (staged.partition, record.partition) == ("2013-01-31", "2013-01-31")
    assert list(world.storage.published) == [("lake.days", "2013-01-31")]
    assert str(AssetRefusedError(record)).startswith("`lake.days` partition 2013-01-31 was not published")


def test_a_function_may_be_named_and_is_imported_when_the_task_runs(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "some_flights.py").write_text("def rows(context):\n    return [{'a': context.asset.name}]\n")
    monkeypatch.syspath_prepend(tmp_path)
    staged = world.write("some_flights:rows")
    assert world.storage.staged[staged.token] == [{"a": "lake.flights"}]
    for name, message in {
        "some_flights:row": "module `some_flights` has no function `row` (did you mean `rows`?)",
        "sum_flights:rows": "there is no module `sum_flights` (name it as a DAG file would import it)",
        "rows": "`rows` names no function (write `module:function`, or the path of a .sql file)",
    }.items():
        with pytest.raises(SpecError) as caught:
            world.write(name, place=Place("dag.py", 3))
        assert str(caught.value) == f"dag.py:3: {message}"


def test_a_module_that_lacks_a_package_says_so_itself(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "needs_pandas_of_mars.py").write_text("import pandas_of_mars\n")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(ModuleNotFoundError, match="pandas_of_mars"):
        world.write("needs_pandas_of_mars:rows")


def test_a_select_gets_tables_options_and_the_partition(world: World) -> None:
    days = replace(MART, partitions=DAYS.partitions)
    select = Sql(
        "SELECT '{{}}' FROM {mart.flights} WHERE day = {partition} AND w = '{workgroup}' AND x ~ '{2}'"
    )
    staged = world.write(lambda: select, days, run=replace(RUN, partition="o'clock"))
    assert world.storage.staged[staged.token] == [
        {"sql": "SELECT '{}' FROM \"mart\".\"flights\" WHERE day = 'o''clock' AND w = 'w' AND x ~ '{2}'"}
    ]


@pytest.mark.parametrize(
    ("sql", "message"),
    [
        (
            "{mart.flihgts}",
            (
                "`{mart.flihgts}`, which is neither upstream of `mart.delays` nor an option "
                "(did you mean `mart.flights`?)"
            ),
        ),
        (
            "{lake.flights}",
            "`{lake.flights}`, which is no table (read its rows with `context.read`)",
        ),
        (
            "{partition}",
            "`{partition}`, and this run of `mart.delays` has none (declare `partitions`)",
        ),
    ],
)
def test_a_select_with_a_hole_that_nothing_fills_is_refused(world: World, sql: str, message: str) -> None:
    with pytest.raises(SpecError) as caught:
        world.write(lambda: Sql(sql), MART)
    assert str(caught.value) == f"the statement names {message}"


def test_the_path_of_a_sql_file_counts_from_the_authors_file(world: World, tmp_path: Path) -> None:
    (tmp_path / "sql").mkdir()
    (tmp_path / "sql" / "delays.sql").write_text("SELECT * FROM {mart.flights}")
    place = Place(str(tmp_path / "dag.py"), 1)
    for make in ("sql/delays.sql", lambda: Path("sql/delays.sql")):
        staged = world.write(make, MART, place=place)
        assert world.storage.staged[staged.token] == [{"sql": 'SELECT * FROM "mart"."flights"'}]


def test_a_function_may_write_by_itself(world: World) -> None:
    def make(context: AssetContext) -> None:
        context.write(rows())

    staged = world.write(make)
    assert staged.rows == 2


def test_several_assets_come_as_a_mapping_or_are_written_one_by_one(world: World) -> None:
    def make(context: AssetContext) -> dict[str, Any]:
        context.write(rows(), asset="lake.flights")
        return {"mart.flights": Sql("SELECT 1")}

    staged = world.write_all(make, LAKE, FLIGHTS)
    assert [(each.asset, each.rows) for each in staged] == [("lake.flights", 2), ("mart.flights", 1)]


def test_what_was_published_upstream_is_read(world: World) -> None:
    world.storage.published["lake.flights", None] = rows()

    def make(context: AssetContext) -> Iterator[dict[str, Any]]:
        yield from context.read("lake.flights")

    staged = world.write(make, MART)
    assert world.storage.staged[staged.token] == rows()


def refused(world: World, make: Callable[..., Any], *assets: Asset) -> str:
    with pytest.raises(SpecError) as caught:
        world.write(make, *assets)
    return str(caught.value)


def test_what_a_function_does_wrong_is_said(world: World) -> None:
    assert refused(world, lambda: None) == (
        "step `lake` made nothing of `lake.flights` "
        "(return rows, `Sql` or the path of a SQL file, or call `context.write`)"
    )
    assert refused(world, lambda: "rows").startswith("`lake.flights` cannot be made of str")
    assert refused(world, lambda: 3).startswith("`lake.flights` cannot be made of int")
    assert refused(world, lambda context: context.read("lake.flihgts"), MART) == (
        "`lake.flihgts` is not upstream of `mart.delays` (did you mean `lake.flights`?)"
    )
    assert refused(world, rows, LAKE, MART) == (
        "step `lake` makes 2 assets and returned list (return a mapping from the names of assets)"
    )
    assert refused(world, lambda: {"lake.flihgts": []}, LAKE, MART) == (
        "`lake.flihgts` is not made here (did you mean `lake.flights`?)"
    )
    assert refused(world, lambda context: context.write([]), LAKE, MART) == (
        "say which asset it is (one of lake.flights, mart.delays)"
    )
    assert refused(world, lambda context: [context.write([]), context.write([])]) == (
        "`lake.flights` has been written already (write it once, or return it)"
    )
    assert refused(world, lambda context: context.option("worgroup")) == (
        "the option `pipelines.worgroup` is not set (did you mean `workgroup`?)"
    )


CHECKS = """
from typed_assets import CheckResult

def none(context): return None
def true(context): return True
def false(context): return False
def three(context): return 3
def result(context):
    return CheckResult(name="x", passed=False, observed=context.staged[context.asset.name].asset)
"""


@pytest.fixture
def own_checks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "own_checks.py").write_text(CHECKS)
    monkeypatch.syspath_prepend(tmp_path)


@pytest.mark.usefixtures("own_checks")
def test_own_checks_say_how_many_rows_are_bad_whether_all_is_well_or_a_result(world: World) -> None:
    names = ("true", "false", "three", "result")
    checks = tuple(Check(name=each, run=f"own_checks:{each}", severity=Severity.WARN) for each in names)
    asset = replace(LAKE, checks=checks)
    record = world.check(world.write(rows, asset), asset)
    assert [(each.name, each.passed, each.violations, each.observed) for each in record.checks] == [
        ("true", True, 0, ""),
        ("false", False, 0, ""),
        ("three", False, 3, ""),
        ("result", False, 0, "lake.flights"),
    ]
    assert {each.severity for each in record.checks} == {Severity.WARN}


@pytest.mark.usefixtures("own_checks")
def test_an_own_check_blocks_unless_it_only_warns_and_must_say_something(world: World) -> None:
    asset = replace(LAKE, checks=(Check(name="three", run="own_checks:three"),))
    with pytest.raises(AssetRefusedError, match=r"three \(3 violations, expected 0\)"):
        world.check(world.write(rows, asset), asset)
    asset = replace(LAKE, checks=(Check(name="none", run="own_checks:none"),))
    with pytest.raises(SpecError, match=r"check `none` of `lake\.flights` answered NoneType"):
        world.check(world.write(rows, asset), asset)


@pytest.mark.parametrize(
    "make", [rows, lambda _context: rows(), lambda *, some=1: rows() * some, lambda *_: rows()]
)
def test_a_function_gets_the_context_if_it_takes_one(world: World, make: Callable[..., Any]) -> None:
    assert world.write(make).rows == 2


def test_files_that_something_else_wrote_are_taken_as_they_are(world: World) -> None:
    staged = world.write(lambda: Files(("lake/flights/1.csv",)))
    assert world.storage.staged[staged.token] == [{"key": "lake/flights/1.csv"}]


def test_an_upstream_data_set_is_loaded(world: World) -> None:
    world.storage.published["lake.flights", None] = rows()
    staged = world.write(lambda: Load("lake.flights"), MART)
    assert world.storage.staged[staged.token] == rows()
    assert refused(world, lambda: Load("lake.flihgts"), MART) == (
        "`lake.flihgts` is not upstream of `mart.delays` (did you mean `lake.flights`?)"
    )


@pytest.mark.parametrize(
    ("mapping", "read"),
    [
        (Rollup(), ["2013-01-01T22", "2013-01-01T23"]),
        (AllPartitions(), ["2013-01-01T22", "2013-01-01T23", "2013-01-02T00"]),
        (LastPartition(), ["2013-01-02T00"]),
    ],
)
def test_the_partitions_that_belong_to_the_one_that_is_made_are_read(
    world: World, mapping: Mapping, read: list[str]
) -> None:
    start = datetime(2013, 1, 1, 22, tzinfo=UTC)
    hours = Asset(name="lake.hours", uri="s3://b/hours/", partitions=Hourly(start=start))
    days = replace(DAYS, upstream=(Dependency("lake.hours", mapping),))
    for key in ("2013-01-01T22", "2013-01-01T23", "2013-01-02T00"):
        world.storage.published["lake.hours", key] = [{"hour": key}]
    run = replace(RUN, partition="2013-01-01", assets={"lake.hours": hours})
    staged = world.write(lambda context: context.read("lake.hours"), days, run=run)
    assert [row["hour"] for row in world.storage.staged[staged.token]] == read
