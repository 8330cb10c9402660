"""The partition of a run, from where the version of Airflow keeps it."""

from typing import Any

from typed_assets.spec.partition_runs import run_partition


def partition_of(context: Any) -> str | None:  # noqa: ANN401 - Airflow's context
    """Return the key of the partition that a run makes, or None where it names none.

    Airflow's own `partition_key` comes first, then the run's configuration, then the data interval of a run
    that a clock has started.
    """
    run = context["dag_run"]
    start, end = getattr(run, "data_interval_start", None), getattr(run, "data_interval_end", None)
    by_clock = str(getattr(run.run_type, "value", run.run_type)) == "scheduled"
    interval = (start, end) if by_clock and start is not None and end is not None else None
    return run_partition(getattr(run, "partition_key", None), run.conf, interval)


def announce(context: Any, outlet: Any, key: str | None) -> None:  # noqa: ANN401 - Airflow's own
    """Give the event of an outlet the partition of the run, where Airflow does not do so itself.

    That is a run whose partition stands in its configuration, from 3.3 on. Airflow 3.2 has no way to tell:
    there, pipelines that wait for partitions do not hear of it.
    """
    if key is None or getattr(context["dag_run"], "partition_key", None) is not None:
        return
    accessor = context["outlet_events"][outlet]
    if hasattr(accessor, "add_partitions"):
        accessor.add_partitions(key)
