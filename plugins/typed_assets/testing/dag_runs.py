"""Runs a DAG in this process, on a metadata database that a test may write to.

`DAG.test` of Airflow does the work. It has traps, which `metadata` and `execution` get it past: a DAG that
stands in no bundle, assets that are not active, an execution API that is built anew for every task.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from typed_assets.spec.publication import EXTRA_KEY, Record, from_json
from typed_assets.testing import execution, metadata
from typed_assets.testing.airflow_home import ensure_database

type Dag = Any
"""An `airflow.sdk.DAG`."""
RETURN_VALUE = "return_value"


@dataclass(frozen=True, slots=True, kw_only=True)
class EmittedEvent:
    """An asset event of a run.

    Attributes:
        asset: the asset's name.
        uri: the asset's URI.
        task: the id of the task that emitted it.
        partition: its partition key; None below Airflow 3.2, which knows none.
        extra: what the task said.
    """

    asset: str
    uri: str
    task: str
    partition: str | None
    extra: Mapping[str, Any]

    @property
    def record(self) -> Record | None:
        """What `typed_assets` says of the publication, or None for another's event."""
        found = self.extra.get(EXTRA_KEY)
        return None if found is None else from_json(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class DagRunResult:
    """How a run ended. Mapped task instances are named `task_id[0]`, `task_id[1]`.

    Attributes:
        run_id: of the run.
        state: of the run: `success` or `failed`.
        tasks: the state of every task instance.
        xcoms: what every task instance has pushed, by key.
        events: asset events, in the order in which they were emitted.
        errors: what the task instances that failed have raised.
    """

    run_id: str
    state: str
    tasks: Mapping[str, str | None]
    xcoms: Mapping[str, Mapping[str, Any]]
    events: tuple[EmittedEvent, ...]
    errors: Mapping[str, BaseException] = field(default_factory=dict)

    @property
    def values(self) -> dict[str, Any]:
        """What every task instance has returned."""
        return {task: pushed[RETURN_VALUE] for task, pushed in self.xcoms.items() if RETURN_VALUE in pushed}


def run_dag(
    dag: Dag,
    *,
    conf: Mapping[str, Any] | None = None,
    partition: str | None = None,
    logical_date: datetime | None = None,
    retry: bool = False,
) -> DagRunResult:
    """Run a DAG to its end and return how it ended. A task that fails fails the run, and raises nothing.

    Args:
        dag: an `airflow.sdk.DAG`, wherever it was written.
        conf: the run's configuration.
        partition: the key of the run's partition; below Airflow 3.2 the configuration gets it as `partition`.
        logical_date: of the run; without it, now.
        retry: whether tasks are tried again as they say; a test seldom wants to wait for that.

    Raises:
        RuntimeError: the DAG cannot be serialised; the message is Airflow's.
    """
    given = dict(conf or {})
    if partition is not None and not metadata.has_partitions():
        given.setdefault("partition", partition)
    errors: dict[str, BaseException] = {}
    ensure_database()
    with metadata.own_bundle(), execution.prepared(errors, partition), _tries(dag, retry=retry):
        metadata.register(dag)
        dates = {} if logical_date is None else {"logical_date": logical_date}
        run = dag.test(run_conf=given, **dates)
        return _result(run.dag_id, run.run_id, errors)


def _result(dag_id: str, run_id: str, errors: Mapping[str, BaseException]) -> DagRunResult:
    state, tasks = metadata.states(dag_id, run_id)
    return DagRunResult(
        run_id=run_id,
        state=state,
        tasks=tasks,
        xcoms=metadata.xcoms(dag_id, run_id),
        events=tuple(EmittedEvent(**event) for event in metadata.events(dag_id, run_id)),
        errors={task: error for task, error in errors.items() if tasks.get(task) == "failed"},
    )


@contextmanager
def _tries(dag: Dag, *, retry: bool) -> Iterator[None]:
    """Let no task of the DAG be tried again within the block."""
    kept = {} if retry else {task.task_id: task.retries for task in dag.tasks if task.retries}
    for task_id in kept:
        _set_retries(dag.task_dict[task_id], 0)
    try:
        yield
    finally:
        for task_id, retries in kept.items():
            _set_retries(dag.task_dict[task_id], retries)


def _set_retries(task: Any, retries: int) -> None:  # noqa: ANN401 - an operator, mapped or not
    if hasattr(task, "partial_kwargs"):  # a mapped one reads them from there
        task.partial_kwargs["retries"] = retries
    else:
        task.retries = retries
