"""The task before all others, where a run can turn out not to be due.

A timetable could not tell: it runs in the scheduler, must not wait for anything outside, and would have to be
a plugin. So a run is started, looks, and is skipped where it is not due.
"""

from typing import Any

from typed_assets.scheduling.plans import plan_of
from typed_assets.scheduling.published import last_run_began, spans_by
from typed_assets.scheduling.run_partitions import partition_of
from typed_assets.scheduling.starting_events import Events, events_of
from typed_assets.services import Services
from typed_assets.spec.automation import Condition
from typed_assets.spec.order import known_assets, makers
from typed_assets.spec.partition_due import Spans, can_be_made, completed
from typed_assets.spec.pipelines import Pipeline
from typed_assets.spec.schedule_facts import holds
from typed_assets.spec.schedule_plan import partitions_of
from typed_assets.spec.schedule_values import Gate

TASK_ID = "gate"


def gate_of(pipeline: Pipeline) -> Any:  # noqa: ANN401 - an operator, or None
    """Return the task that must come before all others, made in the DAG at hand, or None if all may run."""
    gate = plan_of(pipeline).gate
    if gate is None:
        return None
    from airflow.providers.standard.operators.python import ShortCircuitOperator

    def is_due(**context: Any) -> bool:  # noqa: ANN401 - Airflow's context
        from typed_assets.building.services import airflow_services

        run = context["dag_run"]
        by_hand = str(getattr(run.run_type, "value", run.run_type)) == "manual"
        services, events = airflow_services(), events_of(context)
        return by_hand or passes(pipeline, gate, partition_of(context), events, services=services)

    return ShortCircuitOperator(
        task_id=TASK_ID,
        python_callable=is_due,
        doc_md="Skips a run that is not due. A run that is started by hand always passes.",
    )


def passes(
    pipeline: Pipeline, gate: Gate, key: str | None, events: Events = (), *, services: Services
) -> bool:
    """Whether a run of a pipeline, for a partition, is due.

    Args:
        pipeline: of the run.
        gate: what it must pass.
        key: the partition.
        events: asset and partition of the publications that have started it.
        services: of the task.
    """
    spans = spans_by(services)
    if gate.whole and key is not None and not _is_completed(pipeline, gate, key, events, spans):
        return False
    return gate.holds is None or holds_now(gate.holds, pipeline, services, spans)


def _is_completed(pipeline: Pipeline, gate: Gate, key: str, events: Events, spans: Spans) -> bool:
    """Whether all parts of a partition are there, and it is this run that has to make it of them.

    When the last hours of a day come together, each starts a run; only that of the last one is due.
    """
    partitions, known = partitions_of(pipeline), known_assets(pipeline)
    if partitions is None:
        return True
    waited = {each.asset for each in gate.whole}
    told = [event for event in events if event[0] in waited]
    if told:
        return key in completed(partitions, told, gate.whole, known, spans)
    return can_be_made(key, partitions, gate.whole, known, lambda asset: frozenset(spans(asset)))


def holds_now(condition: Condition, pipeline: Pipeline, services: Services, spans: Spans) -> bool:
    """Whether a condition holds of publications since the pipeline's own last run began to read.

    S3 tells to the second since when others' publications have been there; those of the second in which the
    run began count as new, because it may have missed them.
    """
    last = last_run_began(makers(pipeline), services=services)

    def is_updated(name: str) -> bool:
        newest = max((span.last for span in spans(name).values()), default=None)
        return newest is not None and (last is None or newest >= last.replace(microsecond=0))

    return holds(condition, is_updated)
