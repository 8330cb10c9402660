"""What a pipeline's file becomes."""

from datetime import UTC, date, datetime, timedelta

import pytest

from tests.fakes.pipeline_files import END, LOAD, pipelines
from typed_assets.spec.assets import Asset, Check, Dependency, FreshnessPolicy, Quarantine, Watcher
from typed_assets.spec.automation import AllOf, AnyOf, Eager, Not, OnCron, OnMissing, Updated
from typed_assets.spec.contracts import Column, ColumnType, Contract, FreshData, RowCount, Severity, SqlRule
from typed_assets.spec.errors import Place
from typed_assets.spec.partitions import AllPartitions, Daily, Hourly, Product, Static
from typed_assets.spec.pipelines import AssetStep, OperatorStep, Output, Pipeline, Retries
from typed_assets.yaml.documents import read_document
from typed_assets.yaml.loops import LoopError, filled
from typed_assets.yaml.schedules import condition
from typed_assets.yaml.values import Imported

FILE = "pipelines/nightly.yaml"


def test_a_file_is_a_pipeline_with_its_name() -> None:
    (found,) = pipelines(
        f"""
        description: loads
        schedule: 30 6 * * 1-5
        start: 2024-01-31
        tags: [a]
        owners: [me]
        arguments: {{catchup: true, dagrun_timeout: 2h}}
        default_arguments: {{retries: 3, retry_delay: 1m30s}}
        steps:
          - id: load
            operator: {LOAD}
            arguments:
              sql: select 1
              wait: true
              on_done: lib.tables:note
              since: "2024-01-31"
          - {{id: end, operator: {END}, after: [load]}}
        """
    )
    assert found == Pipeline(
        id="nightly",
        description="loads",
        schedule=OnCron("30 6 * * 1-5"),
        start=date(2024, 1, 31),
        tags=("a",),
        owners=("me",),
        arguments={"catchup": True, "dagrun_timeout": timedelta(hours=2)},
        default_arguments={"retries": 3, "retry_delay": timedelta(seconds=90)},
        steps=(
            OperatorStep(
                id="load",
                operator=LOAD,
                arguments={
                    "sql": "select 1",
                    "wait": True,
                    "on_done": Imported("lib.tables", "note"),
                    "since": datetime(2024, 1, 31, tzinfo=UTC),
                },
                place=Place(FILE, 9, "steps[0]"),
            ),
            OperatorStep(id="end", operator=END, after=("load",), place=Place(FILE, 16, "steps[1]")),
        ),
        place=Place(FILE, 1),
    )


def test_an_asset_step_holds_all_that_an_asset_may_have() -> None:
    (found,) = pipelines(
        """
        sources: [{name: raw.flights, uri: "s3://{data_bucket}/raw/", partitions: {static: [x]}}]
        steps:
          - asset:
              name: mart.delays
              uri: redshift://{warehouse}/dev/mart/delays
              owners: [me]
              description: Delays
              group: marts
              tags: [t]
              contract:
                columns:
                  - {name: day, type: date, minimum: "2013-01-01"}
                  - {name: carrier, type: text, pattern: "[A-Z0-9]{2}", severity: warn, unique: true}
                keys: [[day, carrier]]
                rows: {minimum: 1, maximum: 10}
                fresh: {column: day, within: 2d}
                rules: [{name: sums, sql: "select 0 from {table}", severity: warn}]
                closed: true
              partitions: {product: [{daily: {start: "2013-01-01"}}, {static: [us, ca]}]}
              checks: [{name: add_up, run: "checks:add_up"}]
              upstream: [{asset: raw.flights, mapping: all}]
              freshness: {within: 26h, warn_within: 24h}
              quarantine: {uri: "redshift://{warehouse}/dev/aside/delays", max_share: 0.1}
              watchers: [{name: files, trigger: lib.Files, arguments: {queue: "{queue}"}}]
            make: marts:delays
            retries: {count: 1, delay: 10s, exponential: true}
            timeout: 10m
        """
    )
    contract = Contract(
        columns=(
            Column(name="day", type=ColumnType.DATE, minimum="2013-01-01"),
            Column(
                name="carrier",
                type=ColumnType.TEXT,
                pattern="[A-Z0-9]{2}",
                severity=Severity.WARN,
                unique=True,
            ),
        ),
        keys=(("day", "carrier"),),
        rows=RowCount(minimum=1, maximum=10),
        fresh=FreshData(column="day", within=timedelta(days=2)),
        rules=(SqlRule(name="sums", sql="select 0 from {table}", severity=Severity.WARN),),
        closed=True,
    )
    asset = Asset(
        name="mart.delays",
        uri="redshift://{warehouse}/dev/mart/delays",
        owners=("me",),
        description="Delays",
        group="marts",
        tags=("t",),
        contract=contract,
        partitions=Product(Daily(start=date(2013, 1, 1)), Static(("us", "ca"))),
        checks=(Check(name="add_up", run="checks:add_up"),),
        upstream=(Dependency("raw.flights", AllPartitions()),),
        freshness=FreshnessPolicy(within=timedelta(hours=26), warn_within=timedelta(hours=24)),
        quarantine=Quarantine(uri="redshift://{warehouse}/dev/aside/delays", max_share=0.1),
        watchers=(Watcher("files", "lib.Files", {"queue": "{queue}"}),),
    )
    raw = Asset(name="raw.flights", uri="s3://{data_bucket}/raw/", partitions=Static(("x",)))
    assert found.sources == (raw,)
    assert found.steps == (
        AssetStep(
            id="mart__delays",
            assets=(asset,),
            make="marts:delays",
            retries=Retries(count=1, delay=timedelta(seconds=10), exponential=True),
            timeout=timedelta(minutes=10),
            place=Place(FILE, 3, "steps[0]"),
        ),
    )


def test_a_step_may_make_several_assets_and_a_sql_file_makes_one() -> None:
    (found,) = pipelines(
        """
        steps:
          - id: both
            assets:
              - {name: a, uri: "s3://b/a/", partitions: {hourly: {start: "2013-01-01T05:00"}}}
              - {name: b, uri: "s3://b/b/"}
            make: flights:both
          - id: table
            asset: {name: c, uri: "redshift://w/d/s/c"}
            make: ../sql/table.sql
        """,
        **{"sql/table.sql": "select 1"},
    )
    step, table = found.steps
    assert isinstance(step, AssetStep)
    assert isinstance(table, AssetStep)
    assert (step.make, table.make) == ("flights:both", "sql/table.sql")
    assert step.assets[0].partitions == Hourly(start=datetime(2013, 1, 1, 5, tzinfo=UTC))


def schedule_of(text: str) -> object:
    value = read_document(text, "nightly.yaml").value
    return None if value is None else condition(value)


def test_a_schedule_has_six_forms() -> None:
    assert schedule_of('"@daily"') == OnCron("@daily")
    assert schedule_of("eager") == Eager()
    assert schedule_of('{cron: "0 3 * * *", timezone: Europe/Berlin}') == OnCron("0 3 * * *", "Europe/Berlin")
    assert schedule_of('{missing: "*/5 * * * *"}') == OnMissing("*/5 * * * *")
    assert schedule_of("{all: [{updated: a}, {any: [eager, {not: {updated: b}}]}]}") == AllOf(
        (Updated("a"), AnyOf((Eager(), Not(Updated("b")))))
    )
    assert schedule_of("null") is None


MATRIX = f"""
id: load_${{{{ tenant.name }}}}_${{{{ region }}}}
matrix:
  tenant: [{{name: a, size: 1}}, {{name: b, size: 2}}]
  region: [eu, us]
exclude: [{{region: us, tenant: {{name: b, size: 2}}}}]
tags: ["${{{{ region }}}}"]
steps:
  - id: load_${{{{ table }}}}
    for_each: {{table: [x, y]}}
    operator: own.Load
    arguments: {{size: "${{{{ tenant.size }}}}", text: "${{{{ table }}}} {{{{ ds }}}} $${{{{ kept }}}}"}}
  - {{id: end, operator: {END}, after: ["load_*"]}}
"""


def test_a_matrix_makes_pipelines_and_a_loop_makes_steps() -> None:
    found = pipelines(MATRIX)
    assert [each.id for each in found] == ["load_a_eu", "load_a_us", "load_b_eu"]
    assert [each.tags for each in found] == [("eu",), ("us",), ("eu",)]
    assert [step.id for step in found[2].steps] == ["load_x", "load_y", "end"]
    first, _, end = found[2].steps
    assert isinstance(first, OperatorStep)
    assert first.arguments == {"size": 2, "text": "x {{ ds }} ${{ kept }}"}
    assert end.after == ("load_x", "load_y")


def test_a_key_with_a_variable_is_text_and_stands_once() -> None:
    assert filled({"${{ n }}": "${{ n }}"}, {"n": 2}, ()) == {"2": 2}
    with pytest.raises(LoopError, match="the key `x` stands here twice") as caught:
        filled({"a": {"${{ n }}": 1, "${{ m }}": 2}}, {"n": "x", "m": "x"}, ())
    assert caught.value.problem[0] == ("a", "${{ m }}")


def test_a_matrix_may_stand_in_a_file_of_its_own() -> None:
    found = pipelines(
        f"""
        id: load_${{{{ tenant }}}}
        matrix: {{tenant: {{$ref: _tenants.yaml}}}}
        steps: [{{id: a, operator: {LOAD}, arguments: {{sql: {{$ref: ../sql/a.sql}}}}}}]
        """,
        **{"pipelines/_tenants.yaml": "[x, y]", "sql/a.sql": "select 1"},
    )
    assert [each.id for each in found] == ["load_x", "load_y"]
    step = found[0].steps[0]
    assert isinstance(step, OperatorStep)
    assert step.arguments == {"sql": "select 1"}


def test_defaults_of_folders_come_first_and_arguments_are_merged() -> None:
    (found,) = pipelines(
        f"""
        default_arguments: {{retries: 5}}
        steps: [{{id: a, operator: {LOAD}, arguments: {{sql: x}}}}, {{id: b, operator: {LOAD}}}]
        """,
        **{
            "pipelines/_defaults.yaml": f"""
                owners: [us]
                schedule: "@daily"
                default_arguments: {{retries: 1, retry_delay: 5m}}
                operators: {{{LOAD}: {{sql: y, workgroup_name: w}}}}
            """,
        },
    )
    assert found.owners == ("us",)
    assert found.schedule == OnCron("@daily")
    assert found.default_arguments == {"retries": 5, "retry_delay": timedelta(minutes=5)}
    assert [step.arguments for step in found.steps if isinstance(step, OperatorStep)] == [
        {"sql": "x", "workgroup_name": "w"},
        {"sql": "y", "workgroup_name": "w"},
    ]


def test_marks_stand_for_values_that_yaml_has_not() -> None:
    (found,) = pipelines(
        """
        steps:
          - {id: a, operator: own.A}
          - id: b
            operator: own.B
            after: [a]
            arguments:
              f: {$import: "lib.x:f"}
              d: [{$duration: 5m}]
              o: {$output: a}
              t: {$time: "2024-01-31T05:00"}
            expand: {n: [1, 2]}
        """
    )
    step = found.steps[1]
    assert isinstance(step, OperatorStep)
    assert step.arguments == {
        "f": Imported("lib.x", "f"),
        "d": [timedelta(minutes=5)],
        "o": Output("a"),
        "t": datetime(2024, 1, 31, 5, tzinfo=UTC),
    }
    assert step.expand == {"n": [1, 2]}
