"""Triggers DAG runs and follows them to their end."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Protocol

from mwaactl.airflow_api.transient import is_transient
from mwaactl.errors import MwaactlError, OperationError
from mwaactl.operations.task_log import cause_in, readable
from mwaactl.quotation import quoted

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime, timedelta

    from mwaactl.airflow_api.rest import AirflowApi
    from mwaactl.airflow_api.values import Dag, DagRun, TaskInstance

# The longer a run takes, the less often it is asked for.
SHORTEST_INTERVAL, LONGEST_INTERVAL = 0.5, 2.0
SHOWN_LINES = 20
SHOWN_NAMES = 3


class TaskLogs(Protocol):
    """Where the lines of a task's log are found; `mwaactl.aws.logs.LogGroups`."""

    def lines(self, group: str, stream: str, *, last: int = 1000) -> tuple[str, ...]:
        """Return the last lines of a stream, oldest first."""


@dataclass(frozen=True, slots=True)
class ObservedRun:
    """A DAG run with its task instances, as both are at one moment."""

    run: DagRun
    tasks: tuple[TaskInstance, ...]


@dataclass(frozen=True, slots=True)
class DagRuns:
    """The DAG runs of one environment.

    Attributes:
        api: Airflow's REST API.
        logs: CloudWatch Logs.
        task_log_group: Log group of tasks.
        now: Clock.
        sleep: Waits for seconds.
        on_detail: Told what happens.
    """

    api: AirflowApi
    logs: TaskLogs
    task_log_group: str
    now: Callable[[], datetime]
    sleep: Callable[[float], None]
    on_detail: Callable[[str], None]

    def trigger(self, dag_id: str, conf: Mapping[str, Any], *, partition: str | None = None) -> DagRun:
        """Create a DAG run; a paused DAG is unpaused first, because its run would stay queued for ever.

        Raises:
            OperationError: If there is no such DAG, or Airflow refuses.
        """
        self.unpause(dag_id)
        # Airflow still shows a DAG whose file is gone, and refuses to run it.
        run = self._known(dag_id, lambda: self.api.trigger(dag_id, conf, partition=partition))
        self.on_detail(f"triggered {dag_id}, run {run.run_id}")
        return run

    def unpause(self, dag_id: str) -> None:
        """Let the runs of a DAG begin, if it is paused.

        Raises:
            OperationError: If there is no such DAG.
        """
        if self._find(dag_id).is_paused:
            self.api.unpause(dag_id)
            self.on_detail(f"{dag_id} was paused; it is unpaused now")

    def list(self, dag_id: str, limit: int) -> tuple[DagRun, ...]:
        """Return the newest DAG runs of a DAG, newest first.

        Raises:
            OperationError: If there is no such DAG.
        """
        self._find(dag_id)
        return self.api.runs(dag_id, limit)

    def wait(self, run: DagRun, timeout: timedelta) -> ObservedRun:
        """Wait until a DAG run is over.

        Raises:
            OperationError: If it fails, vanishes, or is not over in time.
        """
        began, told = self.now(), ""
        seen, failures = ObservedRun(run, ()), set[tuple[str, int]]()
        while True:
            seen = self._look(run) or seen
            self._tell_retries(seen, failures)
            if (line := _progress(seen)) != told:
                self.on_detail(line)
                told = line
            if seen.run.is_over:
                return self._judge(seen)
            elapsed = self.now() - began
            if elapsed > timeout:
                message = f"run `{run.run_id}` of `{run.dag_id}` is still {seen.run.state} after {timeout}"
                hint = f"it goes on; look at it with `mwaactl run list {run.dag_id}`"
                raise OperationError(message, hint=hint, code="run.timeout")
            self.sleep(min(max(elapsed.total_seconds() / 10, SHORTEST_INTERVAL), LONGEST_INTERVAL))

    def _tell_retries(self, seen: ObservedRun, told: set[tuple[str, int]]) -> None:
        """Say at once why an attempt failed: the last of several may be minutes away."""
        for task in seen.tasks:
            attempt = (task.name, task.try_number)
            if task.state == "up_for_retry" and attempt not in told:
                told.add(attempt)
                cause = cause_in(readable(self._log_of(seen.run, task)))
                self.on_detail(
                    f"{task.name} failed and will be tried again" + (f": {quoted(cause)}" if cause else "")
                )

    def _look(self, run: DagRun) -> ObservedRun | None:
        """Return how a DAG run is, or None where the web server cannot answer just now."""
        try:
            current = self.api.run(run.dag_id, run.run_id)
            if current is None:
                message = f"run `{run.run_id}` of `{run.dag_id}` is gone"
                raise OperationError(message, code="run.gone")
            return ObservedRun(current, self.api.task_instances(run.dag_id, run.run_id))
        except MwaactlError as error:
            if is_transient(error):
                return None
            raise

    def _find(self, dag_id: str) -> Dag:
        return self._known(dag_id, lambda: self.api.dag(dag_id))

    def _known[T](self, dag_id: str, ask: Callable[[], T]) -> T:
        try:
            return ask()
        except OperationError as error:
            if error.code != "airflow.http-404":
                raise
            raise self._unknown(dag_id) from error

    def _judge(self, finished: ObservedRun) -> ObservedRun:
        run = finished.run
        if run.state == "success":
            return finished
        failed = [each for each in finished.tasks if each.state == "failed"]
        names = ", ".join(f"`{each.name}`" for each in failed) or "no task instance"
        lines = readable(self._log_of(run, failed[0])) if failed else ()
        context = {"run_id": run.run_id, "failed": ", ".join(each.name for each in failed)}
        message = f"run `{run.run_id}` of `{run.dag_id}` failed: {names}"
        if lines:
            context["log"] = "\n".join(lines)
            message += f"\n\nlast lines of the log of `{failed[0].name}`:\n" + "\n".join(
                f"  {each}" for each in lines
            )
        raise OperationError(message, context=context, code="run.failed")

    def _log_of(self, run: DagRun, task: TaskInstance) -> tuple[str, ...]:
        """Return the last lines of a task's last attempt; MWAA writes `_` for `:` in stream names."""
        mapped = f"map_index={task.map_index}/" if task.map_index >= 0 else ""
        attempt = f"{mapped}attempt={max(task.try_number, 1)}.log"
        stream = f"dag_id={run.dag_id}/run_id={run.run_id}/task_id={task.task_id}/{attempt}".replace(":", "_")
        return self.logs.lines(self.task_log_group, stream, last=SHOWN_LINES)[-SHOWN_LINES:]

    def _unknown(self, dag_id: str) -> OperationError:
        # Airflow may still list the very DAG that it refuses to run.
        known = sorted({each.dag_id for each in self.api.dags()} - {dag_id})
        message = f"Airflow knows no DAG `{dag_id}`"
        return OperationError(message, hint=_instead(dag_id, known), code="run.unknown-dag")


def _instead(dag_id: str, known: Sequence[str]) -> str:
    """Return a hint with the few names that may be meant: an environment may have hundreds of DAGs."""
    if not known:
        return "deploy some with `mwaactl deploy`"
    if near := get_close_matches(dag_id, known, n=SHOWN_NAMES, cutoff=0.6):
        return f"did you mean {' or '.join(f'`{each}`' for each in near)}?"
    return f"there are: {', '.join(known[:SHOWN_NAMES])}{' …' if len(known) > SHOWN_NAMES else ''}"


def _progress(seen: ObservedRun) -> str:
    run, counts = seen.run, dict[str, int]()
    for each in seen.tasks:
        state = each.state or "waiting"
        counts[state] = counts.get(state, 0) + 1
    parts = ", ".join(f"{number} {state}" for state, number in sorted(counts.items()))
    return f"{run.dag_id} is {run.state}" + (f": {parts}" if parts else "")
