"""COPY and UNLOAD carried out: credentials, files, DuckDB."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlglot import exp

from mwaactl.emulator.warehouse.faults import StatementFailed
from mwaactl.emulator.warehouse.loads.copy_options import check_copy
from mwaactl.emulator.warehouse.loads.load_errors import record_errors
from mwaactl.emulator.warehouse.loads.parquet_load import load_parquet
from mwaactl.emulator.warehouse.loads.s3_files import fetch, put, source_urls
from mwaactl.emulator.warehouse.loads.staging import staging_directory
from mwaactl.emulator.warehouse.loads.target import target_columns
from mwaactl.emulator.warehouse.loads.text_files import prepared
from mwaactl.emulator.warehouse.loads.text_load import TextLoad
from mwaactl.emulator.warehouse.loads.text_rows import json_keys, json_paths
from mwaactl.emulator.warehouse.loads.unload_write import Unload, check_options, clear_target
from mwaactl.emulator.warehouse.queries import query_text, with_sources
from mwaactl.emulator.warehouse.sql.load_options import read_copy, read_unload
from mwaactl.emulator.warehouse.sql.statement_text import single_statement
from mwaactl.emulator.warehouse.sql.translate import parse

if TYPE_CHECKING:
    from pathlib import Path

    from mypy_boto3_s3 import S3Client

    from mwaactl.emulator.warehouse.columns import Column
    from mwaactl.emulator.warehouse.role_sessions import RoleSessions
    from mwaactl.emulator.warehouse.sessions import Session
    from mwaactl.emulator.warehouse.sql.load_options import Authorization, CopyCommand
    from mwaactl.emulator.warehouse.sql.translate import Context


class S3Loads:
    """Carries out COPY and UNLOAD with the rights that the statement names."""

    def __init__(self, roles: RoleSessions) -> None:
        self._roles = roles

    def client(self, session: Session, service: str, authorization: Authorization, region: str) -> Any:  # noqa: ANN401
        """Return a client of a service with the rights of an authorization."""
        return self._roles.client(service, session.namespace, authorization, region)

    def copy(self, session: Session, sql: str) -> int:
        """Load files of S3 into a table; returns the number of rows."""
        command = read_copy(sql)
        check_copy(command)
        columns = target_columns(session.cursor, command)
        region = str(command.options.get("REGION", session.namespace.region))
        s3 = self._roles.client("s3", session.namespace, command.authorization, region)
        urls = source_urls(s3, command.source, manifest="MANIFEST" in command.options)
        session.last_copy_id = session.query_id  # also if the data turn out to be wrong
        with staging_directory(session) as directory:
            if "PARQUET" in command.options:
                files = fetch(s3, urls, directory, ".parquet")
                count = load_parquet(session.cursor, command, columns, files)
            else:
                count = _load_text(session, command, columns, s3, urls, directory)
        session.last_copy_count = count
        return count

    def unload(self, session: Session, sql: str, context: Context) -> int:
        """Write a query's rows to S3; returns their number."""
        command = read_unload(sql)
        check_options(command)
        tree = parse(single_statement(command.query))
        if not isinstance(tree, exp.Query):
            message = "ERROR: UNLOAD takes a SELECT"
            raise StatementFailed(message)
        if tree.args.get("limit"):
            message = "ERROR: Limit clause is not supported"
            raise StatementFailed(message)
        query = query_text(session, with_sources(session, tree, context), context)
        region = str(command.options.get("REGION", session.namespace.region))
        s3 = self._roles.client("s3", session.namespace, command.authorization, region)
        with staging_directory(session) as directory:
            unload = Unload(session.cursor, query, command, directory)
            count = unload.write()
            clear_target(s3, command, unload.files)
            for file in unload.files:
                put(s3, file.url, file.path)
            if "MANIFEST" in command.options:
                put(s3, f"{command.target}manifest", unload.manifest())
        session.last_unload_count = count
        return count


def _load_text(
    session: Session,
    command: CopyCommand,
    columns: list[Column],
    s3: S3Client,
    urls: list[str],
    directory: Path,
) -> int:
    options = command.options
    files = [prepared(file, options) for file in fetch(s3, urls, directory, ".txt")]
    paths = None
    if "JSON" in options:
        form = "auto" if options["JSON"] is True else str(options["JSON"])
        keys = json_keys(session.cursor, files) if form == "auto ignorecase" else []
        (file,) = fetch(s3, [form], directory, ".jsonpaths") if form.startswith("s3://") else (None,)
        paths = json_paths(columns, form, file.path if file else None, keys)
    load = TextLoad(session.cursor, session.database.cursor, command, columns, files, paths)
    count = load.run()
    if load.errors:
        record_errors(session.cursor, session.query_id, command.table, load.errors)
    return count
