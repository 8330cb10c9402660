"""What is told when a task fails or an asset is refused, as one value."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from typed_assets.spec.publication import CheckResult, Record

_SUBJECT = 100
"""Characters of a subject of SNS; https://docs.aws.amazon.com/sns/latest/api/API_Publish.html"""
_MOST_CHECKS = 10
_MOST_TEXT = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A failure, for people.

    Attributes:
        dag_id: of the run; likewise `run_id` and `task_id`.
        link: to the task instance in Airflow's UI; empty where Airflow does not know its address.
        asset: that was refused, or None for another failure.
        partition: the key, or None.
        checks: that failed, blocking ones first.
        quarantined: rows that went to quarantine.
        reason: the exception, where no asset was refused.
        headline: says it in a line, where it is neither a refusal nor a failure.
        notes: further lines; they come before those of checks.
        environment: the name of the MWAA environment; empty elsewhere.
    """

    dag_id: str
    run_id: str
    task_id: str
    link: str = ""
    asset: str | None = None
    partition: str | None = None
    checks: tuple[CheckResult, ...] = ()
    quarantined: int = 0
    reason: str = ""
    headline: str = ""
    notes: tuple[str, ...] = ()
    environment: str = ""

    @property
    def subject(self) -> str:
        """One line of ASCII, as SNS wants it."""
        where = f"{self.environment}: " if self.environment else ""
        line = " ".join(f"{where}{self._what}".split()).encode("ascii", "replace").decode()
        return line if len(line) <= _SUBJECT else f"{line[: _SUBJECT - 3]}..."

    @property
    def _what(self) -> str:
        if self.headline:
            return self.headline
        if not self.asset:
            return f"{self.dag_id}.{self.task_id} failed"
        partition = f" partition {self.partition}" if self.partition else ""
        return f"{self.asset}{partition} was not published"

    @property
    def findings(self) -> tuple[str, ...]:
        """A line for every note and failed check."""
        every = [*self.notes, *(_finding(check) for check in self.checks)]
        lines, more = every[:_MOST_CHECKS], len(every) - _MOST_CHECKS
        return (*lines, f"and {more} more") if more > 0 else tuple(lines)

    @property
    def text(self) -> str:
        """All of it."""
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        yield self.subject
        yield from (f"- {line}" for line in self.findings)
        if self.quarantined:
            yield f"{self.quarantined} rows are in quarantine"
        if self.reason:
            yield self.reason
        yield ""
        yield f"DAG {self.dag_id}, run {self.run_id}, task {self.task_id}"
        if self.link:
            yield self.link


def message_of(context: Any, base_url: str = "") -> Message:  # noqa: ANN401 - Airflow's context, a mapping
    """Return what there is to say of the context of a callback.

    Args:
        context: of a task that failed.
        base_url: of Airflow's UI.
    """
    ti, error = context["ti"], context.get("exception")
    record = record_of(error)
    failed = (*record.blocking, *record.warnings) if record else ()
    return Message(
        dag_id=ti.dag_id,
        run_id=ti.run_id,
        task_id=ti.task_id,
        link=_link(ti, base_url),
        environment=os.environ.get("AIRFLOW_ENV_NAME", ""),
        asset=record.asset if record else None,
        partition=record.partition if record else None,
        checks=failed,
        quarantined=record.quarantined if record else 0,
        reason="" if record or error is None else _reason(error),
    )


def record_of(error: object) -> Record | None:
    """Return the record of the refusal that an exception is, or has as its cause, or None."""
    while isinstance(error, BaseException):
        record = getattr(error, "record", None)
        if isinstance(record, Record):
            return record
        error = error.__cause__ or error.__context__
    return None


def _finding(check: CheckResult) -> str:
    said = [f"{check.violations} rows"] if check.violations else []
    said += [f"saw {check.observed}"] if check.observed else []
    said += [f"expected {check.expected}"] if check.expected else []
    return _cut(": ".join([check.severity.value, check.name, *([", ".join(said)] if said else [])]))


def _reason(error: object) -> str:
    return _cut(f"{type(error).__name__}: {error}")


def _cut(text: str) -> str:
    """A rule may name values of any length, and SNS takes 256 KB in all."""
    return text if len(text) <= _MOST_TEXT else f"{text[:_MOST_TEXT]}..."


def _link(ti: Any, base_url: str) -> str:  # noqa: ANN401 - a task instance
    if not base_url:
        return ""
    index = getattr(ti, "map_index", None)
    mapped = f"/mapped/{index}" if index is not None and index >= 0 else ""
    run, task = quote(ti.run_id, safe=""), quote(ti.task_id, safe="")
    return f"{base_url.rstrip('/')}/dags/{quote(ti.dag_id, safe='')}/runs/{run}/tasks/{task}{mapped}"
