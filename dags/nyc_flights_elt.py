"""Flights from New York in 2013, from landed files to published marts.

Files of five tables (flights, weather, airlines, airports, planes; CSV, plain or gzipped) land under
`landing/nyc_flights/` of the data bucket. This DAG waits for them and then

1. **normalises** each table with a Lambda function: good rows go to `normalised/`, bad rows with the reason
   to `quarantine/`; what a row must be stands in `nyc_flights/contracts/`;
2. **loads** all raw tables in one transaction (`COPY`), so that readers see the old tables or the new ones;
3. **builds** the marts in the schema `mart_staging`: delay by carrier, by route, by weather;
4. **audits** them: row counts, keys, ranges, sums, distances. A finding fails the run here, and the marts
   that readers use stay as they were;
5. **publishes** them to the schema `mart` in one transaction;
6. **unloads** a summary to `lake/nyc_flights/` as Parquet.

A second run on the same files gives the same tables. The options it needs stand in `nyc_flights/options.py`.
"""

import json
from datetime import timedelta
from typing import Any

from airflow.providers.amazon.aws.operators.lambda_function import LambdaInvokeFunctionOperator
from airflow.providers.amazon.aws.operators.redshift_data import RedshiftDataOperator
from airflow.providers.amazon.aws.sensors.s3 import S3KeySensor
from airflow.sdk import DAG, Asset, task

from nyc_flights import options
from nyc_flights.landing import DATASET, LANDING_PREFIX, TABLES, landing_pattern, normalise_payload
from nyc_flights.statements import statements

MARTS = ("delay_by_carrier", "delay_by_route", "delay_by_weather")
LAMBDA_TIMEOUT = 900  # seconds; the longest that Lambda allows
LAMBDA_CALL = {
    # The answer comes when the function ends; a repeated call would run it twice.
    "read_timeout": LAMBDA_TIMEOUT,
    "tcp_keepalive": True,
    "retries": {"total_max_attempts": 1},
}

RAW = [Asset(f"{DATASET}.raw.{table}", group=DATASET) for table in TABLES]
PUBLISHED = [Asset(f"{DATASET}.mart.{mart}", group=DATASET) for mart in MARTS]
SUMMARY = Asset(f"{DATASET}.lake.delay_by_carrier", group=DATASET)


def in_warehouse(task_id: str, *files: str, **arguments: Any) -> RedshiftDataOperator:  # noqa: ANN401
    """Return the task that runs SQL files in one transaction of the warehouse."""
    return RedshiftDataOperator(
        task_id=task_id,
        sql=statements(*files),
        database="{{ option('warehouse_database') }}",
        workgroup_name="{{ option('warehouse_workgroup') }}",
        secret_arn=options.optional("warehouse_secret_arn"),
        statement_name="{{ macros.flights_plugin.statement_name(ti) }}",
        poll_interval=1,
        **arguments,
    )


with DAG(
    dag_id="nyc_flights_elt",
    description="Flights from New York in 2013: landing, quarantine, warehouse, marts, lake",
    doc_md=__doc__,
    schedule=None,
    catchup=False,
    is_paused_upon_creation=False,  # it runs only when it is asked to
    max_active_runs=1,
    tags=["elt", "redshift", "lambda"],
    user_defined_macros={"option": options.required},
    user_defined_filters={"from_json": json.loads},
    default_args={
        "owner": "data-platform",
        "retries": 2,
        "retry_delay": timedelta(seconds=15),
        "execution_timeout": timedelta(minutes=20),
    },
) as dag:
    landed = S3KeySensor(
        task_id="await_landing",
        bucket_name="{{ option('data_bucket') }}",
        bucket_key=[landing_pattern(table) for table in TABLES],
        wildcard_match=True,
        deferrable=True,
        poke_interval=10,
        timeout=timedelta(hours=1).total_seconds(),
    )

    @task
    def plan_tables() -> list[str]:
        """Look at what has landed and return one payload of the normalising function per table."""
        from airflow.providers.amazon.aws.hooks.s3 import S3Hook

        bucket = options.required("data_bucket")
        keys = S3Hook().list_keys(bucket_name=bucket, prefix=LANDING_PREFIX) or []
        return [normalise_payload(table, bucket, keys) for table in TABLES]

    payloads = plan_tables()

    normalised = LambdaInvokeFunctionOperator.partial(
        task_id="normalise",
        function_name="{{ option('normalise_function') }}",
        log_type="Tail",
        keep_empty_log_lines=False,
        botocore_config=LAMBDA_CALL,
        map_index_template="{{ (task.payload | from_json).contract.table }}",
    ).expand(payload=payloads)

    # Not deferred: the load takes seconds, and Airflow 3.0 fails a try whose trigger fires before the process
    # of the worker has ended, five seconds after it deferred ("task instance's state attribute is queued").
    loaded = in_warehouse("load_raw", "schemas.sql", *(f"raw/{table}.sql" for table in TABLES), outlets=RAW)

    built = in_warehouse("build_marts", *(f"marts/{mart}.sql" for mart in MARTS))

    @task(retries=0)  # the same data would break the same rules again
    def audit(results: list[str]) -> dict[str, int]:
        """Compare what was accepted, loaded and built; return the rows of each table.

        Raises:
            AuditFailedError: the data breaks a rule.
        """
        from airflow.providers.amazon.aws.hooks.redshift_data import RedshiftDataHook
        from haversine import Unit, haversine  # from requirements.txt, which the DAG processor need not have

        from nyc_flights import audit as rules
        from nyc_flights.warehouse import query

        counts = rules.read_counts(results)
        loaded_rows, violations, routes = query(
            RedshiftDataHook(), "audit/row_counts.sql", "audit/violations.sql", "audit/routes.sql"
        )
        findings = [
            *rules.rejection_findings(counts, options.max_rejected_share()),
            *rules.load_findings(counts, loaded_rows),
            *rules.rule_findings(violations),
            *rules.distance_findings(routes, lambda start, end: haversine(start, end, unit=Unit.MILES)),
        ]
        if findings:
            raise rules.AuditFailedError(findings)
        return {row["table_name"]: row["loaded"] for row in loaded_rows}

    audited = audit(normalised.output)

    published = in_warehouse("publish", *(f"publish/{mart}.sql" for mart in MARTS), outlets=PUBLISHED)

    unloaded = in_warehouse("unload_summary", "lake/summary.sql", outlets=[SUMMARY])

    landed >> payloads >> normalised >> loaded >> built >> audited >> published >> unloaded
