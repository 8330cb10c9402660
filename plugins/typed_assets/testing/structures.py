"""The structure of a DAG as text, and the comparison with a file that is kept beside the tests."""

import os
from collections.abc import Iterable, Iterator
from difflib import unified_diff
from pathlib import Path
from typing import Any

UPDATE = "TYPED_ASSETS_UPDATE_STRUCTURES"
"""The environment variable that has files written anew; the plugin sets it for `--update-structures`."""


def assert_structure(dag: Any, path: Path | str) -> None:  # noqa: ANN401 - an airflow.sdk.DAG
    """Compare the structure of a DAG with what a file says, or write the file with `--update-structures`.

    Args:
        dag: an `airflow.sdk.DAG`.
        path: of the file; it is committed with the tests.

    Raises:
        AssertionError: they differ, with the difference, or there is no file yet.
    """
    file, now = Path(path), structure(dag)
    if os.environ.get(UPDATE):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(now, encoding="utf-8")
        return
    kept = file.read_text(encoding="utf-8") if file.exists() else ""
    if kept == now:
        return
    difference = "".join(
        unified_diff(kept.splitlines(keepends=True), now.splitlines(keepends=True), str(file), dag.dag_id)
    )
    message = (
        f"the structure of `{dag.dag_id}` is not as {file} says; if it is meant so, run pytest with"
        f" --update-structures\n{difference}"
    )
    raise AssertionError(message)


def structure(dag: Any) -> str:  # noqa: ANN401 - an airflow.sdk.DAG
    """Return the structure of a DAG as text: the same for the same DAG, whatever the order of its lines."""
    return (
        "\n".join([*_of_dag(dag), *(line for task in _sorted(dag.tasks) for line in _of_task(task))]) + "\n"
    )


def _sorted(tasks: Iterable[Any]) -> list[Any]:
    return sorted(tasks, key=lambda task: str(task.task_id))


def _of_dag(dag: Any) -> Iterator[str]:  # noqa: ANN401
    yield f"dag {dag.dag_id}"
    yield f"  schedule: {_schedule(dag.schedule)}"
    if dag.tags:
        yield f"  tags: {', '.join(sorted(dag.tags))}"


def _of_task(task: Any) -> Iterator[str]:  # noqa: ANN401
    mapped = hasattr(task, "partial_kwargs")
    kind = task.operator_class if mapped else type(task)
    yield f"task {task.task_id}: {getattr(kind, '__name__', kind)}{' (mapped)' if mapped else ''}"
    lines = {
        "after": sorted(task.upstream_task_ids),
        "inlets": sorted(map(_name, task.inlets or ())),
        "outlets": sorted(map(_name, task.outlets or ())),
    }
    yield from (f"  {key}: {', '.join(values)}" for key, values in lines.items() if values)
    rule = str(getattr(task.trigger_rule, "value", task.trigger_rule))
    if rule != "all_success":
        yield f"  trigger rule: {rule}"
    yield f"  retries: {task.retries}"


def _schedule(schedule: Any) -> str:  # noqa: ANN401 - whatever DAG(schedule=…) takes
    if schedule is None:
        return "none"
    if isinstance(schedule, str):
        return schedule
    if isinstance(schedule, list | tuple):
        return ", ".join(sorted(map(_name, schedule)))
    return _name(schedule)


def _name(value: Any) -> str:  # noqa: ANN401 - an asset, or a timetable
    return str(getattr(value, "name", None) or type(value).__name__)
