"""DAG runs and task instances as text and as JSON."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from mwaactl.airflow_api.values import DagRun, TaskInstance
from mwaactl.report.table import table


def runs_text(runs: Sequence[DagRun]) -> str:
    """Return DAG runs as a table, newest first."""
    if not runs:
        return "no DAG runs"
    return table(("RUN", "STATE", "STARTED", "SECONDS"), [_row(each) for each in runs])


def run_data(run: DagRun) -> dict[str, Any]:
    """Return a DAG run as JSON values."""
    return asdict(run)


def tasks_data(tasks: Sequence[TaskInstance]) -> list[dict[str, Any]]:
    """Return task instances as JSON values."""
    return [asdict(each) for each in tasks]


def _row(run: DagRun) -> tuple[str, str, str, str]:
    started = f"{run.started_at:%Y-%m-%d %H:%M:%S}" if run.started_at else "-"
    seconds = (run.ended_at - run.started_at).total_seconds() if run.started_at and run.ended_at else None
    return run.run_id, run.state, started, "-" if seconds is None else f"{seconds:.1f}"
