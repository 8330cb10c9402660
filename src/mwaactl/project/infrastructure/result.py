"""What became of the infrastructure's checks."""

from dataclasses import dataclass

from mwaactl.project.checks.finding import Finding


@dataclass(frozen=True, slots=True)
class InfrastructureChecked:
    """What was found.

    Attributes:
        findings: What nobody has acknowledged.
        templates: How many templates were looked at.
        accepted: How many findings are acknowledged, of those that this program sees itself.
        scanners: Who looked at them.
        known: Whether the result is one of an earlier run.
    """

    findings: tuple[Finding, ...]
    templates: int
    accepted: int
    scanners: tuple[str, ...]
    known: bool = False
