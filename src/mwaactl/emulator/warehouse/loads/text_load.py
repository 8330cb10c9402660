"""COPY of text: read at full speed where nothing is wrong; else staged, judged field by field, and recorded.

A COPY that tolerates no error needs no judgement beforehand: its values are cast on the way into the table,
and the first bad one fails it. Only then are the files read again, outside of the failed transaction, to tell
which lines and fields are wrong.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb

from mwaactl.emulator.warehouse.columns import TableName, quoted
from mwaactl.emulator.warehouse.loads.load_errors import LoadError, LoadFailed
from mwaactl.emulator.warehouse.loads.text_rows import text_rows
from mwaactl.emulator.warehouse.sql.field_parsing import field_rule

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from duckdb import DuckDBPyConnection

    from mwaactl.emulator.warehouse.columns import Column
    from mwaactl.emulator.warehouse.loads.s3_files import SourceFile
    from mwaactl.emulator.warehouse.sql.load_options import CopyCommand

_MAX_RECORDED = 1000
_REJECTS = {
    "MISSING COLUMNS": 1214,
    "TOO MANY COLUMNS": 1202,
    "UNQUOTED VALUE": 1203,
    "INVALID ENCODING": 1220,
    "INVALID STATE": 1203,
}
_REJECT_TABLES = (
    "copy_rejects (scan_id INT, file_id INT, line INT, error_type VARCHAR, csv_line VARCHAR)",
    "copy_scans (scan_id INT, file_id INT, file_path VARCHAR)",
)


class TextLoad:
    """One COPY of text; `run` returns the number of rows loaded.

    Args:
        cursor: The session's cursor.
        elsewhere: Opens a cursor outside of the session's transaction.
        command: The statement.
        columns: What the fields go into.
        files: The files on disk.
        paths: Where each field stands in a JSON object; None for other formats.
    """

    def __init__(
        self,
        cursor: DuckDBPyConnection,
        elsewhere: Callable[[], DuckDBPyConnection],
        command: CopyCommand,
        columns: list[Column],
        files: list[SourceFile],
        paths: Sequence[str] | None = None,
    ) -> None:
        self._cursor = cursor
        self._elsewhere = elsewhere
        self._command = command
        self._columns = columns
        self._files = files
        self._paths = paths
        self._options = command.options
        self._plain = all(file.plain_integers for file in files)
        self._rules = [
            field_rule(column, f"c{index}", self._options, plain_integers=self._plain)
            for index, column in enumerate(columns)
        ]
        self.errors: list[LoadError] = []

    @property
    def _allowed(self) -> int:
        return max(1, int(self._options.get("MAXERROR", 0)))

    def run(self) -> int:
        """Load the files.

        Raises:
            LoadFailed: If more fields are wrong than MAXERROR allows.
        """
        if "NOLOAD" in self._options:
            self._judged(self._cursor, load=False)
            return 0
        if self._allowed > 1:
            return self._judged(self._cursor, load=True)
        try:
            return self._insert(self._cursor, self._rows(staged=False), [r.strict for r in self._rules])
        except duckdb.InterruptException:
            raise
        except duckdb.Error:
            self._judged(self._elsewhere(), load=False)
            raise

    def _rows(self, *, staged: bool) -> str:
        store = staged and self._paths is None and "FIXEDWIDTH" not in self._options
        return text_rows(
            self._columns,
            self._files,
            self._options,
            self._paths,
            store_rejects=store,
            integers=self._plain and not staged,
        )

    def _judged(self, cursor: DuckDBPyConnection, *, load: bool) -> int:
        """Stage the files and find what is wrong; then load what is right, if there is not too much of it."""
        try:
            self._stage(cursor)
            bad = self._judge(cursor)
            if not load:
                return 0
            where = f"WHERE NOT ({self._wrong()})" if bad else ""
            return self._insert(cursor, f"copy_stage {where}", [rule.value for rule in self._rules])
        finally:
            for name in ("copy_stage", "copy_rejects", "copy_scans"):
                cursor.execute(f"DROP TABLE IF EXISTS temp.{name}")

    def _stage(self, cursor: DuckDBPyConnection) -> None:
        try:
            cursor.execute(
                "CREATE TEMPORARY TABLE copy_stage AS "  # noqa: S608
                f"SELECT row_number() OVER () AS stage_row, * FROM {self._rows(staged=True)}"
            )
        except duckdb.InvalidInputException as error:
            self.errors = [LoadError(self._files[0].url, 0, 1216, raw_line=str(error)[:1024])]
            raise LoadFailed(self._command.table, self.errors) from error
        for table in _REJECT_TABLES:  # only read_csv makes them
            cursor.execute(f"CREATE TEMPORARY TABLE IF NOT EXISTS {table}")

    def _judge(self, cursor: DuckDBPyConnection) -> int:
        """Return the number of bad rows; fill `errors`; fail if there are too many."""
        rejected = self._rejected(cursor)
        bad = _count(cursor, f"SELECT count(*) FROM copy_stage WHERE {self._wrong()}")  # noqa: S608
        self.errors = rejected[:_MAX_RECORDED]
        if bad:
            self.errors += self._conversions(cursor, rejected)
        if len(rejected) + bad >= self._allowed:
            raise LoadFailed(self._command.table, self.errors)
        return bad

    def _wrong(self) -> str:
        return " OR ".join(f"({rule.error}) IS NOT NULL" for rule in self._rules)

    def _rejected(self, cursor: DuckDBPyConnection) -> list[LoadError]:
        rows = cursor.execute(
            "SELECT s.file_path, r.line, r.error_type, any_value(r.csv_line) "
            "FROM copy_rejects r JOIN copy_scans s USING (scan_id, file_id) GROUP BY ALL ORDER BY 1, 2"
        ).fetchall()
        urls = {str(file.path): file.url for file in self._files}
        return [
            LoadError(urls[path], int(line), _REJECTS.get(str(kind), 1203), raw_line=str(text or ""))
            for path, line, kind, text in rows
        ]

    def _conversions(self, cursor: DuckDBPyConnection, rejected: Sequence[LoadError]) -> list[LoadError]:
        codes = ", ".join(f"({rule.error})" for rule in self._rules)
        first = "min(stage_row) OVER (PARTITION BY stage_file)"
        fields = ", ".join(f"c{index}" for index in range(len(self._columns)))
        rows = cursor.execute(
            f"SELECT stage_file, stage_row - {first} + 1, [{codes}], [{fields}] FROM copy_stage "  # noqa: S608
            f"QUALIFY {self._wrong()} ORDER BY stage_row LIMIT {_MAX_RECORDED}"
        ).fetchall()
        urls = {str(file.path): file.url for file in self._files}
        return [
            self._conversion(urls[path], int(row), list(found), list(raw), rejected)
            for path, row, found, raw in rows
        ]

    def _conversion(
        self,
        url: str,
        row: int,
        codes: list[int | None],
        raw: list[str | None],
        rejected: Sequence[LoadError],
    ) -> LoadError:
        index = next(i for i, code in enumerate(codes) if code is not None)
        column = self._columns[index]
        line = row + int(self._options.get("IGNOREHEADER", 0))
        for error in rejected:  # in order of their lines; a staged row behind one stands a line further down
            line += error.file == url and error.line <= line
        return LoadError(
            file=url,
            line=line,
            code=int(codes[index] or 0),
            column=column.name,
            type=column.type.name,
            length=str(column.type.length or column.type.precision),
            raw_line=",".join(field or "" for field in raw)[:1024],
            raw_field=(raw[index] or "")[:1024],
        )

    def _insert(self, cursor: DuckDBPyConnection, source: str, values: Sequence[str]) -> int:
        names = ", ".join(quoted(column.name) for column in self._columns)
        target = TableName(self._command.schema, self._command.table).text
        return _count(cursor, f"INSERT INTO {target} ({names}) SELECT {', '.join(values)} FROM {source}")  # noqa: S608


def _count(cursor: DuckDBPyConnection, sql: str) -> int:
    row = cursor.execute(sql).fetchone()
    return int(row[0]) if row else 0
