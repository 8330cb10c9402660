"""A read that Airflow could not answer just now is asked again; nothing else is."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from mwaactl.airflow_api.patience import PAUSE, TRIES, PatientInvoke
from mwaactl.errors import OperationError


def answered(status: str) -> OperationError:
    return OperationError(
        f"Airflow answered {status}", code=f"airflow.http-{status}", context={"status": status}
    )


@dataclass
class Failing:
    """Fails so often with a status, then answers."""

    times: int
    status: str = "504"
    asked: list[str] = field(default_factory=list)

    def __call__(
        self,
        method: str,
        path: str,
        query: Mapping[str, Any] | None = None,
        body: Mapping[str, Any] | None = None,
    ) -> Any:
        self.asked.append(f"{method} {path} {query} {body}")
        if len(self.asked) <= self.times:
            raise answered(self.status)
        return {"dag_id": "d"}


def test_a_read_is_asked_again_after_a_pause() -> None:
    slept: list[float] = []
    airflow = Failing(TRIES - 1)

    assert PatientInvoke(airflow, slept.append)("GET", "/dags/d", {"a": 1}) == {"dag_id": "d"}

    assert airflow.asked == ["GET /dags/d {'a': 1} None"] * TRIES
    assert slept == [PAUSE] * (TRIES - 1)


@pytest.mark.parametrize(
    ("method", "path", "status", "tries"),
    [
        ("GET", "/dags/d", "504", TRIES),
        ("GET", "/dags/d", "404", 1),
        ("POST", "/dags/d/dagRuns", "504", 1),
        ("POST", "/dags/~/dagRuns/list", "504", TRIES),
        ("PATCH", "/dags/d", "500", 1),
        ("PATCH", "/dags/list", "504", 1),
        ("DELETE", "/variables/list", "504", 1),
    ],
)
def test_what_lasts_or_writes_is_told(method: str, path: str, status: str, tries: int) -> None:
    airflow = Failing(99, status)

    with pytest.raises(OperationError, match=status):
        PatientInvoke(airflow, lambda _: None)(method, path)

    assert len(airflow.asked) == tries
