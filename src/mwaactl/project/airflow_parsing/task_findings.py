"""Tasks that MWAA's workers cannot run."""

from collections.abc import Iterator, Sequence

from mwaactl.catalog.operators import RestrictedOperator, restricted_operators
from mwaactl.config.environment import EnvironmentConfig
from mwaactl.project.airflow_parsing.facts import FileFacts, NotableTask, ParsedDag
from mwaactl.project.airflow_parsing.parse import Parsing
from mwaactl.project.airflow_parsing.sources import Sources
from mwaactl.project.checks.finding import Finding

_SHOWN = 3
_TRIGGERER = "mwaa.triggerer_enabled"


def task_findings(parsing: Parsing, environment: EnvironmentConfig, sources: Sources) -> Iterator[Finding]:
    """Reports queues, executors, operators of the catalogue's table, and tasks that wait in vain."""
    switched_off = environment.airflow_config_options.get(_TRIGGERER, "").lower() in {"false", "f", "0"}
    for facts in parsing.files:
        for dag in facts.dags:
            yield from _queues(facts, dag, sources)
            yield from _executors(facts, dag, sources)
            yield from _operators(facts, dag, sources)
            if switched_off:
                yield from _waiting(facts, dag, sources)


def _waiting(facts: FileFacts, dag: ParsedDag, sources: Sources) -> Iterator[Finding]:
    if tasks := [task for task in dag.notable if task.deferrable]:
        message = f"{_named(tasks)} of `{dag.id}` would wait for ever: `{_TRIGGERER}` is off"
        line, hint = _line(tasks[0], dag, facts, sources), "switch it on, or set `deferrable=False`"
        yield Finding("task-deferrable", "error", facts.file, line, message, hint)


def _queues(facts: FileFacts, dag: ParsedDag, sources: Sources) -> Iterator[Finding]:
    """See "My tasks fail without logs" in the user guide's troubleshooting: `queue` must be left unset."""
    queues = dict.fromkeys(task.queue for task in dag.notable if task.queue is not None)
    for queue in queues:
        tasks = [task for task in dag.notable if task.queue == queue]
        message = f"{_named(tasks)} of `{dag.id}` asks for the queue `{queue}`, which no worker serves"
        line = _line(tasks[0], dag, facts, sources)
        hint = "leave `queue` out: the task would fail without a log"
        yield Finding("task-queue", "error", facts.file, line, message, hint)


def _executors(facts: FileFacts, dag: ParsedDag, sources: Sources) -> Iterator[Finding]:
    """Airflow 3.0 takes such a DAG, and its scheduler then cannot run the task; others refuse the DAG."""
    if tasks := [
        task for task in dag.notable if task.executor and not task.executor.endswith("CeleryExecutor")
    ]:
        message = f"{_named(tasks)} of `{dag.id}` asks for {tasks[0].executor}: MWAA runs CeleryExecutor only"
        line = _line(tasks[0], dag, facts, sources)
        yield Finding("task-executor", "error", facts.file, line, message, "leave `executor` out")


def _operators(facts: FileFacts, dag: ParsedDag, sources: Sources) -> Iterator[Finding]:
    for row in restricted_operators():
        if tasks := [task for task in dag.notable if _is_meant(row, task)]:
            kind = row.name.rpartition(".")[2]
            message = f"{_named(tasks)} of `{dag.id}` is a {kind}, which cannot run on MWAA: {row.reason}"
            yield Finding(
                "task-operator",
                row.severity,
                facts.file,
                _line(tasks[0], dag, facts, sources),
                message,
                row.remedy,
            )


def _is_meant(row: RestrictedOperator, task: NotableTask) -> bool:
    return row.name in task.operators and (row.when != "in_cluster" or task.in_cluster is True)


def _line(task: NotableTask, dag: ParsedDag, facts: FileFacts, sources: Sources) -> int | None:
    source = sources.at(facts.file)
    return source.task(task.id) or source.dag(dag.id)


def _named(tasks: Sequence[NotableTask]) -> str:
    names = ", ".join(f"`{task.id}`" for task in tasks[:_SHOWN])
    more = f" and {len(tasks) - _SHOWN} more" if len(tasks) > _SHOWN else ""
    return f"task {names}{more}" if len(tasks) == 1 else f"each of the tasks {names}{more}"
