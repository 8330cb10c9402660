"""When pipelines run, and for which partition: conditions as schedules of the Airflow that runs."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from typed_assets.spec.pipelines import Pipeline


def schedule_of(pipeline: "Pipeline") -> Any:  # noqa: ANN401 - whatever DAG takes
    """Return what `DAG(schedule=...)` takes for a pipeline.

    Raises:
        SpecError: nothing in this version of Airflow can stand for its condition.
    """
    from typed_assets.scheduling.schedules import schedule_of as found

    return found(pipeline)


def gate_of(pipeline: "Pipeline") -> Any:  # noqa: ANN401 - an operator, or None
    """Return the task that must come before all others of a pipeline, made in the DAG at hand, or None."""
    from typed_assets.scheduling.gates import gate_of as found

    return found(pipeline)


def dispatcher_of(pipeline: "Pipeline", *, registered: bool = True) -> Any:  # noqa: ANN401 - a DAG, or None
    """Return the DAG that starts a run of a pipeline for each partition that is due, or None."""
    from typed_assets.scheduling.dispatch import dispatcher_of as found

    return found(pipeline, registered=registered)


def partition_of(context: Any) -> str | None:  # noqa: ANN401 - Airflow's context
    """Return the key of the partition that a run makes, or None where it names none."""
    from typed_assets.scheduling.run_partitions import partition_of as found

    return found(context)


def announce(context: Any, outlet: Any, key: str | None) -> None:  # noqa: ANN401 - Airflow's own
    """Give the event of an outlet the partition of the run, where Airflow does not do so itself."""
    from typed_assets.scheduling.run_partitions import announce as found

    found(context, outlet, key)
