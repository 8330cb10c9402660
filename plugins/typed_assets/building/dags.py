"""The DAG of a pipeline."""

from collections.abc import Mapping
from datetime import UTC, datetime, time
from typing import Any, assert_never

from airflow.sdk import DAG, TaskGroup

from typed_assets import scheduling
from typed_assets.authoring.places import placed
from typed_assets.building.airflow_assets import airflow_asset, inlets
from typed_assets.building.asset_tasks import CheckAsset, WriteAsset
from typed_assets.building.imports import constructed
from typed_assets.building.operator_tasks import operator_task
from typed_assets.building.options import option
from typed_assets.building.versions import check_dag_arguments
from typed_assets.spec.assets import Asset
from typed_assets.spec.names import task_id
from typed_assets.spec.order import known_assets, ordered
from typed_assets.spec.pipelines import AssetStep, OperatorStep, Pipeline, Step


def dag_of(pipeline: Pipeline) -> Any:  # noqa: ANN401 - an airflow.sdk.DAG
    """Return the DAG of a pipeline: for an asset step a group with `write` and `check`, else one task.

    Raises:
        SpecError: the pipeline is not good, or needs what this version of Airflow lacks.
    """
    steps, known = ordered(pipeline), known_assets(pipeline)
    tasks: dict[str, Any] = {}
    checks: dict[str, Any] = {}
    with placed(pipeline.place), DAG(pipeline.id, **_dag_arguments(pipeline)) as dag:
        for step in steps:
            with placed(step.place):
                first = _add(step, known, tasks, checks)
            for before in step.after:
                tasks[before] >> first
            for before in _upstream_checks(step, checks):
                before >> first
        if pipeline.schedule is not None:
            _put_first(scheduling.gate_of(pipeline), dag)
    if pipeline.schedule is not None:
        scheduling.dispatcher_of(pipeline)
    if pipeline.place is not None and pipeline.place.file.endswith(".py"):
        dag.fileloc = pipeline.place.file  # Airflow takes the file that calls DAG, which is this one
    return dag


def _put_first(gate: Any, dag: Any) -> None:  # noqa: ANN401 - an operator or None, and a DAG
    """Let all other tasks of a DAG wait for a task, if there is one."""
    if gate is not None:
        gate >> [root for root in dag.roots if root is not gate]


def _add(step: Step, known: Mapping[str, Asset], tasks: dict[str, Any], checks: dict[str, Any]) -> Any:  # noqa: ANN401
    """Add a step's tasks to the DAG; return the one that waits for other steps."""
    match step:
        case OperatorStep():
            tasks[step.id] = operator_task(step, tasks)
            return tasks[step.id]
        case AssetStep():
            with TaskGroup(step.id) as tasks[step.id]:
                return _add_asset_tasks(step, known, checks)
    assert_never(step)


def _add_asset_tasks(step: AssetStep, known: Mapping[str, Asset], checks: dict[str, Any]) -> Any:  # noqa: ANN401
    upstream = {each.asset: known[each.asset] for asset in step.assets for each in asset.upstream}
    write = WriteAsset(
        task_id="write", step=step, known=upstream, inlets=inlets(upstream.values()), **_trying(step)
    )
    for asset in step.assets:
        check = CheckAsset(
            task_id="check" if len(step.assets) == 1 else f"check_{task_id(asset.name)}",
            asset=asset,
            writer=write.task_id,
            known=upstream,
            outlets=[airflow_asset(asset)],
            doc_md=asset.description or None,
            **_trying(step),
            **_owner(asset.owners),
        )
        write >> check
        checks[asset.name] = check
    return write


def _upstream_checks(step: Step, checks: Mapping[str, Any]) -> list[Any]:
    """Return the checks that publish what a step is made of, as far as this pipeline makes it."""
    if isinstance(step, OperatorStep):
        return []
    own = {asset.name for asset in step.assets}
    names = {each.asset for asset in step.assets for each in asset.upstream} - own
    return [checks[name] for name in sorted(names) if name in checks]


def _trying(step: AssetStep) -> dict[str, Any]:
    return {
        "retries": step.retries.count,
        "retry_delay": step.retries.delay,
        "retry_exponential_backoff": step.retries.exponential,
        "execution_timeout": step.timeout,
    }


def _owner(owners: tuple[str, ...]) -> dict[str, Any]:
    return {"owner": ", ".join(owners)} if owners else {}


def _dag_arguments(pipeline: Pipeline) -> dict[str, Any]:
    """Return the arguments of the DAG; what the author gave wins over what is usual here."""
    check_dag_arguments(pipeline.arguments)
    notifiers = [constructed(name, arguments) for name, arguments in pipeline.on_failure]
    usual: dict[str, Any] = {
        "description": pipeline.description or None,
        "doc_md": pipeline.documentation or None,
        "start_date": None if pipeline.start is None else datetime.combine(pipeline.start, time(), UTC),
        "schedule": _schedule(pipeline),
        "catchup": False,
        "tags": sorted(pipeline.tags),
        "default_args": _owner(pipeline.owners)
        | ({"on_failure_callback": notifiers} if notifiers else {})
        | dict(pipeline.default_arguments),
        # Two runs would publish the same asset at once; partitions keep out of each other's way.
        **({"max_active_runs": 1} if not _partitioned(pipeline) else {}),
    }
    macros = {"option": option, **pipeline.arguments.get("user_defined_macros", {})}
    return {**usual, **pipeline.arguments, "user_defined_macros": macros}


def _schedule(pipeline: Pipeline) -> Any:  # noqa: ANN401 - whatever DAG takes
    if pipeline.schedule is None and not _partitioned(pipeline):
        return None
    return scheduling.schedule_of(pipeline)


def _partitioned(pipeline: Pipeline) -> bool:
    assets = (asset for step in pipeline.steps if isinstance(step, AssetStep) for asset in step.assets)
    return any(asset.partitions for asset in assets)
