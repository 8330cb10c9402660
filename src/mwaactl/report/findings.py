"""Findings of checks as text and as JSON."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from mwaactl.project.checks.finding import Finding
from mwaactl.report.actions import count_of


def findings_text(findings: Sequence[Finding]) -> str:
    """Return findings for reading: `path:line: severity: message [rule]`, and hints below."""
    if not findings:
        return "no findings"
    return "\n".join(line for each in findings for line in _lines(each))


def findings_data(findings: Sequence[Finding]) -> dict[str, Any]:
    """Return findings as JSON values."""
    return {"findings": [asdict(each) for each in findings]}


def errors_in(findings: Sequence[Finding]) -> int:
    """Return how many findings keep the bundle from being shipped."""
    return sum(each.severity == "error" for each in findings)


def refusal(findings: Sequence[Finding]) -> str:
    """Return in one sentence why the bundle is not shipped: the first error, and how many more there are."""
    first, *more = [each for each in findings if each.severity == "error"]
    place = first.path if first.line is None else f"{first.path}:{first.line}"
    rest = f" (and {count_of(len(more), 'more error')})" if more else ""
    return f"`{place}` {first.message}{rest}"


def _lines(finding: Finding) -> list[str]:
    place = finding.path if finding.line is None else f"{finding.path}:{finding.line}"
    lines = [f"{place}: {finding.severity}: {finding.message} [{finding.rule}]"]
    return [*lines, f"  hint: {finding.hint}"] if finding.hint else lines
