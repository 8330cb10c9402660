"""Airflow 2's REST API, v1."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, override

from mwaactl.airflow_api.rest import AirflowApi
from mwaactl.errors import OperationError

if TYPE_CHECKING:
    from collections.abc import Mapping

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
        message = "Airflow 2 has no assets"
        raise OperationError(message, hint="use an environment with Airflow 3", code="asset.airflow-2")
