"""A gate for somebody else's files: what breaks the contract stays outside, and somebody is told.

A partner lands hourly weather as CSV below `landing/quality_gate/` of the data bucket. Two DAGs of Airflow
deal with it:

- `weather_quality_gate` stages the rows and checks them against `reference_pipelines/observations.py`. Rows
  that break it go to `quarantine/quality_gate/` with the reason. One row in a hundred may; if more do, the
  check fails: nothing is published, no event goes out, and the topic of the option
  `pipelines.notification_topic_arn` is told which check failed. A pressure out of range only warns.
- `weather_report` runs when the gate has published, and never on what it refused: the mean and the extremes
  of each airport.

Mended files heal it: land them under the same names and run `weather_quality_gate` again.
"""

from reference_pipelines.observations import OBSERVATIONS
from reference_pipelines.quality_gate.report import REPORT, summary
from reference_pipelines.settings import ARGUMENTS, DEFAULTS, NOTIFICATIONS, OWNERS, Rows
from typed_assets import AssetContext, Eager, Quarantine, asset, build, pipeline

TOLERATED_SHARE = 0.01

with pipeline(
    "weather_quality_gate",
    description="Lets weather through that keeps its contract, and quarantines the rest",
    documentation=__doc__,
    tags=("reference", "quality"),
    owners=OWNERS,
    arguments=ARGUMENTS,
    default_arguments=DEFAULTS,
    on_failure=NOTIFICATIONS,
) as gate:

    @asset(
        name="quality_gate.observations",
        uri="s3://{data_bucket}/lake/quality_gate/observations/",
        owners=OWNERS,
        group="weather",
        contract=OBSERVATIONS,
        quarantine=Quarantine(uri="s3://{data_bucket}/quarantine/quality_gate/", max_share=TOLERATED_SHARE),
    )
    def observations(context: AssetContext) -> Rows:
        """Hourly weather of the three airports, as far as it keeps its contract."""
        from reference_pipelines import landed

        return landed.rows(context.services, "landing/quality_gate/", OBSERVATIONS)


with pipeline(
    "weather_report",
    description="The weather of each airport, of what the gate let through",
    documentation=__doc__,
    schedule=Eager(),
    tags=("reference", "quality"),
    owners=OWNERS,
    arguments=ARGUMENTS,
    default_arguments=DEFAULTS,
) as report:

    @asset(
        name="quality_gate.report",
        uri="s3://{data_bucket}/lake/quality_gate/report/",
        owners=OWNERS,
        group="weather",
        contract=REPORT,
        upstream=[observations],
    )
    def airports(context: AssetContext) -> Rows:
        """Hours observed, mean temperature and strongest wind of each airport."""
        return summary(context.read("quality_gate.observations"))


weather_quality_gate, weather_report = build(gate), build(report)
