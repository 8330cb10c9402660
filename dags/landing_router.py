"""Files that start what waits for them: S3 to SQS to one router to the DAG that reads them.

S3 tells EventBridge of each new object, and a rule brings those below `landing/` to the queue of the option
`pipelines.landed_queue_url`. `landing_router` is the one poller of that queue, however many assets files
land for: Airflow's triggerer waits for messages, and a run gives each asset below whose prefix a file has
landed an event. `weather_on_arrival` is scheduled by the event of its asset.

A message is deleted when Airflow has the event, so that none is lost on the way; one that nobody could take
in after five tries stands in the queue's second one. An environment without the option has no router.
"""

from reference_pipelines.observations import OBSERVATIONS
from reference_pipelines.settings import ARGUMENTS, DEFAULTS, OWNERS, Rows
from typed_assets import Asset, AssetContext, Eager, asset, build, pipeline
from typed_assets.building.options import AirflowOptions
from typed_assets.scheduling.router import router

QUEUE = "landed_queue_url"
PREFIX = "landing/on_arrival/weather/"
WEATHER = Asset(
    name="landing.weather",
    uri=f"s3://{{data_bucket}}/{PREFIX}",
    owners=OWNERS,
    group="weather",
    description="Weather as partners land it",
    contract=OBSERVATIONS,
)

with pipeline(
    "weather_on_arrival",
    description="Takes in weather when it has landed",
    documentation=__doc__,
    schedule=Eager(),
    tags=("reference", "events"),
    owners=OWNERS,
    arguments=ARGUMENTS,
    default_arguments=DEFAULTS,
) as on_arrival:

    @asset(
        name="on_arrival.observations",
        uri="s3://{data_bucket}/lake/on_arrival/observations/",
        owners=OWNERS,
        group="weather",
        contract=OBSERVATIONS,
        upstream=[WEATHER],
    )
    def observations(context: AssetContext) -> Rows:
        """Hourly weather of all files that have landed."""
        from reference_pipelines import landed

        return landed.rows(context.services, PREFIX, OBSERVATIONS)


weather_on_arrival = build(on_arrival)
if QUEUE in AirflowOptions():
    landing_router = router(
        "landing_router",
        queue=f"{{{QUEUE}}}",
        assets=[WEATHER],
        doc_md=__doc__,
        tags=["reference", "events"],
        is_paused_upon_creation=False,
        default_args={**DEFAULTS, "owner": OWNERS[0]},
    )
