"""COPY and UNLOAD carried out: credentials, files, DuckDB."""

from __future__ import annotations

import shutil
import uuid
from contextlib import contextmanager
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError
from sqlglot import exp

from mwaactl.emulator.warehouse.copy_load import TextLoad, load_parquet, record_errors, target_columns
from mwaactl.emulator.warehouse.engine import query_text
from mwaactl.emulator.warehouse.faults import StatementFailed
from mwaactl.emulator.warehouse.s3_files import fetch, put, s3_failure, source_urls
from mwaactl.emulator.warehouse.sql.load_options import read_copy, read_unload
from mwaactl.emulator.warehouse.sql.statement_text import single_statement
from mwaactl.emulator.warehouse.sql.translate import parse
from mwaactl.emulator.warehouse.unload_write import (
    check_options,
    put_manifest,
    refuse_existing,
    target_url,
    write,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from mwaactl.emulator.warehouse.role_sessions import RoleSessions
    from mwaactl.emulator.warehouse.sessions import Session
    from mwaactl.emulator.warehouse.sql.translate import Context


class S3Loads:
    """Carries out COPY and UNLOAD with the rights that the statement names."""

    def __init__(self, roles: RoleSessions) -> None:
        self._roles = roles

    def copy(self, session: Session, sql: str) -> int:
        """Load files of S3 into a table; returns the number of rows."""
        command = read_copy(sql)
        columns = target_columns(session.cursor, command)
        region = str(command.options.get("REGION", session.namespace.region))
        s3 = self._roles.s3(session.namespace, command.authorization, region)
        urls = source_urls(s3, command.source, manifest="MANIFEST" in command.options)
        with _directory(session) as directory:
            parquet = "PARQUET" in command.options
            files = fetch(s3, urls, directory, command.options, ".parquet" if parquet else ".txt")
            if parquet:
                count = load_parquet(session.cursor, command, columns, files)
            else:
                load = TextLoad(session.cursor, command, columns, files)
                count = load.run()
                if load.errors:
                    record_errors(session.cursor, session.query_id, command.table, load.errors)
        session.last_copy_count = count
        return count

    def unload(self, session: Session, sql: str, context: Context) -> int:
        """Write a query's rows to S3; returns their number."""
        command = read_unload(sql)
        check_options(command)
        tree = parse(single_statement(command.query))
        if not isinstance(tree, exp.Query) or tree.args.get("limit"):
            message = (
                "ERROR: Limit clause is not supported"
                if isinstance(tree, exp.Query)
                else "ERROR: not a SELECT"
            )
            raise StatementFailed(message)
        query = query_text(session, tree, context)
        region = str(command.options.get("REGION", session.namespace.region))
        s3 = self._roles.s3(session.namespace, command.authorization, region)
        with _directory(session) as directory:
            try:
                refuse_existing(s3, command)
            except ClientError as error:
                raise s3_failure(error) from error
            path, url = directory / "result", target_url(command)
            count = write(session.cursor, query, command, path)
            size = put(s3, url, path)
            if "MANIFEST" in command.options:
                put_manifest(s3, command, url, size, directory)
        return count


@contextmanager
def _directory(session: Session) -> Iterator[Path]:
    directory = session.database.staging / uuid.uuid4().hex
    directory.mkdir()
    try:
        yield directory
    finally:
        shutil.rmtree(directory, ignore_errors=True)
