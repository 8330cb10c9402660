"""What is told when an asset is published or refused: in the asset event's extra and in the history on S3."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from typed_assets.spec.contracts import Severity

EXTRA_KEY = "typed_assets"
"""Under which the record stands in the extra of an asset event, beside what others put there."""
MOST_CHECKS_IN_EVENT = 50
"""Airflow keeps events and XComs in its database; the history on S3 has all checks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckResult:
    """What one check found.

    Attributes:
        name: `column.rule`, `rows`, `fresh`, `schema`, or the check's own name.
        passed: whether nothing was found.
        severity: what a finding does.
        violations: how many rows break it; 0 where it passed.
        observed: the value that was measured, as text for readers.
        expected: what it had to be, as text for readers.
    """

    name: str
    passed: bool
    severity: Severity = Severity.BLOCK
    violations: int = 0
    observed: str = ""
    expected: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One attempt to publish an asset, or a partition of it.

    Attributes:
        asset: its name.
        published: False where a blocking check failed; such records stand in the history only.
        at: when, ISO 8601 in UTC.
        began: when its writer began; with the asset and the partition it names the attempt, however often
            the check of it is tried. None in records of before there was this.
        dag_id: of the run that made it; likewise `run_id` and `task_id`.
        partition: the key, or None.
        rows: how many rows it has, bytes of the files written, seconds that writing took.
        schema_hash: SHA-256 of the columns' names and types, so that changes show.
        quarantined: how many rows went to quarantine.
        checks: all results.
    """

    asset: str
    published: bool
    at: str
    dag_id: str
    run_id: str
    task_id: str
    partition: str | None = None
    rows: int | None = None
    bytes: int | None = None
    seconds: float | None = None
    schema_hash: str | None = None
    quarantined: int = 0
    checks: tuple[CheckResult, ...] = ()
    began: str | None = None

    @property
    def blocking(self) -> tuple[CheckResult, ...]:
        """Checks that failed and block."""
        return tuple(check for check in self.checks if not check.passed and check.severity is Severity.BLOCK)

    @property
    def warnings(self) -> tuple[CheckResult, ...]:
        """Checks that failed and only warn."""
        return tuple(check for check in self.checks if not check.passed and check.severity is Severity.WARN)


def for_event(record: Record) -> Record:
    """Return a record with so many checks as an event holds, those that failed before those that passed."""
    if len(record.checks) <= MOST_CHECKS_IN_EVENT:
        return record
    passed = tuple(check for check in record.checks if check.passed)
    told = (*record.blocking, *record.warnings, *passed)[:MOST_CHECKS_IN_EVENT]
    return replace(record, checks=told)


def to_json(record: Record) -> dict[str, Any]:
    """Return a record as JSON values."""
    return {**asdict(record), "checks": [asdict(check) for check in record.checks]}


def from_json(value: Mapping[str, Any]) -> Record:
    """Return the record that `to_json` made; keys that a later version added are left out."""
    known = {name.name for name in fields(Record)}
    checks = tuple(
        CheckResult(**{**check, "severity": Severity(check["severity"])}) for check in value.get("checks", ())
    )
    return Record(**{**{key: part for key, part in value.items() if key in known}, "checks": checks})
