"""The DAG of a pipeline."""

from collections.abc import Mapping
from datetime import UTC, datetime, time
from typing import Any

from airflow.sdk import DAG

from typed_assets import scheduling
from typed_assets.authoring.places import placed
from typed_assets.building.imports import constructed
from typed_assets.building.options import option
from typed_assets.building.step_tasks import StepTasks, tasks_of
from typed_assets.building.versions import check_dag_arguments
from typed_assets.spec.order import known_assets, makers, ordered, upstream_of
from typed_assets.spec.pipelines import AssetStep, Pipeline, Step


def dag_of(pipeline: Pipeline) -> Any:  # noqa: ANN401 - an airflow.sdk.DAG
    """Return the DAG of a pipeline: for an asset step a group with `write` and `check`, else one task.

    Raises:
        SpecError: the pipeline is not good, or needs what this version of Airflow lacks.
    """
    return dags_of(pipeline)[0]


def dags_of(pipeline: Pipeline, *, registered: bool = True) -> tuple[Any, ...]:
    """Return the DAG of a pipeline and, where one is needed, the DAG that starts its partitions.

    Args:
        pipeline: what they do.
        registered: whether Airflow finds them by itself in the DAG file that it reads. It would find one of
            which an operator is refused, too, with the tasks that came before.

    Raises:
        SpecError: the pipeline is not good, or needs what this version of Airflow lacks.
    """
    steps, known, made_by = ordered(pipeline), known_assets(pipeline), makers(pipeline)
    done: dict[str, StepTasks] = {}
    with placed(pipeline.place), _empty_dag(pipeline, registered=registered) as dag:
        for step in steps:
            with placed(step.place):
                done[step.id] = tasks_of(step, pipeline, known, done)
            _connect(step, made_by, done)
        _put_gate_first(pipeline, dag)
    scheduled = pipeline.schedule is not None
    dispatcher = scheduling.dispatcher_of(pipeline, registered=registered) if scheduled else None
    return (dag,) if dispatcher is None else (dag, dispatcher)


def _empty_dag(pipeline: Pipeline, *, registered: bool) -> Any:  # noqa: ANN401 - an airflow.sdk.DAG
    arguments = _dag_arguments(pipeline) | ({} if registered else {"auto_register": False})
    dag = DAG(pipeline.id, schedule=arguments.pop("schedule"), **arguments)
    if pipeline.place is not None and pipeline.place.file.endswith(".py"):
        # Airflow takes the file that calls DAG, which is this one. A DAG's hash counts the file: it is said
        # before Airflow registers the DAG, or it would find two.
        dag.fileloc = pipeline.place.file
    return dag


def _connect(step: Step, made_by: Mapping[str, AssetStep], done: Mapping[str, StepTasks]) -> None:
    """Let a step wait for others as a whole, and for those checks that publish what it is made of."""
    first = done[step.id].first
    for name in step.after:
        done[name].whole >> first
    for name in upstream_of(step):
        if name in made_by:
            done[made_by[name].id].checks[name] >> first


def _put_gate_first(pipeline: Pipeline, dag: Any) -> None:  # noqa: ANN401 - an airflow.sdk.DAG
    """Let all tasks wait for the one that says whether a run is due, where the schedule cannot."""
    gate = None if pipeline.schedule is None else scheduling.gate_of(pipeline)
    if gate is not None:
        gate >> [root for root in dag.roots if root is not gate]


def _dag_arguments(pipeline: Pipeline) -> dict[str, Any]:
    """Return the arguments of the DAG; what the author gave wins over what is usual here."""
    check_dag_arguments(pipeline.arguments)
    usual: dict[str, Any] = {
        "description": pipeline.description or None,
        "doc_md": pipeline.documentation or None,
        "schedule": _schedule(pipeline),
        "catchup": False,
        "tags": sorted(pipeline.tags),
        "default_args": _default_arguments(pipeline),
    }
    if pipeline.start is not None:  # else that of the default arguments, if there is one
        usual["start_date"] = datetime.combine(pipeline.start, time(), UTC)
    if not _partitioned(pipeline):
        # Two runs would publish the same asset at once; partitions keep out of each other's way.
        usual["max_active_runs"] = 1
    macros = {"option": option, **pipeline.arguments.get("user_defined_macros", {})}
    return {**usual, **pipeline.arguments, "user_defined_macros": macros}


def _default_arguments(pipeline: Pipeline) -> dict[str, Any]:
    """Return what every task gets: who owns it, and whom a failure is told."""
    usual: dict[str, Any] = {}
    if pipeline.owners:
        usual["owner"] = ", ".join(pipeline.owners)
    if pipeline.on_failure:
        usual["on_failure_callback"] = [constructed(name, given) for name, given in pipeline.on_failure]
    return {**usual, **pipeline.default_arguments}


def _schedule(pipeline: Pipeline) -> Any:  # noqa: ANN401 - whatever DAG takes
    if pipeline.schedule is None and not _partitioned(pipeline):
        return None
    return scheduling.schedule_of(pipeline)


def _partitioned(pipeline: Pipeline) -> bool:
    return any(asset.partitions for step in makers(pipeline).values() for asset in step.assets)
