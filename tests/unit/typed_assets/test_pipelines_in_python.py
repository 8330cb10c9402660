"""Functions become steps, steps become one frozen pipeline, and mistakes name file, line and right word."""

from collections.abc import Iterator
from typing import Any

from typed_assets import (
    Asset,
    AssetContext,
    Pipeline,
    asset,
    operator,
    pipeline,
)
from typed_assets.spec.assets import Dependency
from typed_assets.spec.order import known_assets, ordered, predecessors

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
