"""Whether Airflow could schedule a pipeline as its file says."""

from collections.abc import Callable

from typed_assets.spec.automation import OnCron
from typed_assets.spec.errors import Place, SpecError
from typed_assets.spec.pipelines import Pipeline
from typed_assets.spec.schedule_plan import partitions_of, plan_schedule
from typed_assets.spec.schedule_values import Abilities
from typed_assets.yaml.documents import Path

NEWEST = Abilities(partitions=True, rollup=True)


def is_plain(pipeline: Pipeline) -> bool:
    """Whether nothing but a clock starts it, which every version has."""
    return isinstance(pipeline.schedule, OnCron | None)


def plan_fault(pipeline: Pipeline, abilities: Abilities, place: Callable[[Path], Place]) -> SpecError | None:
    """Return why a pipeline cannot be scheduled, or None where it can.

    Args:
        pipeline: that is good in all else.
        abilities: of the version of Airflow.
        place: gives the place of a path of keys.
    """
    try:
        partitions_of(pipeline)
    except SpecError as error:
        return error
    try:
        plan_schedule(pipeline, abilities)
    except SpecError as error:
        return SpecError(error.message, hint=error.hint, place=place(("schedule",)))
    return None
