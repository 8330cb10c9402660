"""Gets `DAG.test` past what it does badly while tasks run.

- 3.0 and 3.2 build the execution API anew for every task, which takes about a second each; 3.3 keeps it.
- A task that resumes after deferral loses the arguments it deferred with (mended in 2026-07:
  https://github.com/apache/airflow/pull/69942).
- 3.0 copies the whole DAG to clear runs of the same date, which are deleted anyway; a notifier that has been
  called holds a client of AWS, which cannot be copied.
- 3.0 leaves the log of tasks as structlog has it: with debug lines, and with every local variable of a
  traceback, in colours, which takes longer than the run.
- What a task raises is only logged, and before 3.3 its callbacks are not told, as they are on a worker.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from typed_assets.testing import metadata


@contextmanager
def prepared(errors: dict[str, BaseException], partition: str | None) -> Iterator[None]:
    """Run tasks well within the block.

    Args:
        errors: gets what tasks raise, by name of the task instance.
        partition: the partition key of runs that are created, on versions that know one.
    """
    from airflow.models import dag as dag_models
    from airflow.models import dagrun
    from airflow.sdk.execution_time import supervisor, task_runner

    _configure_log()
    with (
        _instead(supervisor, "in_process_api_server", lambda _: _api_server),
        _instead(supervisor, "run_task_in_process", lambda run: _Runner(run, errors)),
        _instead(task_runner, "finalize", _with_exception),
        _instead(_copied(dag_models), "clear_dags", lambda _: lambda *_, **__: 0),
        _instead(dagrun, "get_or_create_dagrun", lambda create: _with_partition(create, partition)),
    ):
        yield


def _configure_log() -> None:
    """Have structlog write plainly what is told, unless somebody has said how it writes."""
    import structlog

    if not structlog.is_configured():
        plain = structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
        structlog.configure(
            processors=[*structlog.get_config()["processors"][:-1], plain],
            wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        )


def _copied(dag_models: Any) -> Any:  # noqa: ANN401 - Airflow's
    """Return the scheduler's own class of DAGs, which 3.0 alone has."""
    found = getattr(dag_models, "DAG", None)
    return found if hasattr(found, "from_sdk_dag") else None


@cache
def _api_server() -> Any:  # noqa: ANN401 - Airflow's
    from airflow.api_fastapi.execution_api.app import InProcessExecutionAPI

    return InProcessExecutionAPI()


class _Runner:
    """Runs tasks as Airflow does, notes errors, and gives deferred tasks their arguments back."""

    def __init__(self, run: Callable[..., Any], errors: dict[str, BaseException]) -> None:
        self._run = run
        self._errors = errors
        self._deferred: dict[str, dict[str, Any]] = {}

    def __call__(self, ti: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - Airflow's
        name = metadata.instance_name(ti.task_id, ti.map_index)
        if arguments := self._deferred.pop(name, None):
            metadata.resume_with(ti, arguments)
        result = self._run(ti, *args, **kwargs)
        if result.error is not None:
            self._errors[name] = result.error
        self._deferred[name] = getattr(result.msg, "next_kwargs", None) or {}
        return result


def _with_exception(finalize: Callable[..., Any]) -> Callable[..., Any]:
    """Let callbacks find what the task raised in their context."""

    def finalize_told(ti: Any, state: Any, context: Any, log: Any, error: Any = None) -> Any:  # noqa: ANN401
        if error is not None:
            context.setdefault("exception", error)
        return finalize(ti, state, context, log, error)

    return finalize_told


def _with_partition(create: Callable[..., Any], partition: str | None) -> Callable[..., Any]:
    def create_run(**kwargs: Any) -> Any:  # noqa: ANN401 - Airflow's
        run = create(**kwargs)
        if partition is not None:
            run.partition_key = partition
            kwargs["session"].merge(run)
            kwargs["session"].commit()
        return run

    return create_run


@contextmanager
def _instead(module: Any, name: str, make: Callable[[Any], Any]) -> Iterator[None]:  # noqa: ANN401
    """Put something into the place of a module's function, where the module has that function."""
    original = getattr(module, name, None)
    if original is None:
        yield
        return
    setattr(module, name, make(original))
    try:
        yield
    finally:
        setattr(module, name, original)
