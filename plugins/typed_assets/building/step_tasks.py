"""The tasks of a step, within the DAG that is being made."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, assert_never

from airflow.sdk import TaskGroup

from typed_assets.building.airflow_assets import airflow_asset, inlets
from typed_assets.building.asset_tasks import CheckAsset, WriteAsset
from typed_assets.building.operator_tasks import operator_task
from typed_assets.building.parsing import needs_task
from typed_assets.spec.assets import Asset
from typed_assets.spec.names import WRITE, check_task_id
from typed_assets.spec.pipelines import TIMEOUT, AssetStep, OperatorStep, Pipeline, Retries, Step


@dataclass(frozen=True, slots=True)
class StepTasks:
    """What a step has become.

    Attributes:
        first: the task that waits for other steps.
        whole: what other steps wait for: a task, or a group of tasks.
        checks: the task that publishes an asset, by the asset's name.
    """

    first: Any
    whole: Any
    checks: Mapping[str, Any] = field(default_factory=dict)


def tasks_of(
    step: Step, pipeline: Pipeline, known: Mapping[str, Asset], earlier: Mapping[str, StepTasks]
) -> StepTasks:
    """Make the tasks of a step.

    Args:
        step: what they do.
        pipeline: that it belongs to.
        known: the assets of the pipeline, by name.
        earlier: what the steps before have become, by id.

    Raises:
        SpecError: an operator is not there, or does not take what it is given.
    """
    match step:
        case OperatorStep():
            task = operator_task(step, {name: tasks.first for name, tasks in earlier.items()})
            return StepTasks(task, task)
        case AssetStep():
            with TaskGroup(step.id) as group:
                first, checks = _write_and_checks(step, pipeline, known)
            return StepTasks(first, group, checks)
    assert_never(step)


def _write_and_checks(
    step: AssetStep, pipeline: Pipeline, known: Mapping[str, Asset]
) -> tuple[WriteAsset, dict[str, CheckAsset]]:
    upstream = {each.asset: known[each.asset] for asset in step.assets for each in asset.upstream}
    trying = _trying(step, pipeline.default_arguments)
    owners = tuple(dict.fromkeys(owner for asset in step.assets for owner in asset.owners))
    write = WriteAsset(task_id=WRITE, step=step, known=upstream, **trying, **_owner(owners))
    if needs_task(pipeline.id, write.task_id):
        write.inlets = inlets(upstream.values())
    checks = {}
    for asset in step.assets:
        check = CheckAsset(
            task_id=check_task_id(asset.name, alone=len(step.assets) == 1),
            asset=asset,
            writer=write.task_id,
            known=upstream,
            doc_md=asset.description or None,
            **trying,
            **_owner(asset.owners),
        )
        if needs_task(pipeline.id, check.task_id):
            check.outlets = [airflow_asset(asset)]
        checks[asset.name] = check
    write >> list(checks.values())
    return write, checks


def _trying(step: AssetStep, defaults: Mapping[str, Any]) -> dict[str, Any]:
    """Return how tasks are tried; the defaults of the pipeline hold where the step says nothing."""
    retries = {
        "retries": step.retries.count,
        "retry_delay": step.retries.delay,
        "retry_exponential_backoff": step.retries.exponential,
    }
    said = {} if step.retries == Retries() else retries
    if step.timeout != TIMEOUT:
        said["execution_timeout"] = step.timeout
    usual = {**retries, "execution_timeout": step.timeout}
    return {name: value for name, value in usual.items() if name in said or name not in defaults}


def _owner(owners: tuple[str, ...]) -> dict[str, str]:
    return {"owner": ", ".join(owners)} if owners else {}
