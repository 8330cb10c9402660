"""Airflow's own scheduler in this process: it makes the runs, and an executor of ours runs the tasks."""

import inspect
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from airflow.executors.base_executor import BaseExecutor
from airflow.jobs.job import Job, run_job
from airflow.jobs.scheduler_job_runner import SchedulerJobRunner
from airflow.models.asset import AssetModel
from airflow.models.dag import DagModel
from airflow.models.dagrun import DagRun
from airflow.models.taskinstance import TaskInstance
from airflow.utils.session import create_session
from airflow.utils.state import TaskInstanceState
from sqlalchemy import select, update

from typed_assets.spec.partition_runs import run_partition
from typed_assets.testing import execution, metadata

# SQLite's clock has whole seconds: a run that is made now may begin in the next one only.
_MOST_SECONDS, _PAUSE = 30.0, 0.1
_OVER = ("success", "failed")


@dataclass(frozen=True, slots=True)
class Made:
    """A run that the scheduler has made.

    Attributes:
        partition: its key, from where the version keeps it.
        state: how it has ended.
        tasks: the state of each task instance.
    """

    dag_id: str
    run_id: str
    run_type: str
    partition: str | None
    state: str
    tasks: Mapping[str, str | None]


class TasksHere(BaseExecutor):
    """Runs each task at the scheduler's heartbeat, as `DAG.test` does, through the execution API.

    Args:
        dags: what the scheduler may run, by id.
    """

    is_local = False

    def __init__(self, dags: Mapping[str, Any]) -> None:
        super().__init__()
        self._dags, self._waiting = dags, list[Any]()

    def queue_workload(self, workload: Any, session: Any) -> None:
        del session
        self._waiting.append(workload.ti)

    def heartbeat(self) -> None:
        waiting, self._waiting = self._waiting, []
        for told in waiting:
            self.event_buffer[told.key] = (self._run(told), None)

    def end(self) -> None: ...

    def terminate(self) -> None: ...

    def _run(self, told: Any) -> TaskInstanceState:
        from airflow.sdk.api.datamodels._generated import TaskInstance as RunningTask
        from airflow.sdk.execution_time.supervisor import run_task_in_process

        names = ("id", "task_id", "dag_id", "run_id", "try_number", "map_index", "dag_version_id")
        given = {name: getattr(told, name) for name in names if name in RunningTask.model_fields}
        task = self._dags[told.dag_id].task_dict[told.task_id]
        state = TaskInstanceState(str(run_task_in_process(ti=RunningTask(**given), task=task).ti.state.value))
        of_it = (
            TaskInstance.dag_id == told.dag_id,
            TaskInstance.run_id == told.run_id,
            TaskInstance.task_id == told.task_id,
            TaskInstance.map_index == told.map_index,
        )
        with create_session() as session:
            session.scalar(select(TaskInstance).where(*of_it)).set_state(state, session=session)
        return state


class Scheduler:
    """Airflow's scheduler, for some DAGs.

    Args:
        dags: they are registered and unpaused; all others stay as they are.
    """

    def __init__(self, *dags: Any) -> None:
        self._dags = {dag.dag_id: dag for dag in dags}
        for dag in dags:
            metadata.register(dag)
        with create_session() as session:
            session.execute(update(DagModel).where(DagModel.dag_id.in_(self._dags)).values(is_paused=False))

    def settle(self, passes: int = 3) -> None:
        """Let it schedule until nothing is left to do, at least so many times."""
        errors: dict[str, BaseException] = {}
        with metadata.own_bundle(), execution.prepared(errors, None):
            for _ in range(passes):
                self._pass()
            deadline = time.monotonic() + _MOST_SECONDS
            while self._unfinished() and time.monotonic() < deadline:
                time.sleep(_PAUSE)
                self._pass()
        if not self._unfinished():
            return
        message = f"runs go on after {_MOST_SECONDS:.0f} seconds: {self.runs()}, {errors}"
        raise AssertionError(message)

    def runs(self, *dag_ids: str) -> list[Made]:
        """Return the runs of DAGs, or of all it has, oldest first."""
        with create_session() as session:
            rows = session.scalars(
                select(DagRun).where(DagRun.dag_id.in_(dag_ids or self._dags)).order_by(DagRun.id)
            )
            found = [(run.dag_id, run.run_id, run.run_type, _partition(run)) for run in rows]
        return [
            Made(dag_id, run_id, str(getattr(kind, "value", kind)), key, *metadata.states(dag_id, run_id))
            for dag_id, run_id, kind, key in found
        ]

    def _pass(self) -> None:
        executor, job = TasksHere(self._dags), Job()
        job.executors = [executor]  # before 3.2 it stands there
        takes = inspect.signature(SchedulerJobRunner).parameters
        given: dict[str, Any] = {"executors": [executor]} if "executors" in takes else {}
        runner = SchedulerJobRunner(job=job, num_runs=1, scheduler_idle_sleep_time=0, **given)
        run_job(job=job, execute_callable=runner._execute)

    def _unfinished(self) -> bool:
        return any(run.state not in _OVER for run in self.runs())


def emit(asset: str, partition: str | None, extra: Mapping[str, Any]) -> None:
    """Register an event of an asset as the execution API does when a task has succeeded."""
    from airflow.assets.manager import asset_manager

    named = {"partition_key": partition} if metadata.has_partitions() else {}
    with create_session() as session:
        found = session.scalar(select(AssetModel).where(AssetModel.name == asset))
        assert found is not None, f"no DAG has registered {asset}"
        asset_manager.register_asset_change(asset=found, extra=dict(extra), session=session, **named)


def _partition(run: Any) -> str | None:
    by_clock = str(getattr(run.run_type, "value", run.run_type)) == "scheduled"
    interval = (
        (run.data_interval_start, run.data_interval_end) if by_clock and run.data_interval_start else None
    )
    return run_partition(getattr(run, "partition_key", None), run.conf, interval)
