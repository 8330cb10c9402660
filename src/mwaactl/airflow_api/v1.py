"""Airflow 2's REST API, v1."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, override

from mwaactl.airflow_api.rest import AirflowApi
from mwaactl.errors import OperationError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from mwaactl.airflow_api.values import AirflowAsset


class AirflowV1(AirflowApi):
    """Airflow 2: sources are found by a signed file token that is too long for MWAA's path."""

    __slots__ = ()

    @override
    def source(self, dag_id: str) -> str | None:
        return None

    @override
    def trigger_body(self, conf: Mapping[str, Any], run_id: str | None) -> Mapping[str, Any]:
        return {"conf": dict(conf), **({"dag_run_id": run_id} if run_id else {})}

    @property
    @override
    def newest_first(self) -> str:
        return "-execution_date"

    @override
    def assets(self) -> tuple[AirflowAsset, ...]:
        raise _no_assets()

    @override
    def asset_answers(self) -> Iterator[dict[str, Any]]:
        raise _no_assets()

    @override
    def event_answers(self) -> Iterator[dict[str, Any]]:
        raise _no_assets()

    @override
    def publishing_runs(self, dag_id: str) -> Iterator[str]:
        raise _no_assets()

    @override
    def failed_answers(self, tasks: Collection[tuple[str, str]], most: int) -> list[dict[str, Any]]:
        raise _no_assets()


def _no_assets() -> OperationError:
    hint = "use an environment with Airflow 3"
    return OperationError("Airflow 2 has no assets", hint=hint, code="asset.airflow-2")
