"""What is raised when an asset is refused."""

from typed_assets.spec.publication import CheckResult, Record


class AssetRefusedError(Exception):
    """A blocking check failed, and the asset was not published.

    Attributes:
        record: what was found.
    """

    def __init__(self, record: Record) -> None:
        self.record = record
        found = "; ".join(map(_finding, record.blocking))
        partition = "" if record.partition is None else f" partition {record.partition}"
        super().__init__(f"`{record.asset}`{partition} was not published: {found}")


def _finding(check: CheckResult) -> str:
    count = "failed"
    if check.violations:
        count = f"{check.violations} violation{'s' if check.violations > 1 else ''}"
    saw = f", saw {check.observed}" if check.observed else ""
    expected = f", expected {check.expected}" if check.expected else ""
    return f"{check.name} ({count}{saw}{expected})"
