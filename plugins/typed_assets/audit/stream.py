"""Checks files on S3 against a contract as a stream: memory does not grow with the data."""

from collections import Counter
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from typing import Any

from typed_assets.audit.distinct import Distinct
from typed_assets.audit.measured import Measured, results, schema_hash
from typed_assets.audit.quarantine import QuarantineFiles, quarantine_place
from typed_assets.audit.remaining import Remaining, remaining
from typed_assets.audit.row_rules import RowRules, Violation, blocks, unreadable
from typed_assets.io.accepted import keep_accepted, staged_files, staging_key
from typed_assets.io.errors import NotStagedError
from typed_assets.io.files import FileRow, Form, RowFile, form_of, rows_of
from typed_assets.io.objects import Bucket, FoundObject
from typed_assets.io.s3_datasets import bucket_of
from typed_assets.services import Services
from typed_assets.spec.assets import Asset
from typed_assets.spec.contracts import Contract
from typed_assets.spec.locations import S3Prefix
from typed_assets.staging import Audit, Staged


@dataclass(slots=True)
class _Counts:
    rows: int = 0
    quarantined: int = 0
    unreadable: int = 0
    violations: Counter[str] = field(default_factory=Counter)
    moved: Counter[str] = field(default_factory=Counter)
    columns: dict[str, None] = field(default_factory=dict)
    absent: set[str] = field(default_factory=set)


class _FileCheck:
    """Checks file after file; what stays of a file with bad rows is written anew, beside what was staged."""

    def __init__(
        self, bucket: Bucket, prefix: str, rules: RowRules, quarantine: QuarantineFiles | None
    ) -> None:
        self.counts = _Counts()
        self._bucket, self._prefix = bucket, prefix
        self._rules, self._quarantine = rules, quarantine

    def run(self, number: int, file: FoundObject, contract: Contract) -> FoundObject:
        """Check a file; returns the one that may be published.

        Raises:
            NotStagedError: what was accepted of it is gone already.
        """
        form = form_of(file.key)
        before = self.counts.quarantined

        with ExitStack() as stack:

            def opened() -> Any:  # noqa: ANN401 - a body of boto3
                return stack.enter_context(closing(self._bucket.open(file.key, file.etag)))

            source = rows_of(opened(), form, f"s3://{self._bucket.name}/{file.key}")
            rest = stack.enter_context(closing(remaining(form, source, opened)))
            self._rows(source, rest)
            self._note_columns(source, form, contract)
            if self.counts.quarantined == before:
                return file
            key = f"{self._prefix}accepted/part-{number:05}{form.ending}"
            self._bucket.put_part(key, rest.part())
        accepted = self._bucket.find(key)
        if accepted is None:  # the file that was staged still has the bad rows
            gone = f"s3://{self._bucket.name}/{key}"
            raise NotStagedError(gone)
        return accepted

    def _rows(self, source: RowFile, rest: Remaining) -> None:
        for found in source:
            violations = [unreadable(found.problem)] if found.problem else self._rules.broken(found.row)
            if self._quarantine and blocks(violations):
                self._quarantine.add(source.name, found, violations)
                self._moved(found, violations)
                rest.leave(found)
                continue
            self._keep(found, violations)
            if self._quarantine:
                rest.keep(found)

    def _moved(self, found: FileRow, violations: list[Violation]) -> None:
        self.counts.quarantined += 1
        self.counts.moved.update({violation.rule for violation in violations})
        self.counts.unreadable += found.problem is not None

    def _keep(self, found: FileRow, violations: list[Violation]) -> None:
        self.counts.rows += 1
        if violations:
            self.counts.violations.update({violation.rule for violation in violations})
        if found.problem:
            self.counts.unreadable += 1
        else:
            self._rules.accept()

    def _note_columns(self, source: RowFile, form: Form, contract: Contract) -> None:
        """A column that JSON leaves out may be missing; other forms name all columns."""
        self.counts.columns.update(source.columns)
        if form.kind != "jsonl":
            self.counts.absent |= contract.names - source.columns.keys()


def audit_files(asset: Asset, place: S3Prefix, staged: Staged, *, services: Services) -> Audit:
    """Check staged files; see `typed_assets.audit.audit`. No asset of files has rules in SQL."""
    contract = asset.contract or Contract(columns=())
    bucket = bucket_of(place, services)
    files = staged_files(bucket, staged)
    with ExitStack() as stack:
        apart = quarantine_place(asset, staged, services)
        quarantine = QuarantineFiles(Bucket(services.client("s3"), apart[0]), apart[1]) if apart else None
        rules = RowRules(contract, stack.enter_context(Distinct()), apart=quarantine is not None)
        if quarantine:
            stack.callback(quarantine.drop)
        check = _FileCheck(bucket, staging_key(staged), rules, quarantine)
        good = tuple(check.run(number, file, contract) for number, file in enumerate(files))
        if quarantine:
            quarantine.close()
    keep_accepted(bucket, staged, good, check.counts.rows)
    return _audit(asset, contract, check.counts, rules, services)


def _audit(asset: Asset, contract: Contract, counts: _Counts, rules: RowRules, services: Services) -> Audit:
    types = {column.name: column.type.value for column in contract.columns}
    absent = counts.absent | _never_there(contract, counts)
    columns = {name: types.get(name, "unknown") for name in {**types, **counts.columns} if name not in absent}
    measured = Measured(
        rows=counts.rows,
        columns=columns,
        absent=frozenset(absent),
        violations=counts.violations,
        moved=counts.moved,
        newest=rules.newest,
        quarantined=counts.quarantined,
        unreadable=counts.unreadable,
    )
    share = asset.quarantine.max_share if asset.quarantine else None
    checks = results(contract, measured, services.now(), max_share=share) if asset.contract else ()
    return Audit(
        checks=checks, rows=counts.rows, schema_hash=schema_hash(columns), quarantined=counts.quarantined
    )


def _never_there(contract: Contract, counts: _Counts) -> set[str]:
    """Columns that must have values, and that no row of JSON names; without rows there is nothing to say."""
    if not counts.rows + counts.quarantined:
        return set()
    needed = {column.name for column in contract.columns if not column.nullable}
    return needed - counts.columns.keys()
