"""Functions become steps, steps become one frozen pipeline, and mistakes name file, line and right word."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from typed_assets import (
    Asset,
    AssetContext,
    Daily,
    Identity,
    Pipeline,
    Retries,
    Rollup,
    SpecError,
    Watcher,
    asset,
    multi_asset,
    operator,
    pipeline,
)
from typed_assets.spec.assets import Dependency
from typed_assets.spec.order import known_assets, ordered, predecessors
from typed_assets.spec.pipelines import AssetStep, OperatorStep, Output

LANDED = Asset(name="landed.flights", uri="s3://b/landed/", owners=("data",))


def test_steps_decorated_within_the_block_make_one_pipeline() -> None:
    with pipeline("flights", tags=["elt"]) as draft:
        wait = operator("wait", "airflow.providers.amazon.aws.sensors.s3.S3KeySensor", bucket_key="x")

        @asset(uri="s3://b/lake/flights/", upstream=[LANDED], after=[wait])
        def lake__flights(context: AssetContext) -> Iterator[dict[str, Any]]:
            """Flights as they left New York."""
            yield from context.read("landed.flights")

        @asset(name="mart.delays", uri="redshift://w/d/s/t", upstream=[lake__flights])
        def delays() -> None: ...

    spec = draft.spec
    assert isinstance(spec, Pipeline)
    assert [step.id for step in ordered(spec)] == ["wait", "lake__flights", "delays"]
    assert predecessors(spec) == {"wait": (), "lake__flights": ("wait",), "delays": ("lake__flights",)}
    assert lake__flights.assets == (
        Asset(
            name="lake.flights",
            uri="s3://b/lake/flights/",
            description="Flights as they left New York.",
            upstream=(Dependency("landed.flights"),),
        ),
    )
    assert known_assets(spec).keys() == {"lake.flights", "mart.delays", "landed.flights"}
    assert spec.tags == ("elt",)


def test_a_decorated_function_is_a_pipeline_with_its_name_and_docstring() -> None:
    @pipeline(owners=["data"])
    def flights() -> None:
        """What is known of flights."""

        @asset(uri="s3://b/lake/")
        def lake() -> None: ...

    assert (flights.id, flights.documentation, flights.owners) == (
        "flights",
        "What is known of flights.",
        ("data",),
    )
    assert [step.id for step in flights.steps] == ["lake"]


def test_outside_of_a_block_a_step_belongs_to_whoever_takes_it() -> None:
    @asset(uri="s3://b/lake/", upstream=[LANDED])
    def lake() -> None: ...

    spec = pipeline("flights", steps=[lake]).spec
    assert spec.steps == (lake,)
    assert known_assets(spec)["landed.flights"] is LANDED


def test_several_assets_of_one_step_share_what_they_are_made_of() -> None:
    good = Asset(name="good", uri="s3://b/good/", upstream=(Dependency("days", Rollup()),))
    bad = Asset(name="bad", uri="s3://b/bad/")

    @multi_asset(assets=[good, bad], upstream=["raw"], id="split")
    def divide() -> None: ...

    assert divide.id == "split"
    assert [each.upstream for each in divide.assets] == [
        (Dependency("days", Rollup()), Dependency("raw", Identity())),
        (Dependency("raw"),),
    ]


def test_an_upstream_asset_may_come_with_the_mapping_of_its_partitions() -> None:
    hourly = Asset(name="hourly", uri="s3://b/hourly/")

    @asset(uri="s3://b/daily/", upstream=[(hourly, Rollup()), Dependency("days", Rollup())])
    def daily() -> None: ...

    assert daily.assets[0].upstream == (Dependency("hourly", Rollup()), Dependency("days", Rollup()))
    assert daily.sources == (hourly,)


def test_watchers_are_kept() -> None:
    watcher = Watcher("queue", "airflow.providers.amazon.aws.triggers.sqs.SqsSensorTrigger")

    @asset(uri="s3://b/lake/", watchers=[watcher])
    def lake() -> None: ...

    assert lake.assets[0].watchers == (watcher,)


def test_a_step_among_the_arguments_of_an_operator_stands_for_its_output() -> None:
    with pipeline("lambda") as draft:
        plan = operator("plan", "operators.Plan")
        operator("clean", "operators.Clean", bucket="b", names=[plan, "x"], expand={"payload": plan})

    clean = draft.spec.steps[1]
    assert isinstance(clean, OperatorStep)
    assert (clean.arguments, clean.expand) == (
        {"bucket": "b", "names": [Output("plan"), "x"]},
        {"payload": Output("plan")},
    )
    assert predecessors(draft.spec)["clean"] == ("plan",)


def test_an_operator_may_be_named_by_its_class() -> None:
    assert operator("each", Rollup).operator == "typed_assets.spec.partitions.Rollup"


def made(step: str, name: str | None = None, **more: Any) -> AssetStep:
    @asset(id=step, name=name or step, uri=f"s3://b/{step}/", **more)
    def make() -> None: ...

    return make


def sentence(*steps: AssetStep | OperatorStep) -> str:
    with pytest.raises(SpecError) as caught:
        ordered(pipeline("flights", steps=steps).spec)
    assert caught.value.place is None or caught.value.place.file == __file__
    return caught.value.message + (f" ({caught.value.hint})" if caught.value.hint else "")


def test_no_pipeline_is_called_as_a_dag_that_starts_partitions() -> None:
    with pytest.raises(SpecError) as caught, pipeline("days__partitions", steps=[made("a")]):
        pass

    assert (caught.value.message, caught.value.hint) == (
        "`days__partitions` cannot be the id of a pipeline",
        "`__partitions` ends the ids of DAGs that start partitions: choose another end",
    )


def test_what_is_wrong_with_a_pipeline_is_said_in_one_sentence() -> None:
    assert sentence() == "pipeline `flights` has no steps"
    assert sentence(made("a"), made("a", "b")).startswith(
        f"pipeline `flights` has two steps with the id `a` (the first stands at {__file__}:"
    )
    assert sentence(made("a"), made("b", "a")).startswith("asset `a` is made twice")
    assert sentence(made("flights"), made("b", upstream=["flihgts"])) == (
        "step `b` is made of `flihgts`, which no step makes (did you mean `flights`?)"
    )
    assert sentence(made("b", upstream=["other"])) == (
        "step `b` is made of `other`, which no step makes (name assets of other pipelines as `sources`)"
    )
    assert sentence(made("wait"), made("b", after=["wiat"])) == (
        "step `b` comes after `wiat`, which is not a step of `flights` (did you mean `wait`?)"
    )
    assert sentence(made("a", upstream=["b"]), made("b", upstream=["c"]), made("c", upstream=["a"])) == (
        "steps wait for one another: `a` → `b` → `c` → `a`"
    )
    assert sentence(made("a", upstream=["a"])) == "steps wait for one another: `a` → `a`"
    assert sentence(made("a.b", "a")) == "`a.b` cannot be the id of a step (use letters, digits, `_` and `-`)"
    assert sentence(OperatorStep(id="x", operator="o.O", expand={"y": Output("z")})) == (
        "step `x` comes after `z`, which is not a step of `flights`"
    )
    assert sentence(AssetStep(id="nothing", assets=(), make="m:f")) == "step `nothing` makes no asset"


def test_sql_makes_one_table() -> None:
    both = AssetStep(id="both", assets=(LANDED, replace(LANDED, name="b")), make="sql/both.sql")
    assert sentence(both) == "step `both` makes 2 assets by one SELECT (make each by a step of its own)"
    files = AssetStep(id="lake", assets=(LANDED,), make="sql/lake.sql")
    assert sentence(files) == (
        "`landed.flights` is made by SQL, and `s3://b/landed/` is no table "
        "(make a table, and from it the files by `UNLOAD`)"
    )


def test_one_asset_has_one_declaration() -> None:
    other = Asset(name="landed.flights", uri="s3://b/elsewhere/")
    assert sentence(made("a", upstream=[LANDED]), made("b", upstream=[other])) == (
        "asset `landed.flights` has two different declarations in pipeline `flights` "
        "(import the one that its pipeline has)"
    )


@pytest.mark.parametrize(
    "given", [[LANDED, replace(LANDED, group="other")], [Asset(name="a", uri="s3://b/x/")]]
)
def test_a_source_has_one_declaration_too(given: list[Asset]) -> None:
    with pytest.raises(SpecError) as caught:
        ordered(pipeline("flights", steps=[made("a")], sources=given).spec)
    assert (caught.value.message, caught.value.hint) == (
        f"asset `{given[0].name}` has two different declarations in pipeline `flights`",
        "take one of them out of `sources`",
    )
    ordered(pipeline("flights", steps=[made("a")], sources=[LANDED, LANDED]).spec)


def test_a_mistake_names_the_file_and_the_line_of_the_decorated_function() -> None:
    with pytest.raises(SpecError) as caught:

        @asset(uri="ftp://b/lake/")
        def lake() -> None: ...

    line = lines_with('@asset(uri="ftp://')
    assert str(caught.value).startswith(f"{__file__}:{line}: `ftp://b/lake/` is not the place of an asset")


def test_a_mistake_in_a_block_is_raised_when_the_block_ends() -> None:
    with pytest.raises(SpecError, match="which no step makes"), pipeline("flights"):

        @asset(uri="s3://b/lake/", upstream=["nowhere"])
        def lake() -> None: ...


def test_another_error_in_a_block_is_raised_as_it_is() -> None:
    with pytest.raises(KeyError), pipeline("flights"):
        raise KeyError


def test_after_a_failed_block_steps_belong_to_nobody() -> None:
    draft = pipeline("flights")
    with pytest.raises(KeyError), draft:
        raise KeyError
    made("a")
    assert draft.spec.steps == ()


def test_a_pipeline_has_an_id() -> None:
    with pytest.raises(SpecError) as caught, pipeline():
        pass
    assert caught.value.message == "a pipeline needs an id"
    assert caught.value.place is not None
    assert caught.value.place.line == lines_with("as caught, pipeline():")


def lines_with(text: str) -> int:
    lines = Path(__file__).read_text(encoding="utf-8").splitlines()
    return 1 + next(number for number, line in enumerate(lines) if text in line)


def test_partitions_that_do_not_go_together_are_refused() -> None:
    days = Asset(name="days", uri="s3://b/days/", partitions=Daily(start=date(2013, 1, 1)))
    assert sentence(made("total", upstream=[days])) == (
        "`total` cannot be made of `days`: daily partitions cannot have the keys of an asset without "
        "partitions (use AllPartitions or LastPartition)"
    )


@pytest.mark.parametrize("name", ["upstream", "owners", "tags", "after"])
def test_one_text_is_no_list(name: str) -> None:
    with pytest.raises(SpecError) as caught:
        made("lake", **{name: "data"})
    assert caught.value.message == f"`{name}` is a list, and `data` is one text"
    assert caught.value.hint == f'write `{name}=["data"]`'
    assert caught.value.place is not None
    with pytest.raises(SpecError, match="is a list"):
        pipeline("flights", owners="data")


def test_how_often_is_a_number_too() -> None:
    assert made("lake", retries=5).retries == Retries(count=5)


def test_a_function_takes_the_context_or_nothing() -> None:
    for fine in (lambda: None, lambda _context: None, lambda _context, _more=1: None, lambda *_, **__: None):
        assert asset(uri="s3://b/p/", name="a", id="a")(fine).make is fine
    with pytest.raises(SpecError) as caught:
        asset(uri="s3://b/p/", name="a")(lambda _context, _flights: None)
    assert caught.value.message == "`<lambda>` needs `_context`, `_flights`"
    assert caught.value.hint == "it may take an `AssetContext`, or nothing"


def test_what_airflow_takes_and_a_pipeline_does_not_is_told_with_what_to_write() -> None:
    odd: Any = "@daily"
    with pytest.raises(SpecError) as caught:
        pipeline("flights", schedule=odd)
    assert (caught.value.message, caught.value.hint, caught.value.place and caught.value.place.file) == (
        "`schedule` cannot be `@daily`, which is of the type str",
        'write `OnCron("@daily")`, or another condition',
        __file__,
    )
    with pytest.raises(SpecError, match=r"`timeout` cannot be `@daily`.*write `timedelta\(hours=1\)`"):
        made("a", timeout=odd)
    with pytest.raises(SpecError, match=r"`retries` cannot be `@daily`.*write a number"):
        made("a", retries=odd)
    with pytest.raises(SpecError, match=r"`upstream` cannot be `1`"):
        made("a", upstream=[1])
