"""Writes DAGs to Airflow's metadata database as its dag processor does, and reads what runs left there.

Airflow has no public interface for this; what differs between 3.0.6, 3.2.1 and 3.3.1 stands here.
"""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

BUNDLE = "typed-assets-tests"
_BUNDLES = "AIRFLOW__DAG_PROCESSOR__DAG_BUNDLE_CONFIG_LIST"


@cache
def has_partitions() -> bool:
    """Tell whether this Airflow's runs and events have partition keys."""
    from airflow.models.dagrun import DagRun

    return hasattr(DagRun, "partition_key")


def instance_name(task_id: str, map_index: int | None) -> str:
    """Return what a task instance is called in results."""
    return task_id if map_index is None or map_index < 0 else f"{task_id}[{map_index}]"


@contextmanager
def own_bundle() -> Iterator[None]:
    """Let Airflow know one bundle within the block, which is empty.

    From 3.2 on `DAG.test` parses the bundles of the configuration, the whole folder of DAGs, to find the DAG.
    """
    kwargs = {"path": str(_empty_folder()), "refresh_interval": 86400}
    bundle = {
        "name": BUNDLE,
        "classpath": "airflow.dag_processing.bundles.local.LocalDagBundle",
        "kwargs": kwargs,
    }
    before = os.environ.get(_BUNDLES)
    os.environ[_BUNDLES] = json.dumps([bundle])
    try:
        yield
    finally:
        if before is None:
            del os.environ[_BUNDLES]
        else:
            os.environ[_BUNDLES] = before


def _empty_folder() -> Path:
    """Make the folder where Airflow is at home: there it goes when a test's home goes."""
    from airflow.configuration import AIRFLOW_HOME

    folder = Path(AIRFLOW_HOME, "typed-assets-empty-bundle")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def register(dag: Any) -> None:  # noqa: ANN401 - an airflow.sdk.DAG
    """Write a DAG and its assets to the database, and activate the assets.

    On 3.0 a task whose outlet is not active fails (`AirflowInactiveAssetInInletOrOutletException`), and only
    the scheduler activates assets.

    Raises:
        RuntimeError: the DAG cannot be serialised.
    """
    from airflow.dag_processing import collection
    from airflow.models.dagbundle import DagBundleModel
    from airflow.serialization.serialized_objects import LazyDeserializedDAG
    from airflow.utils.session import create_session

    errors: dict[Any, str] = {}
    lazy = LazyDeserializedDAG(data=_serialized(dag))
    with create_session() as session:
        session.merge(DagBundleModel(name=BUNDLE))
        session.commit()
        words = {"parse_duration": None} if has_partitions() else {}
        collection.update_dag_parsing_results_in_db(
            bundle_name=BUNDLE,
            bundle_version=None,
            dags=[lazy],
            import_errors=errors,
            warnings=set(),
            session=session,
            **words,
        )
        _activate_assets(session)
    if errors:
        raise RuntimeError("\n".join(errors.values()))


def _serialized(dag: Any) -> dict[str, Any]:  # noqa: ANN401 - an airflow.sdk.DAG
    from airflow.serialization import serialized_objects

    # 3.2 took reading and writing apart.
    serialization = getattr(serialized_objects, "DagSerialization", None) or serialized_objects.SerializedDAG
    data: dict[str, Any] = serialization.to_dict(dag)
    data["dag"].setdefault("relative_fileloc", Path(dag.fileloc).name)  # a bag of DAGs says it
    return data


def _activate_assets(session: Any) -> None:  # noqa: ANN401 - SQLAlchemy's
    from airflow.models.asset import AssetActive, AssetModel
    from sqlalchemy import select

    active = {(name, uri) for name, uri in session.execute(select(AssetActive.name, AssetActive.uri))}
    for asset in session.scalars(select(AssetModel)):
        if (asset.name, asset.uri) not in active:
            session.add(AssetActive.for_asset(asset))


def states(dag_id: str, run_id: str) -> tuple[str, dict[str, str | None]]:
    """Return the state of a run and of its task instances by name."""
    from airflow.models.dagrun import DagRun
    from airflow.models.taskinstance import TaskInstance
    from airflow.utils.session import create_session
    from sqlalchemy import select

    columns = (TaskInstance.task_id, TaskInstance.map_index, TaskInstance.state)
    with create_session() as session:
        run = session.scalar(select(DagRun.state).where(DagRun.dag_id == dag_id, DagRun.run_id == run_id))
        rows = session.execute(
            select(*columns)
            .where(TaskInstance.dag_id == dag_id, TaskInstance.run_id == run_id)
            .order_by(TaskInstance.task_id, TaskInstance.map_index)
        )
        tasks = {
            instance_name(task_id, index): None if state is None else str(getattr(state, "value", state))
            for task_id, index, state in rows
        }
    return str(getattr(run, "value", run)), tasks


def xcoms(dag_id: str, run_id: str) -> dict[str, dict[str, Any]]:
    """Return what the task instances of a run have pushed, by name and key, read through the XCom backend."""
    from airflow.models.xcom import XComModel
    from airflow.sdk.execution_time.xcom import XCom
    from airflow.utils.session import create_session
    from sqlalchemy import select

    pushed: dict[str, dict[str, Any]] = {}
    with create_session() as session:
        for row in session.scalars(
            select(XComModel).where(XComModel.dag_id == dag_id, XComModel.run_id == run_id)
        ):
            stored = SimpleNamespace(key=row.key, value=XComModel.deserialize_value(row))
            name = instance_name(row.task_id, row.map_index)
            pushed.setdefault(name, {})[row.key] = XCom.deserialize_value(stored)
    return pushed


def events(dag_id: str, run_id: str) -> list[dict[str, Any]]:
    """Return the asset events of a run, oldest first."""
    from airflow.models.asset import AssetEvent
    from airflow.utils.session import create_session
    from sqlalchemy import select

    of_run = select(AssetEvent).where(AssetEvent.source_dag_id == dag_id, AssetEvent.source_run_id == run_id)
    with create_session() as session:
        return [
            {
                "asset": event.asset.name,
                "uri": event.asset.uri,
                "task": instance_name(event.source_task_id, event.source_map_index),
                "partition": getattr(event, "partition_key", None),
                "extra": dict(event.extra or {}),
            }
            for event in session.scalars(of_run.order_by(AssetEvent.id))
        ]


def resume_with(ti: Any, arguments: dict[str, Any]) -> None:  # noqa: ANN401 - the task SDK's
    """Add what a task instance deferred with to what it resumes with."""
    from airflow.models.taskinstance import TaskInstance
    from airflow.utils.session import create_session
    from sqlalchemy import select

    with create_session() as session:
        row = session.scalar(
            select(TaskInstance).where(
                TaskInstance.dag_id == ti.dag_id,
                TaskInstance.run_id == ti.run_id,
                TaskInstance.task_id == ti.task_id,
                TaskInstance.map_index == (-1 if ti.map_index is None else ti.map_index),
            )
        )
        if row.next_method:
            row.next_kwargs = {**arguments, **(row.next_kwargs or {})}
