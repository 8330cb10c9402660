"""Airflow 3's REST API, v2."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any, override

from mwaactl.airflow_api.rest import PAGE, TASK_INSTANCES, AirflowApi, moment, quoted
from mwaactl.airflow_api.values import AirflowAsset
from mwaactl.errors import OperationError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping


class AirflowV2(AirflowApi):
    """Airflow 3."""

    __slots__ = ()

    @override
    def source(self, dag_id: str) -> str | None:
        try:
            answer = self.invoke("GET", f"/dagSources/{quoted(dag_id)}")
        except OperationError as error:
            if error.code in ("airflow.http-404", "airflow.path-too-long"):
                return None
            raise
        return answer if isinstance(answer, str) else answer.get("content")

    @override
    def trigger_body(self, conf: Mapping[str, Any], run_id: str | None) -> Mapping[str, Any]:
        # The key must be there; null means: now, and not bound to a date.
        return {"logical_date": None, "conf": dict(conf), **({"dag_run_id": run_id} if run_id else {})}

    @property
    @override
    def newest_first(self) -> str:
        return "-run_after"

    @override
    def assets(self) -> tuple[AirflowAsset, ...]:
        found = (_asset(each) for each in self.pages("/assets", "assets"))
        return tuple(sorted(found, key=lambda asset: asset.name))

    @override
    def asset_answers(self) -> Iterator[dict[str, Any]]:
        return self.pages("/assets", "assets", {"order_by": "name"})

    @override
    def event_answers(self) -> Iterator[dict[str, Any]]:
        return self.pages("/assets/events", "asset_events", {"order_by": "-timestamp"})

    @override
    def publishing_runs(self, dag_id: str) -> Iterator[str]:
        query = {"source_dag_id": dag_id, "order_by": "-timestamp"}
        for event in self.pages("/assets/events", "asset_events", query):
            yield event.get("source_run_id") or ""

    @override
    def failed_answers(self, tasks: Collection[tuple[str, str]], most: int) -> list[dict[str, Any]]:
        # A list of no ids would be taken for all.
        answers = self._failed(tasks) if tasks else iter(())
        return list(islice((each for each in answers if (each["dag_id"], each["task_id"]) in tasks), most))

    def _failed(self, tasks: Collection[tuple[str, str]]) -> Iterator[dict[str, Any]]:
        # A body takes several states and ids, and MWAA's API hands it on as it is.
        body = {
            "state": ["failed", "upstream_failed"],
            "dag_ids": sorted({dag_id for dag_id, _ in tasks}),
            "task_ids": sorted({task_id for _, task_id in tasks}),
            "order_by": "-end_date",
            "page_limit": PAGE,
        }
        return self.listed(TASK_INSTANCES, "task_instances", body)


def _asset(found: Mapping[str, Any]) -> AirflowAsset:
    scheduled = found.get("scheduled_dags", found.get("consuming_dags"))  # Airflow 3.0 says it otherwise
    return AirflowAsset(
        name=found["name"],
        uri=found["uri"],
        group=found.get("group") or "",
        extra=found.get("extra") or {},
        made_by=tuple(sorted((task["dag_id"], task["task_id"]) for task in found.get("producing_tasks", ()))),
        schedules=tuple(sorted(dag["dag_id"] for dag in scheduled or ())),
        published_at=moment((found.get("last_asset_event") or {}).get("timestamp")),
    )
