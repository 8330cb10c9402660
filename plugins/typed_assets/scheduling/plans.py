"""The plan of a pipeline's schedule on the version of Airflow that runs."""

from functools import cache

from typed_assets.spec.pipelines import Pipeline
from typed_assets.spec.schedule_plan import plan_schedule
from typed_assets.spec.schedule_values import Abilities, Plan


@cache
def abilities() -> Abilities:
    """Return what the version of Airflow that runs knows of partitions."""
    from airflow import __version__

    return Abilities.of(__version__)


def plan_of(pipeline: Pipeline) -> Plan:
    """Return how a pipeline is scheduled here.

    Raises:
        SpecError: nothing in this version of Airflow can stand for its condition.
    """
    return plan_schedule(pipeline, abilities())
