from datetime import UTC, datetime, timedelta
from typing import Any

from mwaactl.emulator.runtime.health import COMPONENTS, unhealthy

STARTED = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


def report(heartbeat: datetime, **statuses: str) -> dict[str, Any]:
    return {
        name: {"status": statuses.get(name, "healthy"), f"latest_{name}_heartbeat": heartbeat.isoformat()}
        for name in COMPONENTS
    }


def test_all_healthy_with_fresh_heartbeats() -> None:
    assert unhealthy(report(STARTED + timedelta(seconds=1)), STARTED) == ()


def test_no_answer_is_the_web_servers_fault() -> None:
    assert unhealthy(None, STARTED) == ("webserver",)


def test_unhealthy_component_is_named() -> None:
    assert unhealthy(report(STARTED + timedelta(seconds=1), triggerer="unhealthy"), STARTED) == ("triggerer",)


def test_heartbeat_of_a_predecessor_does_not_count() -> None:
    stale = unhealthy(report(STARTED - timedelta(seconds=5)), STARTED)
    assert stale == ("scheduler", "triggerer", "dag_processor")


def test_component_that_never_reported_is_not_healthy() -> None:
    answer = report(STARTED + timedelta(seconds=1))
    answer["dag_processor"] = {"status": None, "latest_dag_processor_heartbeat": None}
    assert unhealthy(answer, STARTED) == ("dag_processor",)


def test_only_components_that_run_are_waited_for() -> None:
    answer = report(STARTED + timedelta(seconds=1), dag_processor="unhealthy", triggerer="unhealthy")
    assert unhealthy(answer, STARTED, {"metadatabase", "scheduler", "triggerer"}) == ("triggerer",)
