"""Why Airflow takes no DAG, or not all, from a file: its import errors, with the line they are about."""

import re
import signal
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from mwaactl.project.airflow_parsing.exceptions_explained import explain, refuses_database
from mwaactl.project.airflow_parsing.facts import Access, FileFacts, Trouble
from mwaactl.project.airflow_parsing.parse import Parsing
from mwaactl.project.airflow_parsing.source_lines import SourceLines
from mwaactl.project.airflow_parsing.sources import Sources
from mwaactl.project.airflow_parsing.traces import (
    Place,
    exception_of,
    first_place,
    is_traceback,
    last_place,
    place_at,
    sentence_of,
)
from mwaactl.project.bundle import PLUGINS
from mwaactl.project.checks.finding import Finding, Severity

_REFUSED = "mwaactl check allows no network"
_SPARED = "mwaactl check lets no file end other processes"
_LET_LIVE = "take it out: MWAA's DAG processor would end each time it parses the file, every 30 seconds"
_TASK = re.compile(r"[Tt]ask:? '?([\w.-]+)")


@dataclass(frozen=True, slots=True)
class _Error:
    """One reason, before it is known how many files it concerns."""

    rule: str
    severity: Severity
    place: Place
    line: int | None
    words: str
    hint: str | None = None


def import_findings(parsing: Parsing, sources: Sources) -> Iterator[Finding]:
    """Reports what Airflow would list as import errors, and processes that ended; each reason once."""
    reasons: dict[_Error, list[str]] = {}
    for facts in parsing.files:
        for error in _errors(facts, parsing, sources):
            reasons.setdefault(error, []).append(facts.file)
    for error, files in reasons.items():
        yield Finding(
            error.rule, error.severity, error.place.path, error.line, _message(error, files), error.hint
        )


def stops_at(facts: FileFacts, access: Access) -> bool:
    """Says whether the import of a file ended at an access that the check could not answer."""
    return any(
        last_place(each.text) == place_at(access.path, access.line)
        or (access.kind == "network" and _REFUSED in each.text)
        for each in facts.troubles
    )


def _errors(facts: FileFacts, parsing: Parsing, sources: Sources) -> Iterator[_Error]:
    for trouble in facts.troubles:
        refused = any(stops_at(facts, each) for each in facts.accesses)
        if not refused or refuses_database(trouble.text):
            yield _of_trouble(facts, trouble, parsing, sources)
    if facts.ended is not None and (facts.file != PLUGINS or facts.ended == "raised"):
        yield _of_end(facts, sources)


def _message(error: _Error, files: Sequence[str]) -> str:
    if error.place.within:
        return f"{error.words} (`{error.place.within}` in the archive)"
    elsewhere = [file for file in files if file not in {error.place.path, PLUGINS}]
    if not elsewhere or error.place.path in files:
        return error.words
    more = f" and {len(elsewhere) - 1} more" if len(elsewhere) > 1 else ""
    return f"{error.words} (imported by `{elsewhere[0]}`{more})"


def _of_trouble(facts: FileFacts, trouble: Trouble, parsing: Parsing, sources: Sources) -> _Error:
    if _SPARED in trouble.text:
        return _of_kill(trouble.text, facts.file)
    if not is_traceback(trouble.text) or trouble.dag:
        return _of_dag(facts, trouble, sources)
    if facts.file == PLUGINS:
        return _of_plugin(trouble, sources)
    said = explain(trouble.text, parsing.exports, sources)
    at = last_place(trouble.text) or _blamed(facts, trouble)
    words = said.words.replace(f"SpecError: {at.path}:{at.line}: ", "")  # it says its place itself
    return _Error(said.rule, said.severity, at, at.line or None, words, said.hint or _unknown_hint(facts))


def _blamed(facts: FileFacts, trouble: Trouble) -> Place:
    """The file as a whole, or the file of an archive that Airflow names."""
    return place_at(trouble.path if trouble.path.startswith(f"{facts.file}/") else facts.file, 0)


def _of_dag(facts: FileFacts, trouble: Trouble, sources: Sources) -> _Error:
    """A DAG that was made and is not valid."""
    name, message = exception_of(trouble.text)
    source = sources.at(facts.file)
    task = _TASK.search(message)
    line = (
        (task and source.task(task[1]))
        or (trouble.dag and source.dag(trouble.dag))
        or _mentioned(source, message)
    )
    rules = {"AirflowDagCycleException": "dag-cycle", "UnknownExecutorException": "task-executor"}
    rule = rules.get(name, "dag-invalid")
    words = {
        "dag-cycle": f"has a cycle: {message}",
        "task-executor": f"{message.partition('. ')[0]}: MWAA runs CeleryExecutor only",
    }.get(rule, f"has a DAG that is not valid: {sentence_of(trouble.text)}")
    hint = "leave `executor` out" if rule == "task-executor" else None
    place = replace(_blamed(facts, trouble), line=line or 0)
    return _Error(rule, "error", place, line or None, words.rstrip("."), hint)


def _mentioned(source: SourceLines, message: str) -> int | None:
    words = re.findall(r"[\w.-]+", message)
    return next((line for word in words for line in source.dags(word)), None) or source.first_dag()


def _of_plugin(trouble: Trouble, sources: Sources) -> _Error:
    at = last_place(trouble.text) or Place(trouble.path, 0)
    plugin = b"AirflowPlugin" in sources.at(trouble.path).content
    severity: Severity = "error" if plugin else "warning"
    words = f"cannot be loaded: {sentence_of(trouble.text)}"
    return _Error("plugin-import-error", severity, at, at.line or None, words)


def _unknown_hint(facts: FileFacts) -> str | None:
    asked = sorted({each.what for each in facts.accesses if each.kind == "variable"})
    if not asked:
        return None
    return f"the check knows no Airflow variables; set AIRFLOW_VAR_{asked[0].upper()} where it runs"


def _of_kill(text: str, file: str) -> _Error:
    """A signal that the check has refused to send; Airflow may take the refusal for an exception."""
    at = last_place(text) or Place(file, 0)
    name = exception_of(text)[1].partition(":")[0]
    words = f"ends the process of Airflow that parses all files, while it is imported: {name}"
    return _Error("dag-process", "error", at, at.line or None, words, _LET_LIVE)


def _of_end(facts: FileFacts, sources: Sources) -> _Error:
    if _SPARED in facts.trace:
        return _of_kill(facts.trace, facts.file)
    at = first_place(facts.trace)
    match facts.ended:
        case "raised":
            at = last_place(facts.trace)
            words = f"ends Airflow's process while it is imported: {sentence_of(facts.trace)}"
        case "late":
            words = "is still being imported when Airflow kills the process that does it"
        case int(code) if code < 0:
            words = f"crashes Airflow's process while it is imported: {_signal(-code)}"
        case code:
            words = f"ends Airflow's process while it is imported, with exit code {code}"
            at = at or _exit_line(facts.file, sources)
    at = at or Place(facts.file, 0)
    return _Error("dag-process", "error", at, at.line or None, words)


def _exit_line(path: str, sources: Sources) -> Place | None:
    lines = sources.at(path).content.decode(errors="replace").splitlines()
    found = next(
        (number for number, line in enumerate(lines, start=1) if re.search(r"\b_exit\(", line)), None
    )
    return Place(path, found) if found else None


def _signal(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
