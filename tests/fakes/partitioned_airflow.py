"""An Airflow 3 with DAGs that make assets: runs go from queued to their end in so many looks."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from mwaactl.errors import MwaactlError, OperationError

if TYPE_CHECKING:
    from collections.abc import Callable

RESERVED = (
    "asset_materialization__",
    "asset_triggered__",
    "backfill__",
    "operator_triggered__",
    "scheduled__",
)
"""Beginnings of ids that Airflow keeps for runs of its own (`DagRunType.from_run_id`)."""


@dataclass(slots=True)
class PartitionedAirflow:
    """Answers what backfills and materializations ask.

    Attributes:
        assets: As Airflow shows them.
        paused: Ids of paused DAGs.
        failing: Partitions, or ids of DAGs, whose runs fail.
        looks: How often a run is looked at before it is over.
        by_event: Ids of DAGs to those that their success starts a run of.
        event_looks: How often a DAG is looked at before its events start it: the scheduler is busy.
        refusals: Errors that the next questions get, one each; None lets one pass.
        interrupt_after: How many runs are started before Ctrl-C is pressed.
        takes_partitions: Whether it knows the member `partition_key`.
        lost: How many answers to starts are lost on their way; the runs have begun.
        meanwhile: What somebody else does, once, when a run has been started.
        skipped: Runs that have succeeded without an event: a gate has skipped their tasks.
    """

    assets: list[dict[str, Any]] = field(default_factory=list)
    paused: set[str] = field(default_factory=set)
    failing: set[str] = field(default_factory=set)
    looks: int = 2
    by_event: dict[str, str] = field(default_factory=dict)
    event_looks: int = 0
    refusals: list[MwaactlError | None] = field(default_factory=list)
    interrupt_after: int | None = None
    takes_partitions: bool = True
    lost: int = 0
    meanwhile: Callable[[], object] | None = None
    skipped: set[str] = field(default_factory=set)
    runs: list[dict[str, Any]] = field(default_factory=list)
    most_at_once: int = 0
    coming: dict[str, tuple[int, dict[str, Any]]] = field(default_factory=dict)

    def answer(self, method: str, path: str, query: dict[str, Any], body: dict[str, Any]) -> Any:
        assert len(path) <= 64, "MWAA takes no longer path"
        if path == "/assets":
            return {"assets": self.assets[query["offset"] :], "total_entries": len(self.assets)}
        if self.refusals and (refusal := self.refusals.pop(0)):
            raise refusal
        if path == "/assets/events":
            return self._events(query)
        if path == "/dags/~/dagRuns/list":
            return self._listed(body)
        if path == "/dags/~/dagRuns/~/taskInstances/list":
            return {"task_instances": [], "total_entries": 0}
        dag_id = path.split("/")[2]
        if method == "PATCH":
            self.paused.discard(dag_id)
        if method == "POST":
            return self._started(dag_id, body)
        return {"dag_id": dag_id, "is_paused": dag_id in self.paused}

    def keys(self, state: str | None = None) -> list[str]:
        """Return the partitions of runs, oldest first."""
        return [run["conf"]["partition"] for run in reversed(self.runs) if state in (None, run["state"])]

    def add(self, dag_id: str, run_id: str, state: str, conf: dict[str, Any], **more: Any) -> dict[str, Any]:
        run = {"dag_id": dag_id, "dag_run_id": run_id, "state": state, "conf": conf, "looked": 0, **more}
        self.runs.insert(0, run)
        return run

    def _events(self, query: dict[str, Any]) -> dict[str, Any]:
        emitted = [
            {"source_run_id": run["dag_run_id"]}
            for run in self.runs
            if run["dag_id"] == query["source_dag_id"]
            and run["state"] == "success"
            and run["dag_run_id"] not in self.skipped
        ]
        page = emitted[query["offset"] : query["offset"] + query["limit"]]
        return {"asset_events": page, "total_entries": len(emitted)}

    def _listed(self, body: dict[str, Any]) -> dict[str, Any]:
        if self.runs and self.meanwhile:
            other, self.meanwhile = self.meanwhile, None
            other()
        self._start_by_event(body["dag_ids"])
        of_dag = [run for run in self.runs if run["dag_id"] in body["dag_ids"]]
        offset = body.get("page_offset", 0)
        if offset == 0:
            for run in of_dag:
                self._advance(run)
        page = of_dag[offset : offset + body["page_limit"]]
        return {"dag_runs": page, "total_entries": len(of_dag)}

    def _advance(self, run: dict[str, Any]) -> None:
        if run["state"] in ("success", "failed"):
            return
        run["looked"] += 1
        run["state"] = "running"
        if run["looked"] >= self.looks:
            fails = {run["dag_id"], run["conf"].get("partition")} & self.failing
            run["state"] = "failed" if fails else "success"
            if run["state"] == "success" and run["dag_id"] in self.by_event:
                self.coming[self.by_event[run["dag_id"]]] = (self.event_looks, run["conf"])

    def _start_by_event(self, dag_ids: list[str]) -> None:
        for dag_id in dag_ids:
            if dag_id in self.coming:
                left, conf = self.coming.pop(dag_id)
                if left:
                    self.coming[dag_id] = (left - 1, conf)
                else:
                    self.add(dag_id, f"asset_triggered__{len(self.runs)}", "queued", conf)

    def _started(self, dag_id: str, body: dict[str, Any]) -> dict[str, Any]:
        assert ("partition_key" in body) == (self.takes_partitions and "partition" in body["conf"])
        started = sum(run["state"] != "given" for run in self.runs)
        if self.interrupt_after is not None and started >= self.interrupt_after:
            self.interrupt_after = None
            raise KeyboardInterrupt
        run_id = body.get("dag_run_id") or f"manual__{len(self.runs) + 1}"
        if "dag_run_id" in body and run_id.startswith(RESERVED):
            message = f"Airflow answered POST /dags/{dag_id}/dagRuns with 400: the id {run_id} is reserved"
            raise OperationError(message, code="airflow.http-400", context={"status": "400"})
        if any(run["dag_run_id"] == run_id for run in self.runs):
            message = f"Airflow answered POST /dags/{dag_id}/dagRuns with 409: it exists"
            raise OperationError(message, code="airflow.http-409", context={"status": "409"})
        assert dag_id not in self.paused, "a run of a paused DAG would stay queued"
        run = self.add(dag_id, run_id, "queued", body["conf"])
        self.most_at_once = max(
            self.most_at_once, sum(each["state"] in ("queued", "running") for each in self.runs)
        )
        if self.lost:
            self.lost -= 1
            message = "MWAA has not waited for the answer"
            raise OperationError(message, context={"status": "504"})
        return run
