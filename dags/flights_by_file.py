"""Whatever files have landed: each is cleaned by a Lambda function, and all are merged into one table.

1. `list_files` looks for CSV files below `landing/flights_by_file/` of the data bucket.
2. `clean` is mapped over them: the normalising function splits each into good rows below `normalised/` and
   bad ones with the reason below `quarantine/`. A file that fails is tried again by itself.
3. `flights_by_file.cleaned` takes the good files as they are, checks all of them against the contract in
   one stream, and publishes their manifest.
4. `flights_by_file.flights` copies them into the warehouse and merges them by hour, carrier, flight and
   airport: a flight that was there is replaced. One that comes twice in a run's files is refused.

A second run on the same files gives the same table. Airflow makes the DAG's mapped tasks when it knows the
files.
"""

from reference_pipelines.contract_documents import contract
from reference_pipelines.file_etl.files import LAMBDA_CALL, cleaned_keys, landed_payloads
from reference_pipelines.settings import ARGUMENTS, DEFAULTS, OWNERS
from typed_assets import AssetContext, Files, Load, asset, build, operator, pipeline

KEY = ("time_hour", "carrier", "flight", "origin")
FLIGHTS = contract("flights", KEY)

with pipeline(
    "flights_by_file",
    description="Files cleaned one by one, merged into one table",
    documentation=__doc__,
    tags=("reference", "etl", "lambda"),
    owners=OWNERS,
    arguments=ARGUMENTS,
    default_arguments=DEFAULTS,
) as by_file:
    list_files = operator(
        "list_files",
        "airflow.providers.standard.operators.python.PythonOperator",
        python_callable=landed_payloads,
    )
    clean = operator(
        "clean",
        "airflow.providers.amazon.aws.operators.lambda_function.LambdaInvokeFunctionOperator",
        function_name="{{ option('normalise_function') }}",
        botocore_config=LAMBDA_CALL,
        expand={"payload": list_files},
    )

    @asset(
        name="flights_by_file.cleaned",
        uri="s3://{data_bucket}/lake/flights_by_file/",
        owners=OWNERS,
        group="flights",
        contract=FLIGHTS,
        after=[clean],
    )
    def cleaned(context: AssetContext) -> Files:
        """The good rows of all files, as the function left them."""
        return Files(cleaned_keys(context.output("list_files")))

    @asset(
        name="flights_by_file.flights",
        uri="redshift://{warehouse_workgroup}/{warehouse_database}/flights_by_file/flights",
        owners=OWNERS,
        group="flights",
        contract=FLIGHTS,
        upstream=[cleaned],
    )
    def flights() -> Load:
        """Every flight of every file, once."""
        return Load("flights_by_file.cleaned")


flights_by_file = build(by_file)
