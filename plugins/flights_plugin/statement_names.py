"""Names for statements of Redshift's Data API."""

from typing import Protocol

MAX_LENGTH = 500
"""https://docs.aws.amazon.com/redshift-data/latest/APIReference/API_ExecuteStatement.html (StatementName)"""


class TaskInstance(Protocol):
    """The part of Airflow's task instance that a name is made of."""

    dag_id: str
    task_id: str
    run_id: str
    try_number: int
    map_index: int | None


def statement_name(ti: TaskInstance) -> str:
    """Return the name of a statement that a task instance runs.

    Returns:
        `dag.task[map index]#try run`, cut to the length that Redshift takes; the index only where mapped.
    """
    index = "" if ti.map_index is None or ti.map_index < 0 else f"[{ti.map_index}]"
    return f"{ti.dag_id}.{ti.task_id}{index}#{ti.try_number} {ti.run_id}"[:MAX_LENGTH]
