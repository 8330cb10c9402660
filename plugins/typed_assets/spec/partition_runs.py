"""How a DAG run tells which partition it makes."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from typed_assets.spec.partition_axes import WHOLE, Axis, hour_number, key_at, utc
from typed_assets.spec.partitions import Daily, Hourly

CONF_KEY = "partition"
"""The member of a run's configuration that names its partition."""


def run_name(key: str) -> str:
    """Return a key as it can stand in a run's id, which takes letters, digits and `_.~:+-` only."""
    return quote(key, safe="~:+").replace("~", "~7E").replace("%", "~")


def run_partition(
    partition_key: str | None,
    conf: Mapping[str, Any] | None,
    interval: tuple[datetime, datetime] | None = None,
) -> str | None:
    """Return the partition of a run, or None where it has none.

    Args:
        partition_key: what Airflow carries, from 3.2 on.
        conf: the configuration of the run.
        interval: the data interval of a run that a clock has started; one hour or one day long it is that
            partition.
    """
    key = partition_key or (conf or {}).get(CONF_KEY)
    if key is not None:
        return None if key == WHOLE else str(key)
    if interval is None:
        return None
    start, length = utc(interval[0]), interval[1] - interval[0]
    axis: Axis
    if length == timedelta(hours=1):
        axis = Hourly(start=start.replace(minute=0, second=0, microsecond=0))
        return key_at(axis, hour_number(start))
    if length == timedelta(days=1):
        axis = Daily(start=start.date())
        return key_at(axis, start.toordinal())
    return None
