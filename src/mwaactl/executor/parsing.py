"""Waits until Airflow itself has parsed what was deployed, and reports its import errors.

MWAA copies the bucket every 30 seconds and Airflow parses files again and again, so that a parse after the
upload may still be one of the old content. Airflow 3 tells the source that it parsed: equal text is proof.
Where there is no such proof, only a parse that began after the copy must have happened counts.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from itertools import chain
from typing import TYPE_CHECKING

from mwaactl.airflow_api.values import Dag, ParseFailure, is_at, key_within, keys_at
from mwaactl.errors import ApplyError
from mwaactl.executor.gateways import COPY_INTERVAL
from mwaactl.executor.tolerance import PAUSE, Tolerance
from mwaactl.project.airflow_parsing.traces import sentence_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import datetime

    from mwaactl.airflow_api.rest import AirflowApi
    from mwaactl.planner.actions import AwaitParsed

# Airflow looks for new files every 300 s (dag_processor.refresh_interval).
DEADLINE = timedelta(minutes=10)
INTERVAL = 1.0


@dataclass(slots=True)
class ParsingWatch:
    """Follows Airflow's parsing of one release.

    Attributes:
        api: Airflow's REST API.
        wanted: What to wait for.
        read: Gives the released content for a key.
        written: When the last object was written.
        shared: When something changed last that several DAGs may use: a module, the packages.
        deadline: How long to wait.
        fresh: Whether the environment started after the upload, so that every parse is of the new content.
        before: Import errors that were there before the upload.
        copied_within: After what time an object of the bucket is in Airflow's folder for certain.
    """

    api: AirflowApi
    wanted: AwaitParsed
    read: Callable[[str], bytes]
    written: datetime
    shared: datetime
    deadline: timedelta = DEADLINE
    fresh: bool = False
    before: tuple[ParseFailure, ...] = ()
    copied_within: timedelta = COPY_INTERVAL
    _proven: set[str] = field(default_factory=set)

    def pending(self) -> tuple[str, ...]:
        """Return the files that Airflow has not parsed yet.

        Raises:
            ApplyError: If Airflow cannot load one of the release's files.
        """
        # DAGs first: Airflow may parse between the two answers, and of an archive whose file fails it lists
        # the other DAGs anew.
        dags = _by_key(self.api.dags())
        failures = [each for each in self.api.import_errors() if self._is_ours(each)]
        current = [each for each in failures if self._is_of_new_content(each)]
        if current:
            raise _import_failure(current, self.wanted.known)
        waiting = [key for key in self.wanted.changed if not self._has_parsed(key, dags.get(key, ()))]
        waiting += [key for key in self.wanted.dependent if not self._was_parsed_again(dags.get(key, ()))]
        stale = (key for key in self.wanted.known if any(is_at(each.location, key) for each in failures))
        return tuple(dict.fromkeys((*waiting, *stale)))

    def _is_ours(self, failure: ParseFailure) -> bool:
        return _key_of(failure, self.wanted.known) is not None

    def _is_of_new_content(self, failure: ParseFailure) -> bool:
        same = any(
            each.location == failure.location and each.stack_trace == failure.stack_trace
            for each in self.before
        )
        return self.fresh or not same or self._is_late(failure.at, self.written)

    def _has_parsed(self, key: str, dags: Sequence[Dag]) -> bool:
        found = [dag for dag in dags if dag.parsed_at]
        if not found or key in self._proven:
            return bool(found)
        proven = self.fresh or any(self._is_source(dag, key) for dag in found)
        if proven:
            self._proven.add(key)
        return proven

    def _is_source(self, dag: Dag, key: str) -> bool:
        source = self.api.source(dag.dag_id)
        if source is None:
            return self._is_late(dag.parsed_at, self.written)
        # Airflow reads the file as text, which turns every line ending into one.
        return source.splitlines() == self.read(key).decode(errors="replace").splitlines()

    def _was_parsed_again(self, dags: Sequence[Dag]) -> bool:
        return any(
            dag.parsed_at and (self.fresh or self._is_late(dag.parsed_at, self.shared)) for dag in dags
        )

    def _is_late(self, moment: datetime | None, change: datetime) -> bool:
        return moment is not None and moment > change + self.copied_within


def _by_key(dags: Iterable[Dag]) -> dict[str, list[Dag]]:
    """Group DAGs by the keys that their files may have, so that no key looks through all of them."""
    found: dict[str, list[Dag]] = {}
    for dag in dags:
        for key in keys_at(dag.location):
            found.setdefault(key, []).append(dag)
    return found


def await_parsed(
    watch: ParsingWatch,
    now: Callable[[], datetime],
    sleep: Callable[[float], None],
    on_detail: Callable[[str], None],
) -> None:
    """Wait until Airflow has parsed all files.

    Raises:
        ApplyError: On import errors of the release's files, or when the deadline passes.
    """
    deadline, told, tolerance = now() + watch.deadline, -1, Tolerance(now)
    while True:
        waiting = tolerance.ask(watch.pending)
        if waiting is not None and not waiting:
            return
        if waiting is not None and len(waiting) != told:
            told = len(waiting)
            on_detail(f"waiting for Airflow to parse {', '.join(waiting[:3])}{' …' if told > 3 else ''}")  # noqa: PLR2004
        if now() > deadline:
            missing = ", ".join(f"`{each}`" for each in waiting or ()) or "the files"
            minutes = watch.deadline.total_seconds() / 60
            message = f"Airflow has not parsed {missing} within {minutes:g} minutes"
            hint = (
                "read the DAGProcessing log group; a file that defines no DAG at import time is never listed"
            )
            raise ApplyError(message, hint=hint, code="apply.not-parsed")
        sleep(PAUSE if waiting is None else INTERVAL)


def _import_failure(failures: list[ParseFailure], known: tuple[str, ...]) -> ApplyError:
    places = [_place(each, known) for each in failures]
    key, line, last = places[0]
    where = f"{key}:{line}" if line else key
    more = f" (and {len(places) - 1} more files)" if len(places) > 1 else ""
    traces = "\n\n".join(each.stack_trace.strip() for each in failures)
    context = {"file": key, "error": last, "stack_trace": traces} | ({"line": str(line)} if line else {})
    return ApplyError(
        f"Airflow cannot import `{where}`: {last}{more}",
        hint="mend the file and deploy again",
        meanwhile="until then this file's DAGs stay as they were or are missing",
        code="apply.import-error",
        context=context,
    )


def _key_of(failure: ParseFailure, known: tuple[str, ...]) -> str | None:
    """Return which file of the release a failure is about: an object, or a file within an archive."""
    whole = (each for each in known if is_at(failure.location, each))
    within = (key for each in known if (key := key_within(failure.location, each)))
    return next(chain(whole, within), None)


def _place(failure: ParseFailure, known: tuple[str, ...]) -> tuple[str, int | None, str]:
    """Return file, line and error; the line is the last one of the traceback that lies in the file.

    An error may be said in many lines, of which the last one often is an address for further reading.
    """
    key = _key_of(failure, known) or failure.location
    lines = [line for line in failure.stack_trace.strip().splitlines() if line.strip()]
    number: int | None = None
    for line in lines:
        quoted, _, rest = line.strip().removeprefix('File "').partition('", line ')
        if rest and is_at(quoted, key):
            number = (
                int("".join(character for character in rest.split(",")[0] if character.isdigit()) or 0)
                or None
            )
    return key, number, sentence_of(failure.stack_trace) or "no reason given"
