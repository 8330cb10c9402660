"""Hourly weather, rolled up to days by partitions: two DAGs of Airflow, on 3.0 and 3.3 a third.

- `weather_hourly` makes one partition of `weather.hourly` a run: the hour's observation at each airport.
- `weather_daily` makes a day of `weather.daily` when all 24 hours of it have been published: lowest, mean and
  highest temperature, and all rain.
- `weather_daily__partitions`, on 3.0 and 3.3 only, starts days; on 3.3 those of which an hour was mended.

A late or mended hour is made again by itself, and its day after it:

    mwaactl asset backfill weather.hourly --partitions 2013-01-01T00..2013-01-01T23

A landed row whose time cannot be read may be of any hour: the check of each hour fails until it is mended.
"""

from datetime import UTC, date, datetime

from reference_pipelines.observations import OBSERVATIONS
from reference_pipelines.settings import ARGUMENTS, DEFAULTS, OWNERS, Rows
from reference_pipelines.weather_rollup.days import DAYS, day
from reference_pipelines.weather_rollup.hours import of_hour
from typed_assets import AssetContext, Daily, Eager, Hourly, Rollup, asset, build, pipeline

HOURS = Hourly(start=datetime(2013, 1, 1, tzinfo=UTC), end=datetime(2014, 1, 1, tzinfo=UTC))

with pipeline(
    "weather_hourly",
    description="One hour of weather at the three airports",
    documentation=__doc__,
    tags=("reference", "partitions"),
    owners=OWNERS,
    arguments=ARGUMENTS,
    default_arguments=DEFAULTS,
) as hourly:

    @asset(
        name="weather.hourly",
        uri="s3://{data_bucket}/lake/weather/hourly/",
        owners=OWNERS,
        group="weather",
        contract=OBSERVATIONS,
        partitions=HOURS,
    )
    def hours(context: AssetContext) -> Rows:
        """The observations of one hour of UTC."""
        from reference_pipelines import landed

        hour = datetime.fromisoformat(context.partition).replace(tzinfo=UTC)
        rows = landed.rows(context.services, "landing/nyc_flights/weather.csv", OBSERVATIONS)
        return of_hour(hour, rows)


with pipeline(
    "weather_daily",
    description="Weather by day, of 24 hourly partitions",
    documentation=__doc__,
    schedule=Eager(),
    tags=("reference", "partitions"),
    owners=OWNERS,
    arguments=ARGUMENTS,
    default_arguments=DEFAULTS,
) as daily:

    @asset(
        name="weather.daily",
        uri="s3://{data_bucket}/lake/weather/daily/",
        owners=OWNERS,
        group="weather",
        contract=DAYS,
        partitions=Daily(start=date(2013, 1, 1), end=date(2014, 1, 1)),
        upstream=[(hours, Rollup())],
    )
    def days(context: AssetContext) -> Rows:
        """Temperature and rain of one day at each airport."""
        return day(context.partition, context.read("weather.hourly"))


weather_hourly, weather_daily = build(hourly), build(daily)
