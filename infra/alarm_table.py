"""Writes the alarms into a page, between two markers: `python -m infra.alarm_table FILE`."""

import sys
from pathlib import Path

from mwaactl.catalog.alarms import AlarmFacts, alarms

BEGIN = "<!-- alarms: made by `make docs` from src/mwaactl/catalog/data/alarms.toml -->"
END = "<!-- end of alarms -->"
_MEGABYTE = 1 << 20
_SIGNS = {"GreaterThanThreshold": ">", "LessThanThreshold": "<"}
_MISSING = {"breaching": "fires", "notBreaching": "is well", "missing": "is unknown"}
_BY = {"mwaa": "Amazon", "mwaactl": "ours"}


def table() -> str:
    """The alarms with their meaning, when they fire, and what to do first, as Markdown."""
    head = (
        "| alarm | tells | fires when | without data | by | it means | first |\n|---|---|---|---|---|---|---|"
    )
    return "\n".join([head, *(_row(facts) for facts in alarms().values())])


def with_table(page: str) -> str:
    """The page with the present table between its markers.

    Raises:
        ValueError: The page lacks a marker.
    """
    head, begin, rest = page.partition(BEGIN)
    _, end, tail = rest.partition(END)
    if not begin or not end:
        message = f"the page lacks `{END if begin else BEGIN}`"
        raise ValueError(message)
    return f"{head}{BEGIN}\n\n{table()}\n\n{END}{tail}"


def _row(facts: AlarmFacts) -> str:
    cells = (
        f"`{facts.name}`",
        facts.severity,
        _condition(facts),
        _MISSING[facts.missing],
        _BY[facts.by],
        facts.meaning,
        facts.first_step,
    )
    return f"| {' | '.join(cells)} |"


def _condition(facts: AlarmFacts) -> str:
    watched = f"`{facts.expression}`" if facts.expression else _metric(facts)
    minutes = facts.period // 60
    spans = f"for {minutes} min" if facts.periods == 1 else f"for {facts.periods} x {minutes} min"
    return f"{watched} {_SIGNS[facts.comparison]} {_threshold(facts)} {spans}"


def _metric(facts: AlarmFacts) -> str:
    (metric,) = facts.metrics
    of = metric.dimensions.get("Cluster") or metric.dimensions.get("DatabaseRole")
    return f"{facts.statistic} of `{metric.name}`" + (f" of {of}" if of else "")


def _threshold(facts: AlarmFacts) -> str:
    numbers = [_number(each) for each in facts.thresholds.values()]
    if len(set(numbers)) == 1:
        return numbers[0]
    return f"{', '.join(numbers)} by class"


def _number(value: float) -> str:
    return f"{value / _MEGABYTE:g} MiB" if value >= _MEGABYTE else f"{value:g}"


if __name__ == "__main__":
    path = Path(sys.argv[1])
    path.write_text(with_table(path.read_text(encoding="utf-8")), encoding="utf-8")
