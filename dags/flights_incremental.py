"""Only what is new: an incremental load with a watermark, which takes late rows along.

A run of this DAG takes the flights of `"raw".flights` that are scheduled within 31 days beyond the
watermark, and once more those of the two days before it, because rows come late; they are merged into
`incremental.flights` by what makes a flight one. Where nothing is scheduled in these days, the window reaches
31 days beyond the next flight. The watermark is the newest hour that has been published. It moves when the
check has passed, by compare-and-set with what the run has seen at its beginning: of two runs at once one
moves it. Airflow's page of the asset shows it from 3.3.

Rows that are later than two days are not seen again: let a run begin anew with its parameter `from`, for
example `{"from": "2013-03-01T00:00:00"}`; what is there already stays one row.
"""

from reference_pipelines.incremental.contract import FLIGHTS
from reference_pipelines.incremental.watermark import LOOK, advance_watermark, look_for_window, select
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
    look = operator(
        LOOK,
        "airflow.providers.standard.operators.python.PythonOperator",
        python_callable=look_for_window,
    )

    @asset(
        name="incremental.flights",
        uri="redshift://{warehouse_workgroup}/{warehouse_database}/incremental/flights",
        owners=OWNERS,
        group="flights",
        contract=FLIGHTS,
        after=[look],
    )
    def flights(context: AssetContext) -> Sql:
        """All flights up to the watermark, each once."""
        return Sql(select(context.output(LOOK)))

    operator(
        "advance_watermark",
        "airflow.providers.standard.operators.python.PythonOperator",
        python_callable=advance_watermark,
        after=[flights],
    )

flights_incremental = build(incremental)
