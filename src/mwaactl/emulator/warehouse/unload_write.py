"""UNLOAD: a query's rows written as one file per statement, with Redshift's key names."""

from __future__ import annotations

import gzip
import json
import shutil
from typing import TYPE_CHECKING

from mwaactl.emulator.warehouse.columns import literal, quoted
from mwaactl.emulator.warehouse.faults import Refused, StatementFailed
from mwaactl.emulator.warehouse.s3_files import put, split_url

if TYPE_CHECKING:
    from pathlib import Path

    from duckdb import DuckDBPyConnection
    from mypy_boto3_s3 import S3Client

    from mwaactl.emulator.warehouse.sql.load_options import UnloadCommand


def check_options(command: UnloadCommand) -> None:
    """Refuse options that exclude one another, as Redshift does."""
    options = command.options
    if "PARQUET" in options:
        for name in ("DELIMITER", "ADDQUOTES", "HEADER", "GZIP", "NULL", "CSV"):
            if name in options:
                message = f"ERROR: UNLOAD with PARQUET does not support {name}"
                raise StatementFailed(message)
    if "CSV" in options and "ADDQUOTES" in options:
        message = "ERROR: CSV is not supported with ADDQUOTES"
        raise StatementFailed(message)


def target_url(command: UnloadCommand) -> str:
    """Return the key of the one file: a part number after the prefix, as Redshift names it."""
    single = str(command.options.get("PARALLEL", "ON")) in {"OFF", "FALSE"}
    suffix = "000" if single else "0000_part_00"
    if "PARQUET" in command.options:
        suffix += ".parquet"
    if "GZIP" in command.options:
        suffix += ".gz"
    return command.target + suffix


def refuse_existing(s3: S3Client, command: UnloadCommand) -> None:
    """Fail if the destination holds something that the statement may not overwrite."""
    if "ALLOWOVERWRITE" in command.options:
        return
    bucket, prefix = split_url(command.target)
    if s3.list_objects_v2(Bucket=bucket, Prefix=prefix, MaxKeys=1).get("KeyCount", 0):
        message = (
            "ERROR: Specified unload destination on S3 is not empty. "
            "Consider using a different bucket / prefix, manually removing the target files in S3, "
            "or using the ALLOWOVERWRITE option."
        )
        raise StatementFailed(message)


def write(cursor: DuckDBPyConnection, query: str, command: UnloadCommand, path: Path) -> int:
    """Write the rows of a query in DuckDB's terms; returns their number."""
    form = _parquet(command) if "PARQUET" in command.options else _text(command)
    source = query if "PARQUET" in command.options else _booleans_as_letters(cursor, query)
    row = cursor.execute(f"COPY ({source}) TO {literal(str(path))} ({form})").fetchone()
    if "GZIP" in command.options:
        _compress(path)
    limit = command.options.get("MAXFILESIZE")
    if limit and path.stat().st_size > limit:
        msg = "UNLOAD into several files"
        raise Refused(msg, "the result is larger than MAXFILESIZE")
    return int(row[0]) if row else 0


def _parquet(_: UnloadCommand) -> str:
    return "FORMAT parquet, COMPRESSION snappy"


def _text(command: UnloadCommand) -> str:
    options = command.options
    csv = "CSV" in options
    delimiter = str(options.get("DELIMITER", "," if csv else "|")).replace("\\t", "\t")
    quote = '"' if csv or "ADDQUOTES" in options else ""
    header = "true" if "HEADER" in options else "false"
    parts = [f"FORMAT csv, DELIMITER {literal(delimiter)}, HEADER {header}, QUOTE {literal(quote)}"]
    parts.append(f"ESCAPE {literal(quote)}, NULLSTR {literal(str(options.get('NULL', '')))}")
    if "ADDQUOTES" in options:
        parts.append("FORCE_QUOTE *")
    return ", ".join(parts)


def _booleans_as_letters(cursor: DuckDBPyConnection, query: str) -> str:
    described = cursor.execute(f"DESCRIBE {query}").fetchall()
    if not any(kind == "BOOLEAN" for _, kind, *_ in described):
        return query
    items = [
        f"CASE #{n} WHEN true THEN 't' WHEN false THEN 'f' END AS {quoted(name)}"
        if kind == "BOOLEAN"
        else f"#{n} AS {quoted(name)}"
        for n, (name, kind, *_) in enumerate(described, 1)
    ]
    return f"SELECT {', '.join(items)} FROM ({query})"  # noqa: S608


def _compress(path: Path) -> None:
    packed = path.with_suffix(".gz")
    with path.open("rb") as source, gzip.open(packed, "wb") as target:
        shutil.copyfileobj(source, target)
    packed.replace(path)


def put_manifest(s3: S3Client, command: UnloadCommand, url: str, size: int, directory: Path) -> None:
    """Write the list of what was unloaded next to it."""
    path = directory / "manifest"
    path.write_text(json.dumps({"entries": [{"url": url, "meta": {"content_length": size}}]}))
    put(s3, f"{command.target}manifest", path)
