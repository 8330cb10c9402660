"""Rows that break a blocking rule, apart from the others, as JSON Lines: what stood where, and why not."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from math import isfinite
from typing import Any

from typed_assets.audit.row_rules import Violation
from typed_assets.io.files import FileRow, Form
from typed_assets.io.objects import Bucket
from typed_assets.io.places import digest, partition_folder
from typed_assets.io.writing import PART_BYTES, PartWriter
from typed_assets.services import Services
from typed_assets.spec.assets import Asset
from typed_assets.spec.errors import SpecError
from typed_assets.spec.locations import S3Prefix, filled, location
from typed_assets.staging import Staged

_FORM = Form("jsonl", gzipped=True)


def quarantine_place(asset: Asset, staged: Staged, services: Services) -> tuple[str, str] | None:
    """Return the bucket and the prefix where rows of one attempt go, or None without a quarantine.

    Raises:
        SpecError: the quarantine is not on S3.
    """
    if asset.quarantine is None:
        return None
    place = location(filled(asset.quarantine.uri, services.options))
    if not isinstance(place, S3Prefix):
        message = f"the quarantine of asset `{asset.name}` must be a prefix of S3"
        raise SpecError(message)
    folder = f"{place.prefix}{asset.name}/{partition_folder(staged.partition)}{digest(staged.token)}/"
    return place.bucket, folder


def plain(value: Any) -> Any:  # noqa: ANN401 - what a file of any form holds
    """Return a value as JSON can hold it: Parquet has more of them."""
    match value:
        case dict():
            return {str(key): plain(each) for key, each in value.items()}
        case list() | tuple():
            return [plain(each) for each in value]
        case bytes():
            return value.hex()
        case None | bool() | int() | str():
            return value
        case float() if isfinite(value):
            return value
        case _:
            return str(value)


class QuarantineFiles:
    """Writes rows to quarantine; checking the same attempt again replaces what it left before."""

    def __init__(self, bucket: Bucket, prefix: str) -> None:
        self.rows = 0
        self._bucket, self._prefix = bucket, prefix
        self._writer: PartWriter | None = None
        self._keys: list[str] = []

    def add(self, file: str, row: FileRow, violations: Sequence[Violation]) -> None:
        """Write a row with the first thing that is wrong in plain sight, and all others behind it."""
        first = violations[0]
        told: dict[str, Any] = {
            "rule": first.rule,
            "column": first.column,
            "value": first.value,
            "reason": first.reason,
            "violations": [asdict(violation) for violation in violations],
            "file": file,
            "line": row.line,
            "row": row.raw if row.problem else plain(row.row),
        }
        self._writer = self._writer or PartWriter(_FORM, ())
        self._writer.raw(json.dumps(told))  # ASCII: JSON can hold half of a surrogate pair, UTF-8 cannot
        self.rows += 1
        if self._writer.size >= PART_BYTES:
            self._put()

    def close(self) -> None:
        """Put what is left, and delete what an earlier check of the same attempt put besides."""
        self._put()
        left = (file.key for file in self._bucket.list(self._prefix))
        self._bucket.delete([key for key in left if key not in self._keys])

    def drop(self) -> None:
        """Give up what has not been put, where a check does not come to its end."""
        if self._writer:
            self._writer.done().file.close()
            self._writer = None

    def _put(self) -> None:
        if self._writer:
            writer, self._writer = self._writer, None
            key = f"{self._prefix}part-{len(self._keys):05}{_FORM.ending}"
            self._bucket.put_part(key, writer.done())
            self._keys.append(key)
