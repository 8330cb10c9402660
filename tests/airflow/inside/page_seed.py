"""Fills a metadata database with assets that were published and refused, for the test of the page.

page_seed.py            publishes both assets, then has the first refused
page_seed.py healed     publishes both again
"""

import sys
from datetime import UTC, datetime, timedelta

from typed_assets import Asset, Column, ColumnType, Contract, Dependency, FreshnessPolicy, build
from typed_assets.spec.pipelines import AssetStep, Pipeline
from typed_assets.testing import run_dag

LAKE = Asset(
    name="page.lake",
    uri="s3://{data_bucket}/page/lake/",
    owners=("team-page",),
    group="page",
    description="Rows with a number each.",
    contract=Contract(columns=(Column(name="number", type=ColumnType.INTEGER, minimum=0),)),
    freshness=FreshnessPolicy(within=timedelta(days=1)),
)
MART = Asset(
    name="page.mart", uri="s3://{data_bucket}/page/mart/", upstream=(Dependency("page.lake"),), group="page"
)
NUMBERS = [1, 2, 3]


def rows() -> list[dict[str, int]]:
    """Return what is written."""
    return [{"number": number} for number in NUMBERS]


def main(*, healed: bool) -> int:
    """Run the pipeline with good rows, and where nothing is to be healed, with a bad one too."""
    steps = tuple(
        AssetStep(id=asset.name.replace(".", "_"), assets=(asset,), make=rows) for asset in (LAKE, MART)
    )
    pipeline = Pipeline(id="page_pipeline", steps=steps, start=datetime(2026, 1, 1, tzinfo=UTC).date())
    runs = [run_dag(build(pipeline))]
    if not healed:
        NUMBERS.append(-7)
        runs.append(run_dag(build(pipeline)))
    for run in runs:
        print(run.state, run.tasks)  # noqa: T201 - the test shows it where something fails
    return 0 if [run.state for run in runs] == (["success"] if healed else ["success", "failed"]) else 1


if __name__ == "__main__":
    sys.exit(main(healed="healed" in sys.argv))
