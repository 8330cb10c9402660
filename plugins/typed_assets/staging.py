"""Values between writing, checking and publishing an asset. They pass through XCom, so they are JSON.

A writer stages: files below a prefix of their own, or a staging table, that no reader looks at. A check
judges what is staged and publishes it if no blocking check failed; only then its task ends well and Airflow
emits the asset's event.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from typed_assets.spec.publication import CheckResult


@dataclass(frozen=True, slots=True, kw_only=True)
class Staged:
    """What a writer has written and no reader sees yet.

    Attributes:
        asset: its name.
        partition: the key, or None.
        token: names this attempt: the same DAG run, partition and asset give the same one, so a second try
            overwrites what the first left.
        place: a URI: `s3://BUCKET/PREFIX/` of the staged files, or `redshift://…` of the staging table.
        files: keys of the staged files; empty for a table.
        etags: of these files as they were written, where that is known: what another try of the same task
            writes over them is not what was staged.
        rows: how many rows were written, if the writer knows.
        bytes: of the files.
        seconds: that writing took.
        quarantined: rows that went to quarantine instead.
        began: when the writer began, ISO 8601 in UTC: what was published later, it has not read.
    """

    asset: str
    partition: str | None
    token: str
    place: str
    files: tuple[str, ...] = ()
    etags: tuple[str, ...] = ()
    rows: int | None = None
    bytes: int | None = None
    seconds: float | None = None
    quarantined: int = 0
    began: str | None = None

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON values."""
        return asdict(self)

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "Staged":
        """Return what `to_json` gave; what a later version has added is left out."""
        known = {name: value[name] for name in (field.name for field in fields(cls)) if name in value}
        return cls(**{**known, "files": tuple(value["files"]), "etags": tuple(value.get("etags", ()))})


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """What checking staged data found.

    Attributes:
        checks: a result for every rule, passed or not.
        rows: counted in the staged data.
        schema_hash: SHA-256 of the columns found, names and types.
        quarantined: rows that the check moved to quarantine.
    """

    checks: tuple[CheckResult, ...]
    rows: int | None
    schema_hash: str | None
    quarantined: int = 0
