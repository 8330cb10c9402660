"""A DAG that takes in a paged HTTP API: at its pace, again where it fails, and all of it or nothing.

The API is named by the connection `weather_api` of Airflow (its host, port and schema; its password is sent
as bearer token). It is asked page by page, not faster than ten times a second; an answer 429 or 503 is
waited for as long as it says; other failures of the server and broken connections are tried again after a
pause that doubles. Rows are staged as they come, so that the size of the API does not matter, and published
when the last page is there and the contract holds.
"""

from reference_pipelines.observations import OBSERVATIONS
from reference_pipelines.settings import ARGUMENTS, DEFAULTS, OWNERS, Rows
from typed_assets import AssetContext, asset, build, pipeline

CONNECTION = "weather_api"

with pipeline(
    "api_ingest",
    description="Hourly weather from a paged API",
    documentation=__doc__,
    tags=("reference", "api"),
    owners=OWNERS,
    arguments=ARGUMENTS,
    default_arguments=DEFAULTS,
) as ingest:

    @asset(
        name="api.observations",
        uri="s3://{data_bucket}/lake/api/observations/",
        owners=OWNERS,
        group="weather",
        contract=OBSERVATIONS,
    )
    def observations(context: AssetContext) -> Rows:  # noqa: ARG001 - an asset's function takes it
        """Hourly weather as the API has it."""
        from reference_pipelines.api_ingest.endpoint import endpoint
        from reference_pipelines.api_ingest.observed import observed
        from reference_pipelines.api_ingest.pages import items

        return map(observed, items(endpoint(CONNECTION), "/observations"))


api_ingest = build(ingest)
