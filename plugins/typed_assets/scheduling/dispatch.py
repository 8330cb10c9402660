"""The second DAG of a pipeline: it starts a run for each partition that is due, which no schedule can name.

It holds where Airflow has no partitions (3.0), for `OnMissing`, for clocks over static partitions, and for
days of which an hour is mended where Airflow itself waits for the hours (3.3): it would wait for all anew.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time, timedelta
from functools import partial
from types import MappingProxyType
from typing import Any

from typed_assets.building.parsing import needs_dag
from typed_assets.scheduling.gates import holds_now
from typed_assets.scheduling.plans import plan_of
from typed_assets.scheduling.published import published_by, spans_by
from typed_assets.scheduling.schedules import built
from typed_assets.scheduling.starting_events import Events, events_of
from typed_assets.services import Services
from typed_assets.spec.order import known_assets, makers
from typed_assets.spec.partition_due import Over, completed, missing, newest, newest_open
from typed_assets.spec.partition_runs import CONF_KEY, run_name
from typed_assets.spec.pipelines import DISPATCHER, Pipeline
from typed_assets.spec.schedule_plan import outer_dependencies, partitions_of
from typed_assets.spec.schedule_values import Dispatch, Times

MOST_AT_ONCE = 100
"""Of missing partitions so many are due at a look, the newest: older ones are due when these are there, or
their runs are over. Any other partition is due at one look only, so there all are; more than Airflow maps
(`core.max_map_length`, 1024) fail that look.
"""
LIMITS: Mapping[str, Any] = MappingProxyType({"execution_timeout": timedelta(minutes=10), "retries": 2})
"""Of both tasks, which may be tried again: a run that is there is not started twice."""


def dispatcher_of(pipeline: Pipeline, *, registered: bool = True) -> Any:  # noqa: ANN401 - a DAG, or None
    """Return the DAG that starts runs of a pipeline, or None where it is not needed.

    Airflow finds it by itself where it is `registered`: it is made while the file is parsed that makes the
    pipeline's own DAG.
    """
    dispatch = plan_of(pipeline).dispatch
    if dispatch is None or not needs_dag(f"{pipeline.id}{DISPATCHER}"):
        return None
    from airflow.providers.standard.operators.trigger_dagrun import TriggerDagRunOperator
    from airflow.sdk import DAG, task

    start = None if pipeline.start is None else datetime.combine(pipeline.start, time(), UTC)
    with DAG(
        f"{pipeline.id}{DISPATCHER}",
        description=f"Starts a run of {pipeline.id} for each partition that is due",
        doc_md=f"Starts a run of `{pipeline.id}` for each partition that is due: no schedule can name one.",
        schedule=built(dispatch.trigger, known_assets(pipeline)),
        start_date=start,
        catchup=False,
        max_active_runs=1,
        tags=[*sorted(pipeline.tags), "partitions"],
        auto_register=registered,
        is_paused_upon_creation=pipeline.arguments.get("is_paused_upon_creation"),
    ) as dag:

        @task(task_id="due", **LIMITS)
        def due(**context: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - Airflow's context
            from typed_assets.building.services import airflow_services

            keys = due_keys(
                pipeline,
                dispatch,
                events_of(context),
                services=airflow_services(),
                over=partial(_over, context["ti"], pipeline.id),
            )
            return [_start(key, dispatch, context["run_id"]) for key in keys]

        TriggerDagRunOperator.partial(
            task_id="start",
            trigger_dag_id=pipeline.id,
            logical_date=None,
            skip_when_already_exists=True,
            **LIMITS,
        ).expand_kwargs(due())
    return dag


def due_keys(
    pipeline: Pipeline, dispatch: Dispatch, events: Events, *, services: Services, over: Over
) -> tuple[str, ...]:
    """Return the partitions for which a run is to be started now, in order.

    Args:
        pipeline: of the runs.
        dispatch: what makes a partition due.
        events: what has started the look.
        services: of the task.
        over: counts missing partitions whose runs are over: they have failed, and are not started again.
    """
    partitions, now = partitions_of(pipeline), services.now()
    gate, spans = plan_of(pipeline).gate, spans_by(services)
    if partitions is None or (gate and gate.holds and not holds_now(gate.holds, pipeline, services, spans)):
        return ()
    upstream, known = outer_dependencies(pipeline), known_assets(pipeline)
    if dispatch.missing:
        lacking = missing(partitions, makers(pipeline), upstream, known, published_by(services), now)
        return newest_open(lacking, over, MOST_AT_ONCE)
    if isinstance(dispatch.trigger, Times):
        return newest(partitions, now)
    return completed(partitions, events, upstream, known, spans, mended=dispatch.mended)


def _start(key: str, dispatch: Dispatch, run_id: str) -> dict[str, Any]:
    """Return how a run is started.

    For a missing partition only once: a run that fails would else be started for ever.
    """
    name = _missing_name(key) if dispatch.missing else f"{run_name(key)}__{run_id}"
    return {"conf": {CONF_KEY: key}, "trigger_run_id": name}


def _missing_name(key: str) -> str:
    return f"missing__{run_name(key)}"


def _over(instance: Any, dag_id: str, keys: Sequence[str]) -> int:  # noqa: ANN401 - Airflow's task instance
    count: int = instance.get_dr_count(
        dag_id=dag_id, run_ids=[_missing_name(key) for key in keys], states=["failed", "success"]
    )
    return count
