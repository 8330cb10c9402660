"""Findings as GitHub's workflow commands, which show them beside the lines of a pull request.

See docs.github.com/actions/reference/workflow-commands-for-github-actions; GitHub shows ten errors and ten
warnings of a step.
"""

from collections.abc import Sequence
from pathlib import PurePosixPath

from mwaactl.project.checks.finding import Finding
from mwaactl.quotation import quoted


def findings_annotations(findings: Sequence[Finding], below: PurePosixPath) -> str:
    """Return a line for each finding.

    Args:
        findings: What was found.
        below: The project's root as a path below the repository's.
    """
    return "\n".join(_line(each, below) for each in findings)


def _line(finding: Finding, below: PurePosixPath) -> str:
    properties = {"file": str(below / finding.path), "title": f"mwaactl {finding.rule}"}
    if finding.line is not None:
        properties["line"] = str(finding.line)
    listed = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    message = quoted(finding.message)
    text = f"{message}\nhint: {finding.hint}" if finding.hint else message
    return f"::{finding.severity} {listed}::{_data(text)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
