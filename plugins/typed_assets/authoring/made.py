"""What a function that makes an asset may return."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from typed_assets.staging import Staged


@dataclass(frozen=True, slots=True)
class Sql:
    """A SELECT whose rows become the asset; see `typed_assets.building.statements` for its placeholders."""

    text: str


@dataclass(frozen=True, slots=True)
class Files:
    """Keys of files that something else has written to the asset's bucket: UNLOAD, a function, a job."""

    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Load:
    """What is published of an upstream data set on S3, loaded into the table by COPY."""

    source: str


type Rows = Iterable[Mapping[str, Any]]
type Made = Rows | Sql | Path | Files | Load | Staged
"""Rows, a SELECT, the path of a file with one, files, a data set, or what was staged by other means."""
