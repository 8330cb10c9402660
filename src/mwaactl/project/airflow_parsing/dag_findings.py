"""What is wrong with the DAGs that Airflow takes, and with those that it does not see."""

import re
from collections import defaultdict
from collections.abc import Iterator

from mwaactl.project.airflow_parsing.facts import FileFacts
from mwaactl.project.airflow_parsing.parse import Parsing
from mwaactl.project.airflow_parsing.source_lines import SourceLines
from mwaactl.project.airflow_parsing.sources import Sources
from mwaactl.project.bundle import PLUGINS
from mwaactl.project.checks.finding import Finding

_DECORATOR = re.compile(rb"^\s*@[\w.]*\bdag\b", re.MULTILINE)


def duplicate_findings(parsing: Parsing, sources: Sources) -> Iterator[Finding]:
    """Reports ids that several DAGs have, at each of them: Airflow keeps whichever it parsed last."""
    found: defaultdict[str, list[tuple[str, int]]] = defaultdict(list)
    for facts in parsing.files:
        for dag in facts.dags:
            found[dag.id].append((facts.file, dag.times))
    for dag_id, files in found.items():
        if len(files) == 1 and files[0][1] == 1:
            continue
        places = [(path, line) for path, times in files for line in _lines(sources.at(path), dag_id, times)]
        for number, (path, line) in enumerate(places):
            other, more = places[1 if number == 0 else 0], len(places) - 2
            where = f"`{other[0]}:{other[1]}`" if other[1] else f"`{other[0]}`"
            rest = f" and {more} more" if more else ""
            message = (
                f"`{dag_id}` is defined in {where}{rest} too: Airflow shows one of them, now this, now that"
            )
            yield Finding("dag-duplicate", "error", path, line, message, "give each DAG an id of its own")


def _lines(source: SourceLines, dag_id: str, times: int) -> list[int | None]:
    """As many lines as there are DAGs: a loop makes several in one."""
    known = source.dags(dag_id)[:times]
    lines: list[int | None] = [*known] if known else [source.dag(dag_id)]
    return lines + [lines[-1]] * (times - len(lines))


def missing_dag_findings(parsing: Parsing, sources: Sources) -> Iterator[Finding]:
    """Reports files in which a DAG is written and none is found, and `@dag` functions that nobody calls."""
    parsed = {facts.file: facts for facts in parsing.files if facts.file != PLUGINS}
    for dag in sources.bundle.dags:
        if dag.key in parsed:
            yield from _unseen(parsed[dag.key], sources, defines_dag=dag.defines_dag)
        elif dag.defines_dag:
            yield from _passed_over(dag.key, sources)


def _unseen(facts: FileFacts, sources: Sources, *, defines_dag: bool) -> Iterator[Finding]:
    if facts.troubles or facts.ended is not None:
        return
    source = sources.at(facts.file)
    # Reading a syntax tree takes longer than all the rest, so it is read only where a DAG may be missing.
    written = len(_DECORATOR.findall(source.content))
    uncalled = source.uncalled_dags() if written > len(facts.dags) else ()
    for name, line in uncalled:
        message = f"`{name}` has the decorator `@dag` and is never called, so there is no DAG"
        yield Finding("dag-missing", "warning", facts.file, line, message, f"call it at the end: `{name}()`")
    if not facts.dags and not uncalled and defines_dag:
        message = "defines a DAG, but Airflow finds none in it"
        hint = "use it as a context manager, or assign it to a name at the top of the module"
        yield Finding("dag-missing", "warning", facts.file, source.first_dag(), message, hint)


def _passed_over(path: str, sources: Sources) -> Iterator[Finding]:
    """Files that Airflow does not look at; what .airflowignore names is not meant to be looked at."""
    source = sources.at(path)
    for word in ("airflow", "dag"):
        if word.encode() not in source.content.lower():
            message = (
                f"defines a DAG, but Airflow passes over files in which the word `{word}` does not occur"
            )
            hint = "name it in a comment"
            yield Finding("dag-missing", "warning", path, source.first_dag(), message, hint)
            return
