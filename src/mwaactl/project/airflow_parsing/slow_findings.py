"""Files that take long to import, and on what."""

import re
from collections.abc import Iterator, Mapping

from mwaactl.config.environment import EnvironmentConfig
from mwaactl.project.airflow_parsing.facts import Costs, FileFacts
from mwaactl.project.airflow_parsing.parse import Parsing
from mwaactl.project.airflow_parsing.sources import Sources
from mwaactl.project.checks.finding import Finding

_SHOWN = 3
_NOTABLE = 0.05  # share of the time below which nothing is said
_LONGEST = 50
_UNKNOWN = "on what is not known, as a second import did not come to its end"


def slow_findings(parsing: Parsing, environment: EnvironmentConfig, sources: Sources) -> Iterator[Finding]:
    """Reports files that were beyond the budget twice: the second time alone, with what took the time.

    Where the second time gave no result, on a machine that stood still for example, the first one counts.
    """
    options = environment.airflow_config_options
    section = "dag_processor" if environment.airflow_version.startswith("3") else "scheduler"
    every = options.get(f"{section}.min_file_process_interval", "30")
    for facts in parsing.files:
        seconds = min(facts.seconds, facts.again or facts.seconds)
        if seconds > parsing.budget and not facts.troubles and facts.ended is None:
            spent = _spent(facts.costs, seconds, facts, sources) if facts.costs else _UNKNOWN
            message = f"takes {seconds:.1f} s to import, which Airflow does every {every} s: {spent}"
            hint = "move it into tasks, or import in the function that needs it"
            yield Finding("dag-slow", "warning", facts.file, _line(facts), message, hint)


def _line(facts: FileFacts) -> int | None:
    own = [line for path, line in (facts.costs.lines if facts.costs else ()) if path == facts.file]
    return own[0] if own else None


def _spent(costs: Costs, seconds: float, facts: FileFacts, sources: Sources) -> str:
    lines = [
        f"{spent:.1f} s in {_where(path, line, facts)} `{_shortened(sources.at(path).text(line))}`"
        for (path, line), spent in list(costs.lines.items())[:_SHOWN]
        if spent > seconds * _NOTABLE
    ]
    parts = [", ".join(lines)] if lines else ["in no line of the project's own"]
    parts += [f"imports: {text}" for text in [_listed(costs.imports, seconds)] if text]
    parts += [f"calls: {text}" for text in [_listed(costs.calls, seconds)] if text]
    return "; ".join(parts)


def _where(path: str, line: int, facts: FileFacts) -> str:
    return f"line {line}" if path == facts.file else f"{path}:{line}"


def _listed(costs: Mapping[str, float], seconds: float) -> str:
    notable = [(name, spent) for name, spent in costs.items() if spent > seconds * _NOTABLE]
    return ", ".join(f"{name} {spent:.1f} s" for name, spent in notable[:_SHOWN])


def _shortened(text: str) -> str:
    """A line of code without its texts, which may be secrets."""
    text = re.sub(r"([\"'])(?:(?!\1).)+\1", r"\1…\1", text)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
