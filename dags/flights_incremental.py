"""Only what is new: an incremental load with a watermark, which takes late rows along.

A run of this DAG takes the flights of `"raw".flights` that are scheduled within 31 days beyond the
watermark, and once more those of the two days before it, because rows come late; they are merged into
`incremental.flights` by what makes a flight one. The watermark is the newest hour that has been published.
It moves when the check has passed, by compare-and-set, and Airflow's page of the asset shows it from 3.3.

Rows that are later than two days are not seen again: let a run begin anew with its parameter `from`, for
example `{"from": "2013-03-01T00:00:00"}`; what is there already stays one row.
"""

from reference_pipelines.incremental.contract import FLIGHTS
from reference_pipelines.incremental.watermark import advance_watermark, window
from reference_pipelines.settings import ARGUMENTS, DEFAULTS, OWNERS
from typed_assets import AssetContext, Sql, asset, build, operator, pipeline

with pipeline(
    "flights_incremental",
    description="Flights that are new since the last run, and those that came late",
    documentation=__doc__,
    tags=("reference", "incremental"),
    owners=OWNERS,
    arguments={**ARGUMENTS, "params": {"from": ""}},
    default_arguments=DEFAULTS,
) as incremental:

    @asset(
        name="incremental.flights",
        uri="redshift://{warehouse_workgroup}/{warehouse_database}/incremental/flights",
        owners=OWNERS,
        group="flights",
        contract=FLIGHTS,
    )
    def flights(context: AssetContext) -> Sql:
        """All flights up to the watermark, each once."""
        return Sql(window(context).select())

    operator(
        "advance_watermark",
        "airflow.providers.standard.operators.python.PythonOperator",
        python_callable=advance_watermark,
        after=[flights],
    )

flights_incremental = build(incremental)
