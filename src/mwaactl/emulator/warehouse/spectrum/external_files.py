"""Reads the files of an external table into a table of the session.

https://docs.aws.amazon.com/redshift/latest/dg/c-spectrum-data-files.html
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import duckdb
from botocore.exceptions import ClientError

from mwaactl.emulator.warehouse.columns import literal, quoted
from mwaactl.emulator.warehouse.faults import Refused, StatementFailed
from mwaactl.emulator.warehouse.loads.parquet_load import fits
from mwaactl.emulator.warehouse.loads.s3_files import SourceFile, fetch, s3_failure, split_url
from mwaactl.emulator.warehouse.loads.text_files import prepared
from mwaactl.emulator.warehouse.loads.text_rows import json_keys, json_paths, text_rows
from mwaactl.emulator.warehouse.spectrum.glue_tables import JSON, LAZY_SIMPLE, OPEN_CSV, PARQUET
from mwaactl.emulator.warehouse.sql.field_parsing import field_rule

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from duckdb import DuckDBPyConnection

    from mwaactl.emulator.warehouse.columns import Column, TableName
    from mwaactl.emulator.warehouse.spectrum.glue_tables import ExternalTable, Partition

_PACKINGS = {".gz": "GZIP", ".bz2": "BZIP2", ".zst": "ZSTD"}
_HIDDEN = (".", "_", "#")
_TOO_LONG = re.compile(r'(?:(\d+) >= )?strlen\("?(\w+)"?\)(?: <= (\d+))?')


@dataclass(frozen=True, slots=True)
class ExternalFiles:
    """Reads one table's files.

    Attributes:
        cursor: The session's cursor.
        s3: A client of S3 with the schema's rights.
        table: The table.
        target: The session's table that takes the rows; it has the table's columns, then the partitions'.
    """

    cursor: DuckDBPyConnection
    s3: Any
    table: ExternalTable
    target: TableName

    def read(self, partition: Partition, directory: Path) -> None:
        """Read one partition, or a table without partition columns.

        Raises:
            StatementFailed: If S3 refuses, or a file does not hold what the table says.
            Refused: If the format of the files is not modelled.
        """
        urls = self._urls(partition.location)
        for packing in sorted({_packing(url) for url in urls}):
            some = [url for url in urls if _packing(url) == packing]
            suffix = ".parquet" if self.table.serde == PARQUET else ".txt"
            files = fetch(self.s3, some, directory, suffix)
            try:
                for relation, values in self._relations(files, packing):
                    self._insert(relation, values, partition)
            except duckdb.Error as error:
                raise self._scan_error(error) from error

    def _urls(self, location: str) -> list[str]:
        bucket, key = split_url(location)
        prefix = key.rstrip("/") + "/" if key else ""
        try:
            pages = self.s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
            found = [item["Key"] for page in pages for item in page.get("Contents", ()) if item["Size"]]
        except ClientError as error:
            raise s3_failure(error) from error
        return [f"s3://{bucket}/{key}" for key in found if _visible(key)]

    def _relations(self, files: Sequence[SourceFile], packing: str) -> list[tuple[str, list[str]]]:
        if self.table.serde == PARQUET:
            return [self._parquet(file) for file in files]
        options = _options(self.table) | ({packing: True} if packing else {})
        ready = [prepared(file, options) for file in files]
        paths = None
        if "JSON" in options:
            paths = json_paths(self.table.columns, "auto ignorecase", None, json_keys(self.cursor, ready))
        relation = text_rows(self.table.columns, ready, options, paths, store_rejects=False, ragged=True)
        values = [field_rule(c, f"c{n}", options).strict for n, c in enumerate(self.table.columns)]
        return [(relation, values)]

    def _parquet(self, file: SourceFile) -> tuple[str, list[str]]:
        """Match columns by name; what a file does not have is NULL."""
        relation = f"read_parquet({literal(str(file.path))})"
        found = self.cursor.execute(f"DESCRIBE SELECT * FROM {relation}").fetchall()  # noqa: S608
        kinds = {str(name).lower(): (str(name), str(kind)) for name, kind, *_ in found}
        values = []
        for column in self.table.columns:
            name, kind = kinds.get(column.name, ("", ""))
            if name and not fits(column, kind):
                raise _incompatible(file, column, kind)
            values.append(quoted(name) if name else "NULL")
        return relation, values

    def _insert(self, relation: str, values: list[str], partition: Partition) -> None:
        keys = [
            f"CAST({'NULL' if value is None else literal(value)} AS {key.type.duckdb})"
            for key, value in zip(self.table.keys, partition.values, strict=True)
        ]
        chosen = ", ".join([*values, *keys])
        self.cursor.execute(f"INSERT INTO {self.target.text} SELECT {chosen} FROM {relation}")  # noqa: S608

    def _scan_error(self, error: duckdb.Error) -> StatementFailed:
        found = _TOO_LONG.search(str(error))
        detail = f"a field of {self.table.name} does not hold a value of its column's type"
        if found:
            what = f"The length of the data column {found[2]} is longer than the length defined in the table"
            detail = f"{what}. Table: {found[1] or found[3]}"
        return StatementFailed(f"ERROR: Spectrum Scan Error Detail: {detail}")


def _packing(url: str) -> str:
    return next((name for suffix, name in _PACKINGS.items() if url.endswith(suffix)), "")


def _visible(key: str) -> bool:
    name = key.rsplit("/", 1)[-1]
    return not name.startswith(_HIDDEN) and not name.endswith("~")


def _options(table: ExternalTable) -> dict[str, Any]:
    """Return the options of COPY that read a table's text as its serde does."""
    settings = table.settings
    header = int(settings.get("skip.header.line.count", "0"))
    shared: dict[str, Any] = {"IGNOREHEADER": header} if header else {}
    if "serialization.null.format" in settings:
        shared["NULL"] = settings["serialization.null.format"]
    if table.serde in JSON:
        return {"JSON": "auto"}
    if table.serde == OPEN_CSV:
        quote = settings.get("quoteChar", '"')
        return shared | {"CSV": True, "QUOTE": quote, "DELIMITER": settings.get("separatorChar", ",")}
    if table.serde == LAZY_SIMPLE:
        delimiter = settings.get("field.delim", settings.get("serialization.format", "\x01"))
        return shared | {"DELIMITER": "\x01" if delimiter == "1" else delimiter}
    msg = f"the format {table.serde or 'without a serde'} of external table {table.name}"
    raise Refused(msg, "modelled are Parquet, delimited text, CSV (OpenCSVSerde) and JSON")


def _incompatible(file: SourceFile, column: Column, kind: str) -> StatementFailed:
    what = f"File '{file.url}' has an incompatible Parquet schema for column '{column.name}'"
    types = f"Column type: {column.type.declared}, Parquet: {kind}"
    return StatementFailed(f"ERROR: Spectrum Scan Error Detail: {what}. {types}")
