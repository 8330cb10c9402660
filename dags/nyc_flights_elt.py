"""Flights from New York in 2013, from landed files to marts that readers can rely on.

Files of five tables (flights, weather, airlines, airports, planes; CSV, plain or gzipped) land under
`landing/nyc_flights/` of the data bucket. This DAG of Airflow waits for them and then makes assets, each
with a contract:

1. **normalise**: a Lambda function splits each file into good rows, below `normalised/`, and bad ones with
   the reason, below `quarantine/`. What a row must be stands in `nyc_flights/contracts/`.
2. **raw**: the good rows, copied into the schema `raw` of the warehouse, a table each.
3. **mart**: delay by carrier, by route and by weather; one SELECT each, in `nyc_flights/sql/marts/`.
4. **unload_summary**: the carriers to `lake/nyc_flights/`, as Parquet.

Assets are written, audited, published: `write` fills staging tables that nobody reads, `check_…` runs the
contract (columns, ranges, uniqueness, the rules in `nyc_flights/sql/checks/`) and, if all is well, puts the
rows into the table that readers see, in one transaction. A check that fails ends the run there: its table
stays as it was, and nothing is made of it.

A second run on the same files gives the same tables.
"""

import json

from airflow.sdk import Asset as AirflowAsset

from nyc_flights.landing import TABLES, landing_pattern, normalise_payloads
from nyc_flights.marts import MARTS
from nyc_flights.raw import NORMALISED, RAW
from nyc_flights.sql_files import sql_text
from reference_pipelines.file_etl.files import LAMBDA_CALL
from reference_pipelines.settings import ARGUMENTS, DEFAULTS, OWNERS
from typed_assets import Load, Sql, build, multi_asset, operator, pipeline
from typed_assets.building.options import AirflowOptions

with pipeline(
    "nyc_flights_elt",
    description="Flights from New York in 2013: landing, quarantine, warehouse, marts, lake",
    documentation=__doc__,
    tags=("elt", "redshift", "lambda"),
    owners=OWNERS,
    arguments={**ARGUMENTS, "user_defined_filters": {"from_json": json.loads}},
    default_arguments=DEFAULTS,
    sources=NORMALISED,
) as elt:
    await_landing = operator(
        "await_landing",
        "airflow.providers.amazon.aws.sensors.s3.S3KeySensor",
        bucket_name="{{ option('data_bucket') }}",
        bucket_key=[landing_pattern(table) for table in TABLES],
        wildcard_match=True,
        deferrable=True,
        poke_interval=10,
        timeout=3600,
    )
    plan_tables = operator(
        "plan_tables",
        "airflow.providers.standard.operators.python.PythonOperator",
        python_callable=normalise_payloads,
        after=[await_landing],
    )
    normalise = operator(
        "normalise",
        "airflow.providers.amazon.aws.operators.lambda_function.LambdaInvokeFunctionOperator",
        function_name="{{ option('normalise_function') }}",
        log_type="Tail",
        keep_empty_log_lines=False,
        botocore_config=LAMBDA_CALL,
        map_index_template="{{ (task.payload | from_json).contract.table }}",
        expand={"payload": plan_tables},
    )

    @multi_asset(assets=RAW, after=[normalise])
    def raw() -> dict[str, Load]:
        """Have the warehouse copy the good rows of each table."""
        return {f"nyc_flights.raw.{table}": Load(f"nyc_flights.normalised.{table}") for table in TABLES}

    @multi_asset(assets=MARTS)
    def mart() -> dict[str, Sql]:
        """Have the warehouse build each mart from the raw tables."""
        return {asset.name: Sql(sql_text(f"marts/{asset.name.rpartition('.')[2]}")) for asset in MARTS}

    operator(
        "unload_summary",
        "airflow.providers.amazon.aws.operators.redshift_data.RedshiftDataOperator",
        sql=sql_text("lake/summary"),
        database="{{ option('warehouse_database') }}",
        workgroup_name="{{ option('warehouse_workgroup') }}",
        secret_arn=AirflowOptions().get("warehouse_secret_arn"),
        statement_name="{{ macros.flights_plugin.statement_name(ti) }}",
        poll_interval=1,
        outlets=[AirflowAsset("nyc_flights.lake.delay_by_carrier", group="nyc_flights")],
        after=[mart],
    )


nyc_flights_elt = build(elt)
