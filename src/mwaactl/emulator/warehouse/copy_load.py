"""COPY: staged as text, judged field by field, inserted in one step; what is wrong becomes load errors."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mwaactl.emulator.warehouse.columns import TableName, quoted, read_columns
from mwaactl.emulator.warehouse.faults import Refused, StatementFailed
from mwaactl.emulator.warehouse.sql.field_parsing import MESSAGES, FieldRule, field_rule
from mwaactl.emulator.warehouse.sql.system_tables import SYSTEM_SCHEMA

if TYPE_CHECKING:
    from collections.abc import Sequence

    from duckdb import DuckDBPyConnection

    from mwaactl.emulator.warehouse.columns import Column
    from mwaactl.emulator.warehouse.s3_files import SourceFile
    from mwaactl.emulator.warehouse.sql.load_options import CopyCommand

_MAX_RECORDED = 1000
_NEVER = "\x01\x02never\x02\x01"  # no field holds this, so DuckDB turns none into NULL by itself
_REJECTS = {
    "MISSING COLUMNS": 1214,
    "TOO MANY COLUMNS": 1202,
    "UNQUOTED VALUE": 1203,
    "INVALID ENCODING": 1220,
    "INVALID STATE": 1203,
}
# Parquet columns, as DuckDB calls them, that go into a Redshift column.
_PARQUET = {
    "int2": {"SMALLINT", "TINYINT", "INTEGER", "UTINYINT"},
    "int4": {"SMALLINT", "TINYINT", "INTEGER", "UTINYINT", "USMALLINT"},
    "int8": {"BIGINT", "INTEGER", "UINTEGER"},
    "float4": {"FLOAT"},
    "float8": {"DOUBLE"},
    "bool": {"BOOLEAN"},
    "date": {"DATE"},
    "timestamp": {"TIMESTAMP", "TIMESTAMP_NS", "TIMESTAMP WITH TIME ZONE"},
    "timestamptz": {"TIMESTAMP WITH TIME ZONE"},
    "varchar": {"VARCHAR"},
    "bpchar": {"VARCHAR"},
    "varbyte": {"BLOB"},
}


@dataclass(frozen=True, slots=True)
class LoadError:
    """One row of STL_LOAD_ERRORS."""

    file: str
    line: int
    code: int
    column: str = ""
    type: str = ""
    length: str = ""
    raw_line: str = ""
    raw_field: str = ""


class LoadFailed(StatementFailed):
    """A COPY with too many errors; the engine records them once the transaction is undone."""

    def __init__(self, table: str, errors: Sequence[LoadError]) -> None:
        super().__init__(
            f"ERROR: Load into table '{table}' failed.  "
            "Check 'sys_load_error_detail' system table for details."
        )
        self.table = table
        self.errors = tuple(errors)


def target_columns(cursor: DuckDBPyConnection, command: CopyCommand) -> list[Column]:
    """Return the columns that the file's fields go into, in the file's order."""
    columns = read_columns(cursor, command.schema or "public", command.table)
    if not columns:
        message = f"ERROR: Cannot COPY into nonexistent table {command.table}"
        raise StatementFailed(message)
    if not command.columns:
        return [column for column in columns if not column.identity]
    by_name = {column.name: column for column in columns}
    unknown = [name for name in command.columns if name not in by_name]
    if unknown:
        message = f'ERROR: column "{unknown[0]}" of relation "{command.table}" does not exist'
        raise StatementFailed(message)
    if any(by_name[name].identity for name in command.columns):
        msg = "COPY into an identity column"
        raise Refused(msg, "EXPLICIT_IDS is not modelled")
    return [by_name[name] for name in command.columns]


def load_parquet(
    cursor: DuckDBPyConnection, command: CopyCommand, columns: list[Column], files: list[SourceFile]
) -> int:
    """Insert Parquet files; columns match by position and must fit by type."""
    for file in files:
        found = cursor.execute("DESCRIBE SELECT * FROM read_parquet(?)", [str(file.path)]).fetchall()
        _check_parquet(file.url, columns, [(name, str(kind)) for name, kind, *_ in found])
    paths = [str(file.path) for file in files]
    names = ", ".join(quoted(column.name) for column in columns)
    target = TableName(command.schema, command.table).text
    cursor.execute(f"INSERT INTO {target} ({names}) SELECT * FROM read_parquet(?)", [paths])  # noqa: S608
    row = cursor.fetchone()
    return int(row[0]) if row else 0


def _check_parquet(url: str, columns: list[Column], found: list[tuple[str, str]]) -> None:
    if len(found) != len(columns):
        counts = f"Table columns: {len(columns)}, Data columns: {len(found)}, File name: {url}"
        message = (
            f"ERROR: Spectrum Scan Error Detail: Unmatched number of columns between table and file. {counts}"
        )
        raise StatementFailed(message)
    for column, (name, kind) in zip(columns, found, strict=True):
        fits = (
            kind.startswith("DECIMAL")
            if column.type.name == "numeric"
            else kind in _PARQUET.get(column.type.name, ())
        )
        if not fits:
            what = f"File '{url}' has an incompatible Parquet schema for column '{name}'"
            types = f"Column type: {column.type.declared}, Parquet: {kind}"
            message = f"ERROR: Spectrum Scan Error Detail: {what}. {types}"
            raise StatementFailed(message)


class TextLoad:
    """One COPY of CSV or delimited text; `run` returns the number of rows loaded."""

    def __init__(
        self, cursor: DuckDBPyConnection, command: CopyCommand, columns: list[Column], files: list[SourceFile]
    ) -> None:
        self._cursor = cursor
        self._command = command
        self._columns = columns
        self._files = files
        self._options = command.options
        self._rules: list[FieldRule] = [
            field_rule(column, f"c{index}", self._options) for index, column in enumerate(columns)
        ]
        self.errors: list[LoadError] = []

    def run(self) -> int:
        """Load the files.

        Raises:
            LoadFailed: If more fields are wrong than MAXERROR allows.
        """
        try:
            self._stage()
            bad = self._judge()
            return self._insert(skip_bad=bool(bad))
        finally:
            for name in ("copy_stage", "copy_rejects", "copy_scans"):
                self._cursor.execute(f"DROP TABLE IF EXISTS temp.{name}")

    def _stage(self) -> None:
        columns = ", ".join(f"'c{index}': 'VARCHAR'" for index in range(len(self._columns)))
        csv = "CSV" in self._options
        quote = str(self._options.get("QUOTE", '"')) if csv else ""
        self._cursor.execute(
            "CREATE TEMPORARY TABLE copy_stage AS SELECT row_number() OVER () AS stage_row, * "  # noqa: S608
            f"FROM read_csv(?, columns = {{{columns}}}, header = false, auto_detect = false, skip = ?, "
            "delim = ?, quote = ?, escape = ?, nullstr = ?, compression = ?, filename = 'stage_file', "
            "store_rejects = true, rejects_table = 'copy_rejects', rejects_scan = 'copy_scans', "
            "max_line_size = 4194304)",
            [
                [str(file.path) for file in self._files],
                int(self._options.get("IGNOREHEADER", 0)),
                _delimiter(str(self._options.get("DELIMITER", "," if csv else "|"))),
                quote,
                quote,
                _NEVER,
                "gzip" if "GZIP" in self._options else "none",
            ],
        )

    def _judge(self) -> int:
        """Return the number of bad rows; fill `errors`; fail if there are too many."""
        rejected = self._rejected()
        bad = self._count(f"SELECT count(*) FROM copy_stage WHERE {self._wrong()}")  # noqa: S608
        self.errors = rejected[:_MAX_RECORDED]
        if bad:
            self.errors += self._conversions()
        allowed = max(1, int(self._options.get("MAXERROR", 0)))
        if len(rejected) + bad >= allowed:
            raise LoadFailed(self._command.table, self.errors)
        return bad

    def _wrong(self) -> str:
        return " OR ".join(f"({rule.error}) IS NOT NULL" for rule in self._rules)

    def _rejected(self) -> list[LoadError]:
        rows = self._cursor.execute(
            "SELECT s.file_path, r.line, r.error_type, any_value(r.csv_line), any_value(r.column_name) "
            "FROM copy_rejects r JOIN copy_scans s USING (scan_id, file_id) GROUP BY ALL ORDER BY 1, 2"
        ).fetchall()
        urls = {str(file.path): file.url for file in self._files}
        return [
            LoadError(
                urls.get(path, path), int(line), _REJECTS.get(str(kind), 1203), raw_line=str(text or "")
            )
            for path, line, kind, text, _ in rows
        ]

    def _conversions(self) -> list[LoadError]:
        codes = ", ".join(f"({rule.error})" for rule in self._rules)
        first = "min(stage_row) OVER (PARTITION BY stage_file)"
        fields = ", ".join(f"c{index}" for index in range(len(self._columns)))
        rows = self._cursor.execute(
            f"SELECT stage_file, stage_row - {first} + 1, [{codes}], [{fields}] FROM copy_stage "  # noqa: S608
            f"QUALIFY {self._wrong()} ORDER BY stage_row LIMIT {_MAX_RECORDED}"
        ).fetchall()
        urls = {str(file.path): file.url for file in self._files}
        return [
            self._conversion(urls[path], int(line), list(found), list(raw)) for path, line, found, raw in rows
        ]

    def _conversion(self, url: str, line: int, codes: list[int | None], raw: list[str | None]) -> LoadError:
        index = next(i for i, code in enumerate(codes) if code is not None)
        column = self._columns[index]
        return LoadError(
            file=url,
            line=line + int(self._options.get("IGNOREHEADER", 0)),
            code=int(codes[index] or 0),
            column=column.name,
            type=column.type.name,
            length=str(column.type.length or column.type.precision),
            raw_line=",".join(field or "" for field in raw)[:1024],
            raw_field=(raw[index] or "")[:1024],
        )

    def _insert(self, *, skip_bad: bool) -> int:
        values = ", ".join(rule.value for rule in self._rules)
        names = ", ".join(quoted(column.name) for column in self._columns)
        target = TableName(self._command.schema, self._command.table).text
        where = f"WHERE NOT ({self._wrong()})" if skip_bad else ""
        return self._count(f"INSERT INTO {target} ({names}) SELECT {values} FROM copy_stage {where}")  # noqa: S608

    def _count(self, sql: str) -> int:
        row = self._cursor.execute(sql).fetchone()
        return int(row[0]) if row else 0


def _delimiter(text: str) -> str:
    return text.replace("\\t", "\t")


def record_errors(cursor: DuckDBPyConnection, query: int, table: str, errors: Sequence[LoadError]) -> None:
    """Write load errors where STL_LOAD_ERRORS and SYS_LOAD_ERROR_DETAIL show them."""
    now = dt.datetime.now(dt.UTC).replace(tzinfo=None)
    rows: list[list[Any]] = [
        [
            query,
            now,
            e.file,
            e.line,
            e.column,
            e.type,
            e.length,
            e.raw_line,
            e.raw_field,
            e.code,
            MESSAGES[e.code],
            table,
        ]
        for e in errors
    ]
    cursor.executemany(f"INSERT INTO {SYSTEM_SCHEMA}.load_errors VALUES ({', '.join('?' * 12)})", rows)  # noqa: S608
