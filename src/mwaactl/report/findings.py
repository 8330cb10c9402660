"""Findings of checks as text and as JSON."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from mwaactl.project.bundle import PLUGINS
from mwaactl.project.checks.finding import Finding
from mwaactl.project.found_file import Skipped
from mwaactl.project.gate import Checked
from mwaactl.project.portable_names import printable
from mwaactl.quotation import quoted
from mwaactl.report.actions import count_of
from mwaactl.report.skipped import skipped_data

MOST_WARNINGS = 50
"""So many warnings of one rule are shown for reading."""


def findings_text(findings: Sequence[Finding]) -> str:
    """Return findings for reading: `path:line: severity: message [rule]`, and hints below.

    Of a rule that warns very often not every warning is shown: the rest would hide what others found.
    """
    if not findings:
        return "no findings"
    lines, warnings = list[str](), Counter[str]()
    for each in findings:
        warnings[each.rule] += each.severity == "warning"
        if each.severity != "warning" or warnings[each.rule] <= MOST_WARNINGS:
            lines += _lines(each)
    rest = {rule: count - MOST_WARNINGS for rule, count in warnings.items() if count > MOST_WARNINGS}
    more = (f"{count_of(count, 'more warning')} [{rule}]" for rule, count in rest.items())
    return "\n".join([*lines, *(f"and {each}: `mwaactl check --json` lists them all" for each in more)])


def warnings_text(count: int) -> str:
    """Return how many warnings there are, and what shows them."""
    return f"{count_of(count, 'warning')}: `mwaactl check` shows {'it' if count == 1 else 'them'}"


def findings_data(findings: Sequence[Finding]) -> dict[str, Any]:
    """Return findings as JSON values."""
    return {"findings": [asdict(each) for each in findings]}


def checked_text(checked: Checked) -> str:
    """Return all that was checked for reading: the findings, and below them how much was looked at."""
    lines = [findings_text(checked.findings)] if checked.findings else []
    return "\n".join([*lines, f"{_counts(checked.findings)}{_looked_at(checked)}{_infrastructure(checked)}"])


def checked_data(checked: Checked, skipped: Sequence[Skipped]) -> dict[str, Any]:
    """Return all that was checked as JSON values; `dags` is null where Airflow was not asked.

    Args:
        checked: What was found.
        skipped: What lies in the folders and is not shipped.
    """
    parsing = checked.parsing
    dags = None
    if parsing is not None:
        dags = [{"id": dag.id, "path": facts.file} for facts in parsing.files for dag in facts.dags]
    return {
        **findings_data(checked.findings),
        "failed": checked.failed,
        "dags": dags,
        "infrastructure": _infrastructure_data(checked),
        "skipped": skipped_data(skipped),
    }


def errors_in(findings: Sequence[Finding]) -> int:
    """Return how many findings keep the bundle from being shipped."""
    return sum(each.severity == "error" for each in findings)


def refusal(findings: Sequence[Finding]) -> str:
    """Return in one sentence why the bundle is not shipped: the first error, and how many more there are."""
    first, *more = [each for each in findings if each.severity == "error"]
    place = first.path if first.line is None else f"{first.path}:{first.line}"
    rest = f" (and {count_of(len(more), 'more error')})" if more else ""
    return f"`{place}` {_in_one_line(first.message)}{rest}"


def _lines(finding: Finding) -> list[str]:
    place = finding.path if finding.line is None else f"{finding.path}:{finding.line}"
    lines = [f"{place}: {finding.severity}: {quoted(_in_one_line(finding.message))} [{finding.rule}]"]
    return [*lines, f"  hint: {_in_one_line(finding.hint)}"] if finding.hint else lines


def _in_one_line(text: str) -> str:
    """What a DAG file has made up reaches a terminal, and the log of a workflow, in which lines command."""
    return printable(" ".join(text.splitlines()))


def _counts(findings: Sequence[Finding]) -> str:
    errors = errors_in(findings)
    kinds = [count_of(errors, "error")] if errors else []
    if warnings := len(findings) - errors:
        kinds.append(count_of(warnings, "warning"))
    return " and ".join(kinds) or "no findings"


def _looked_at(checked: Checked) -> str:
    parsing = checked.parsing
    if parsing is None or parsing.start_failure is not None:
        return ""
    files = [facts for facts in parsing.files if facts.file != PLUGINS]
    dags = sum(len(facts.dags) for facts in files)
    known = f", {len(files) - parsing.fresh} known from before" if parsing.fresh < len(files) else ""
    return f": {count_of(dags, 'DAG')} in {count_of(len(files), 'file')}{known}"


def _infrastructure(checked: Checked) -> str:
    done = checked.infrastructure
    if done is None or not done.templates:
        return ""
    known = ", known from before" if done.known else ""
    return f"; {count_of(done.templates, 'template')} looked at by {', '.join(done.scanners)}{known}"


def _infrastructure_data(checked: Checked) -> dict[str, Any] | None:
    done = checked.infrastructure
    if done is None:
        return None
    return {"templates": done.templates, "accepted": done.accepted, "scanners": list(done.scanners)}
