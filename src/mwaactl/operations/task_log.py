"""Makes a task's log readable: Airflow 3 writes each line as JSON."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

# What Airflow writes to fold the log in its UI.
FOLDS = ("::group::", "::endgroup::")
# Of a long cause: an operator's exception may hold a service's whole answer; its place stands at the end.
_BEGINNING, _END = 240, 160


def readable(lines: Iterable[str]) -> tuple[str, ...]:
    """Return the lines as `level: event`, an exception with its place; what is not JSON stays as it is."""
    return tuple(text for line in lines for text in _lines(line))


def cause_in(lines: Iterable[str]) -> str | None:
    """Return the last exception of a readable log, else its last error, else None; long ones in short."""
    told = list(lines)
    exceptions = [line.strip() for line in told if line.startswith("  ") and ": " in line]
    errors = [line.removeprefix("error: ") for line in told if line.startswith("error: ")]
    found = exceptions or errors
    return _in_short(found[-1]) if found else None


def _in_short(text: str) -> str:
    if len(text) <= _BEGINNING + _END:
        return text
    return f"{text[:_BEGINNING]} … {text[-_END:]}"


def _lines(line: str) -> Iterator[str]:
    try:
        entry = json.loads(line)
    except ValueError:
        entry = None
    if not isinstance(entry, dict) or "event" not in entry:
        yield line
        return
    event = str(entry["event"])
    if not event.startswith(FOLDS):
        yield f"{entry.get('level', 'info')}: {event}"
    for detail in entry.get("error_detail") or ():
        yield f"  {detail.get('exc_type')}: {detail.get('exc_value')}{_place(detail)}"


def _place(detail: Mapping[str, Any]) -> str:
    frames = detail.get("frames") or ()
    return f" ({frames[-1]['filename']}, line {frames[-1]['lineno']})" if frames else ""
