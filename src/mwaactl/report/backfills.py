"""Backfills and materializations as text and as JSON."""

from collections.abc import Sequence
from typing import Any

from mwaactl.operations.materialize import Materialization
from mwaactl.planner.asset_selection import DagStep
from mwaactl.planner.partition_backfill import PartitionBackfill
from mwaactl.report.table import table


def backfill_data(asset: str, dag_id: str, backfill: PartitionBackfill) -> dict[str, Any]:
    """Return a backfill as JSON values."""
    return {
        "asset": asset,
        "dag_id": dag_id,
        "partitions": [
            {"partition": key, "state": state, "run_id": run_id} for key, state, run_id in _rows(backfill)
        ],
    }


def backfill_text(backfill: PartitionBackfill) -> str:
    """Return the partitions of a backfill as a table, in order."""
    return table(
        ("PARTITION", "STATE", "RUN"), [(key, state, run or "-") for key, state, run in _rows(backfill)]
    )


def steps_text(steps: Sequence[DagStep]) -> str:
    """Return DAGs with what they make as a table, in the order in which they run."""
    return table(("DAG", "ASSETS"), [(step.dag_id, ", ".join(step.assets)) for step in steps])


def steps_data(steps: Sequence[DagStep]) -> dict[str, Any]:
    """Return DAGs that would be run as JSON values."""
    return {"steps": [{"dag_id": step.dag_id, "assets": list(step.assets)} for step in steps]}


def materializations_data(made: Sequence[Materialization]) -> dict[str, Any]:
    """Return DAGs that have been run as JSON values."""
    return {
        "steps": [
            {
                "dag_id": each.step.dag_id,
                "assets": list(each.step.assets),
                "run_id": each.run.run_id,
                "state": each.run.state,
            }
            for each in made
        ]
    }


def _rows(backfill: PartitionBackfill) -> list[tuple[str, str, str | None]]:
    rows: list[tuple[str, str, str | None]] = []
    for key in backfill.partitions:
        run = backfill.runs.get(key)
        state = "waiting" if key in backfill.waiting or run is None else run.state
        rows.append((key, state, run.run_id if run is not None and state != "waiting" else None))
    return rows
