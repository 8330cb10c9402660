"""What both versions of the REST API share; paths stay within the 64 characters that MWAA takes."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import quote

from mwaactl.airflow_api.values import Dag, DagRun, ParseFailure, TaskInstance

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

    from mwaactl.airflow_api.values import AirflowAsset

PAGE = 100  # api.maximum_page_limit, Airflow's default
TASK_INSTANCES = "/dags/~/dagRuns/~/taskInstances/list"


class Invoke(Protocol):
    """Calls one environment's REST API; the path comes without `/api/vN`."""

    def __call__(
        self,
        method: str,
        path: str,
        query: Mapping[str, Any] | None = None,
        body: Mapping[str, Any] | None = None,
    ) -> Any:  # noqa: ANN401  any JSON value
        """Return the decoded answer."""


@dataclass(frozen=True, slots=True)
class AirflowApi(ABC):
    """Airflow's REST API; `v1` and `v2` fill in where they differ.

    Attributes:
        invoke: Calls it.
        has_partitions: Whether it takes the partition of a DAG run beside its configuration (3.2).
    """

    invoke: Invoke
    has_partitions: bool = False

    @abstractmethod
    def source(self, dag_id: str) -> str | None:
        """Return the source that Airflow parsed for a DAG, or None where the API cannot tell."""

    @abstractmethod
    def trigger_body(self, conf: Mapping[str, Any], run_id: str | None) -> Mapping[str, Any]:
        """Return the body that creates a DAG run."""

    @property
    @abstractmethod
    def newest_first(self) -> str:
        """`order_by` that puts the newest DAG run first."""

    @abstractmethod
    def assets(self) -> tuple[AirflowAsset, ...]:
        """Return every asset of current DAGs, by name.

        Raises:
            OperationError: The environment runs Airflow 2, which has no assets.
        """

    @abstractmethod
    def asset_answers(self) -> Iterator[dict[str, Any]]:
        """Yield every asset of current DAGs as Airflow answers it, by name.

        Raises:
            OperationError: The environment runs Airflow 2, which has no assets.
        """

    @abstractmethod
    def event_answers(self) -> Iterator[dict[str, Any]]:
        """Yield asset events as Airflow answers them, newest first; pages are asked for one by one."""

    @abstractmethod
    def publishing_runs(self, dag_id: str) -> Iterator[str]:
        """Yield the ids of a DAG's runs that have emitted asset events, newest first, one for each event."""

    @abstractmethod
    def failed_answers(self, tasks: Collection[tuple[str, str]], most: int) -> list[dict[str, Any]]:
        """Return the newest instances of some tasks that failed, or that others kept from running.

        Args:
            tasks: DAG and task ids.
            most: How many instances.
        """

    def dags(self) -> tuple[Dag, ...]:
        """Return every DAG that Airflow holds for current."""
        return tuple(_dag(found) for found in self.pages("/dags", "dags"))

    def dag(self, dag_id: str) -> Dag:
        """Return one DAG."""
        return _dag(self.invoke("GET", f"/dags/{quoted(dag_id)}"))

    def unpause(self, dag_id: str) -> None:
        """Let a DAG's runs be scheduled."""
        self.invoke("PATCH", f"/dags/{quoted(dag_id)}", body={"is_paused": False})

    def trigger(
        self,
        dag_id: str,
        conf: Mapping[str, Any],
        run_id: str | None = None,
        *,
        partition: str | None = None,
    ) -> DagRun:
        """Create a DAG run; its partition stands in its configuration too, for Airflow 3.0."""
        if partition is not None:
            from typed_assets.spec.partition_runs import CONF_KEY

            conf = {**conf, CONF_KEY: partition}
        body = dict(self.trigger_body(conf, run_id))
        if partition is not None and self.has_partitions:
            body["partition_key"] = partition
        return _dag_run(self.invoke("POST", f"/dags/{quoted(dag_id)}/dagRuns", body=body))

    def runs(self, dag_id: str, limit: int) -> tuple[DagRun, ...]:
        """Return the newest DAG runs of a DAG, newest first."""
        return tuple(islice(self.every_run(dag_id, min(limit, PAGE)), limit))

    def every_run(self, dag_id: str, page_limit: int = PAGE) -> Iterator[DagRun]:
        """Yield all DAG runs of a DAG, newest first; pages are asked for as they are needed."""
        return self._runs_like({"dag_ids": [dag_id]}, page_limit)

    def unfinished_runs(self) -> Iterator[DagRun]:
        """Yield the DAG runs of all DAGs that failed or go on, newest first, page by page as needed."""
        return self._runs_like({"states": ["failed", "running", "queued"]})

    def _runs_like(self, condition: Mapping[str, Any], page_limit: int = PAGE) -> Iterator[DagRun]:
        body = {**condition, "order_by": self.newest_first, "page_limit": page_limit}
        return map(_dag_run, self.listed("/dags/~/dagRuns/list", "dag_runs", body))

    def run(self, dag_id: str, run_id: str) -> DagRun | None:
        """Return a DAG run, or None if there is none.

        It is looked for among all, newest first: a path with its id may be too long for MWAA, and none of the
        filters of a list is for an id in all versions.
        """
        return next((run for run in self.every_run(dag_id) if run.run_id == run_id), None)

    def task_instances(self, dag_id: str, run_id: str) -> tuple[TaskInstance, ...]:
        """Return the task instances of a DAG run, by task and map index."""
        body = {"dag_ids": [dag_id], "dag_run_ids": [run_id], "page_limit": PAGE}
        found = map(_task_instance, self.listed(TASK_INSTANCES, "task_instances", body))
        return tuple(sorted(found, key=lambda each: (each.task_id, each.map_index)))

    def import_errors(self) -> tuple[ParseFailure, ...]:
        """Return why Airflow cannot load files."""
        return tuple(_parse_failure(found) for found in self.pages("/importErrors", "import_errors"))

    def pages(self, path: str, member: str, query: Mapping[str, Any] | None = None) -> Iterator[Any]:
        """Yield the members of a list that Airflow gives page by page."""
        limited = {**(query or {}), "limit": PAGE}
        return _every(member, lambda offset: self.invoke("GET", path, query={**limited, "offset": offset}))

    def listed(self, path: str, member: str, body: Mapping[str, Any]) -> Iterator[Any]:
        """Yield the members of a list that is asked for by a body, page by page as they are needed."""
        return _every(member, lambda offset: self.invoke("POST", path, body={**body, "page_offset": offset}))


def _every(member: str, page_from: Callable[[int], Any]) -> Iterator[Any]:
    offset = 0
    while True:
        page = page_from(offset)
        found = page.get(member, ())
        yield from found
        offset += len(found)
        if not found or offset >= page.get("total_entries", 0):
            return


def quoted(dag_id: str) -> str:
    """Return a DAG's id as it stands in a path."""
    return quote(dag_id, safe="")


def _dag(found: Mapping[str, Any]) -> Dag:
    location = found.get("relative_fileloc") or found.get("fileloc") or ""
    parsed = moment(found.get("last_parsed_time") or found.get("last_parsed"))
    return Dag(found["dag_id"], location, bool(found.get("is_paused")), parsed)


def _dag_run(found: Mapping[str, Any]) -> DagRun:
    # A deployment asks for no runs, and has no need of partitions.
    from typed_assets.spec.partition_runs import run_partition

    return DagRun(
        dag_id=found["dag_id"],
        run_id=found["dag_run_id"],
        state=found.get("state") or "queued",
        logical_date=found.get("logical_date"),
        started_at=moment(found.get("start_date")),
        ended_at=moment(found.get("end_date")),
        partition=run_partition(found.get("partition_key"), found.get("conf"), _interval(found)),
    )


def _interval(found: Mapping[str, Any]) -> tuple[datetime, datetime] | None:
    """Return the data interval of a run of a clock; on Airflow 3.0 it is the partition."""
    start, end = moment(found.get("data_interval_start")), moment(found.get("data_interval_end"))
    return (start, end) if found.get("run_type") == "scheduled" and start and end else None


def _task_instance(found: Mapping[str, Any]) -> TaskInstance:
    return TaskInstance(
        found["task_id"], found.get("map_index", -1), found.get("state"), found.get("try_number") or 0
    )


def _parse_failure(found: Mapping[str, Any]) -> ParseFailure:
    trace = found.get("stack_trace") or found.get("stacktrace") or ""
    return ParseFailure(found.get("filename") or "", trace, moment(found.get("timestamp")))


def moment(text: str | None) -> datetime | None:
    """Read a moment as Airflow writes it."""
    return datetime.fromisoformat(text) if text else None
