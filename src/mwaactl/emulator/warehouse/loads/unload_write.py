"""UNLOAD: a query's rows written to files, one per partition and size, with Redshift's key names.

https://docs.aws.amazon.com/redshift/latest/dg/r_UNLOAD.html
"""

from __future__ import annotations

import bz2
import gzip
import json
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from mwaactl.emulator.warehouse.columns import literal, quoted
from mwaactl.emulator.warehouse.faults import Refused, StatementFailed
from mwaactl.emulator.warehouse.loads.file_sizes import MAX_BYTES, MIN_BYTES, split_text
from mwaactl.emulator.warehouse.loads.s3_files import existing_keys, remove
from mwaactl.emulator.warehouse.loads.unload_text import text_query, text_settings
from mwaactl.emulator.warehouse.types import from_duckdb

if TYPE_CHECKING:
    from pathlib import Path

    from duckdb import DuckDBPyConnection
    from mypy_boto3_s3 import S3Client

    from mwaactl.emulator.warehouse.sql.load_options import UnloadCommand

_PACKINGS = {"GZIP": ".gz", "BZIP2": ".bz2", "ZSTD": ".zst"}
_NOT_WITH = {
    "PARQUET": ("DELIMITER", "ADDQUOTES", "HEADER", "GZIP", "BZIP2", "ZSTD", "NULL", "CSV", "ESCAPE", "JSON"),
    "JSON": ("DELIMITER", "ADDQUOTES", "HEADER", "NULL", "CSV", "ESCAPE"),
    "CSV": ("ADDQUOTES", "ESCAPE"),
    "CLEANPATH": ("ALLOWOVERWRITE",),
}


@dataclass(frozen=True, slots=True)
class UnloadedFile:
    """A file and the address that it goes to."""

    path: Path
    url: str
    rows: int


def check_options(command: UnloadCommand) -> None:
    """Refuse options that exclude one another, as Redshift does."""
    options = command.options
    for name, others in _NOT_WITH.items():
        clash = next((other for other in others if name in options and other in options), None)
        if clash:
            message = f"ERROR: UNLOAD with {name} does not support {clash}"
            raise StatementFailed(message)
    if not MIN_BYTES <= int(options.get("MAXFILESIZE", MAX_BYTES)) <= MAX_BYTES:
        message = "ERROR: MAXFILESIZE must be between 5 MB and 6.2 GB"
        raise StatementFailed(message)
    if "VERBOSE" in options and "MANIFEST" not in options:
        message = "ERROR: VERBOSE is an option of MANIFEST"
        raise StatementFailed(message)
    if "ZSTD" in options and "MAXFILESIZE" in options:
        msg = "UNLOAD … ZSTD with MAXFILESIZE"
        raise Refused(msg, "compress with GZIP or BZIP2")


def clear_target(s3: S3Client, command: UnloadCommand, files: list[UnloadedFile]) -> None:
    """Remove what CLEANPATH is to remove, or fail if the destination holds what may not be overwritten."""
    if "ALLOWOVERWRITE" in command.options:
        return
    if "CLEANPATH" in command.options:
        folders = {file.url.rpartition("/")[0] + "/" for file in files}
        targets = folders if "PARTITION BY" in command.options else {command.target}
        for target in sorted(targets):
            remove(s3, target, existing_keys(s3, target))
    elif existing_keys(s3, command.target):
        message = (
            "ERROR: Specified unload destination on S3 is not empty. "
            "Consider using a different bucket / prefix, manually removing the target files in S3, "
            "or using the ALLOWOVERWRITE option."
        )
        raise StatementFailed(message)


class Unload:
    """One UNLOAD on disk.

    Args:
        cursor: The session's cursor.
        query: The query in DuckDB's terms.
        command: The statement.
        directory: Where files are made.
    """

    def __init__(
        self, cursor: DuckDBPyConnection, query: str, command: UnloadCommand, directory: Path
    ) -> None:
        self._cursor = cursor
        self._query = query
        self._command = command
        self._options = command.options
        self._directory = directory
        self._columns = [
            (str(name), str(kind)) for name, kind, *_ in cursor.execute(f"DESCRIBE {query}").fetchall()
        ]
        self.files: list[UnloadedFile] = []

    def write(self) -> int:
        """Write the files; returns the number of rows."""
        partitions = self._partitions()
        home = self._directory / "unload"
        settings = [self._settings()]
        if partitions:
            settings.append(f"PARTITION_BY ({', '.join(quoted(name) for name in partitions)})")
            settings.append(f"WRITE_PARTITION_COLUMNS {bool(self._options.get('INCLUDE'))}")
        source = self._query if self._typed else text_query(self._query, self._columns, self._options)
        statement = f"COPY ({source}) TO {literal(str(home))} ({', '.join(settings)})"
        row = self._cursor.execute(statement).fetchone()
        written = sorted(home.rglob("*.*")) if partitions else [home]
        for path in written:
            self._add(path, _folder(path.relative_to(home)) if partitions else "")
        return int(row[0]) if row else 0

    @property
    def _typed(self) -> bool:
        return "PARQUET" in self._options or "JSON" in self._options

    def _settings(self) -> str:
        if "PARQUET" in self._options:
            return "FORMAT parquet, COMPRESSION snappy"
        packing = ", COMPRESSION zstd" if "ZSTD" in self._options else ""
        return ("FORMAT json" if "JSON" in self._options else text_settings(self._options)) + packing

    def _partitions(self) -> list[str]:
        names: list[str] = self._options.get("PARTITION BY", [])
        unknown = [name for name in names if name not in {column for column, _ in self._columns}]
        if unknown:
            message = f'ERROR: column "{unknown[0]}" of PARTITION BY is not in the SELECT list'
            raise StatementFailed(message)
        if names and len(names) == len(self._columns) and not self._options.get("INCLUDE"):
            message = "ERROR: UNLOAD cannot partition by all columns: add a column, or INCLUDE"
            raise StatementFailed(message)
        return names

    def _add(self, path: Path, folder: str) -> None:
        """Split a file that is too large, pack the pieces, and give them their names."""
        limit = int(self._options.get("MAXFILESIZE", MAX_BYTES))
        if path.stat().st_size > limit and "PARQUET" in self._options:
            msg = "UNLOAD of PARQUET into several files"
            raise Refused(msg, "the result is larger than MAXFILESIZE")
        header = "HEADER" in self._options
        for number, piece in enumerate(split_text(path, limit, header=header)):
            rows = self._rows(piece)
            url = self._base + folder + self._name(number)
            self.files.append(UnloadedFile(self._packed(piece), url, rows))

    @property
    def _base(self) -> str:
        """The address before a partition's folder or a file's name."""
        needs_slash = "PARTITION BY" in self._options and not self._command.target.endswith("/")
        return self._command.target + ("/" if needs_slash else "")

    def _name(self, number: int) -> str:
        single = str(self._options.get("PARALLEL", "ON")) in {"OFF", "FALSE"}
        name = f"{number:03}" if single and "PARTITION BY" not in self._options else f"0000_part_{number:02}"
        if "EXTENSION" in self._options:
            return f"{name}.{self._options['EXTENSION']}"
        packing = next((suffix for option, suffix in _PACKINGS.items() if option in self._options), "")
        return name + (".parquet" if "PARQUET" in self._options else "") + packing

    def _packed(self, path: Path) -> Path:
        packed = path.with_name(path.name + ".packed")
        if "GZIP" in self._options:
            with path.open("rb") as source, gzip.open(packed, "wb") as zipped:
                shutil.copyfileobj(source, zipped)
        elif "BZIP2" in self._options:
            with path.open("rb") as source, bz2.open(packed, "wb") as zipped:
                shutil.copyfileobj(source, zipped)
        else:
            return path
        return packed

    def _rows(self, path: Path) -> int:
        """Return a file's number of rows, which only MANIFEST VERBOSE tells."""
        if "VERBOSE" not in self._options:
            return 0
        if "PARQUET" in self._options:
            row = self._cursor.execute("SELECT count(*) FROM read_parquet(?)", [str(path)]).fetchone()
            return int(row[0]) if row else 0
        with path.open("rb") as file:
            return sum(1 for _ in file) - ("HEADER" in self._options)

    def manifest(self) -> Path:
        """Write the list of what was unloaded; returns its path."""
        entries: list[dict[str, Any]] = [
            {"url": file.url, "meta": {"content_length": file.path.stat().st_size}} for file in self.files
        ]
        document: dict[str, Any] = {"entries": entries}
        if "VERBOSE" in self._options:
            for entry, file in zip(entries, self.files, strict=True):
                entry["meta"]["record_count"] = file.rows
            document |= self._verbose()
        path = self._directory / "manifest"
        path.write_text(json.dumps(document))
        return path

    def _verbose(self) -> dict[str, Any]:
        elements = [
            {"name": name, "type": {"base": from_duckdb(kind).declared.partition("(")[0]}}
            for name, kind in self._columns
        ]
        sizes = [file.path.stat().st_size for file in self.files]
        return {
            "schema": {"elements": elements},
            "meta": {"content_length": sum(sizes), "record_count": sum(file.rows for file in self.files)},
            "author": {"name": "Amazon Redshift", "version": "1.0.0"},
        }


def _folder(path: Path) -> str:
    """Return a partition's folder, `name=value/` for each column; only a slash in a value stays encoded."""
    return "".join(unquote(part).replace("/", "%2F") + "/" for part in path.parent.parts)
