"""What the static catalogue of assets shows: Airflow's own answers, without what nobody outside may see."""

from __future__ import annotations

from collections import Counter
from itertools import islice
from typing import TYPE_CHECKING, Any

from typed_assets.spec.publication import EXTRA_KEY

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from mwaactl.airflow_api.rest import AirflowApi

WHOLE = 60
"""So many publications of an asset keep the results of their checks and their contract."""
FAILURES = 300
_EVENT = (
    "id",
    "asset_id",
    "timestamp",
    "source_dag_id",
    "source_run_id",
    "source_task_id",
    "partition_key",
)
_INSTANCE = (
    "dag_id",
    "dag_run_id",
    "task_id",
    "map_index",
    "state",
    "start_date",
    "end_date",
    "run_after",
    "logical_date",
)
_BULKY = ("checks", "contract")


def catalogue_answers(api: AirflowApi, environment: str, most: int, now: datetime) -> dict[str, Any]:
    """Read assets, publications and failures; extras of others than `typed_assets` are left out.

    Args:
        api: Airflow's REST API.
        environment: Its name, for the reader.
        most: How many publications are read, the newest of all assets.
        now: When the catalogue is written.

    Raises:
        OperationError: Airflow 2 has no assets.
    """
    assets = [_without_others(each) for each in api.asset_answers()]
    events = list(islice(api.event_answers(), most + 1))
    tasks = {(task["dag_id"], task["task_id"]) for each in assets for task in each["producing_tasks"]}
    failed = api.failed_answers(tasks, FAILURES)
    return {
        "environment": environment,
        "written_at": now.isoformat(),
        "assets": assets,
        "asset_events": _events(events[:most]),
        "truncated": len(events) > most,
        "task_instances": _with_partitions(failed, api),
        "paused": [dag.dag_id for dag in api.dags() if dag.is_paused],
    }


def _with_partitions(failed: list[dict[str, Any]], api: AirflowApi) -> list[dict[str, Any]]:
    """Return failures with the partitions of their runs, where those are among the newest that failed."""
    runs = islice(api.unfinished_runs(), FAILURES) if failed else ()
    known = {(run.dag_id, run.run_id): {"partition_key": run.partition} for run in runs}
    return [
        {**_only(each, _INSTANCE), **known.get((each["dag_id"], each["dag_run_id"]), {})} for each in failed
    ]


def _without_others(answer: Mapping[str, Any]) -> dict[str, Any]:
    return {**answer, "extra": _only(answer.get("extra") or {}, (EXTRA_KEY,))}


def _events(answers: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    seen: Counter[int] = Counter()
    found = []
    for answer in answers:
        seen[answer["asset_id"]] += 1
        record = (answer.get("extra") or {}).get(EXTRA_KEY)
        record = record if isinstance(record, dict) else None  # anybody can write an extra
        if record is not None and seen[answer["asset_id"]] > WHOLE:
            record = {name: part for name, part in record.items() if name not in _BULKY}
        extra = {} if record is None else {EXTRA_KEY: record}
        found.append({**_only(answer, _EVENT), "extra": extra})
    return found


def _only(answer: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    return {name: answer[name] for name in names if name in answer}
