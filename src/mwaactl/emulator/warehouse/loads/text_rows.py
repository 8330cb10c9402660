"""Files of CSV, delimited or fixed-width text or JSON as a relation: fields c0, c1 … and their file."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from mwaactl.emulator.warehouse.columns import literal
from mwaactl.emulator.warehouse.faults import StatementFailed
from mwaactl.emulator.warehouse.sql.field_parsing import INTEGERS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from duckdb import DuckDBPyConnection

    from mwaactl.emulator.warehouse.columns import Column
    from mwaactl.emulator.warehouse.loads.s3_files import SourceFile

_LONGEST_LINE = 4 * 2**20


def delimiter_of(options: Mapping[str, Any]) -> str:
    """Return what separates fields."""
    return str(options.get("DELIMITER", "," if "CSV" in options else "|")).replace("\\t", "\t")


def text_rows(
    columns: Sequence[Column],
    files: Sequence[SourceFile],
    options: Mapping[str, Any],
    paths: Sequence[str] | None,
    *,
    store_rejects: bool,
    integers: bool = False,
    ragged: bool = False,
) -> str:
    """Return the relation in DuckDB's terms.

    Args:
        columns: What the fields go into.
        files: The files on disk.
        options: COPY's options.
        paths: Where each field stands in a JSON object, in DuckDB's notation; None for other formats.
        store_rejects: Whether lines with a wrong number of fields are set aside; else they fail.
        integers: Whether DuckDB reads the fields of integer columns as integers, which is faster.
        ragged: Whether lines may have more fields than there are columns; missing ones are NULL then.
    """
    if paths is not None:
        return _json_rows(files, options, paths)
    if "FIXEDWIDTH" in options:
        return _fixed_width_rows(files, options, len(columns))
    names = {
        f"c{index}": column.type.duckdb if integers and column.type.name in INTEGERS else "VARCHAR"
        for index, column in enumerate(columns)
    }
    csv = "CSV" in options
    quote = str(options.get("QUOTE", '"')) if csv or "ESCAPE" in options or "REMOVEQUOTES" in options else ""
    separator = "," if "ESCAPE" in options or "REMOVEQUOTES" in options else delimiter_of(options)
    settings = {"null_padding": "true", "strict_mode": "false"} if ragged else {}
    return _read_csv(files, options, names, separator, quote, settings, store_rejects=store_rejects)


def _read_csv(
    files: Sequence[SourceFile],
    options: Mapping[str, Any],
    names: Mapping[str, str],
    delimiter: str,
    quote: str,
    further: Mapping[str, str],
    *,
    store_rejects: bool,
) -> str:
    fields = ", ".join(f"{literal(name)}: {literal(kind)}" for name, kind in names.items())
    texts = [literal(name) for name, kind in names.items() if kind == "VARCHAR"]
    settings = {
        "columns": f"{{{fields}}}",
        "header": "false",
        "auto_detect": "false",
        "skip": str(int(options.get("IGNOREHEADER", 0))),
        "delim": literal(delimiter),
        "quote": literal(quote),
        "escape": literal(quote),
        "nullstr": "''",  # where DuckDB reads integers, nothing else is NULL: see has_plain_integers
        "compression": "'zstd'" if "ZSTD" in options else "'none'",
        "filename": "'stage_file'",
        "max_line_size": str(_LONGEST_LINE),
    }
    if texts:  # in text, nothing is NULL before COPY's own rules say so
        settings["force_not_null"] = f"[{', '.join(texts)}]"
    settings |= further
    if "FILLRECORD" in options:
        settings["null_padding"] = "true"
    if store_rejects:
        settings |= {
            "store_rejects": "true",
            "rejects_table": "'copy_rejects'",
            "rejects_scan": "'copy_scans'",
        }
    return f"read_csv({_paths(files)}, {', '.join(f'{name} = {value}' for name, value in settings.items())})"


def _fixed_width_rows(files: Sequence[SourceFile], options: Mapping[str, Any], count: int) -> str:
    widths = _widths(str(options["FIXEDWIDTH"]))
    if len(widths) != count:
        message = f"ERROR: FIXEDWIDTH names {len(widths)} columns, the table has {count}"
        raise StatementFailed(message)
    starts = [1 + sum(widths[:index]) for index in range(count)]
    cuts = [
        f"SUBSTRING(line, {start}, {width}) AS c{index}"
        for index, (start, width) in enumerate(zip(starts, widths, strict=True))
    ]
    lines = _read_csv(files, options, {"line": "VARCHAR"}, "\x1f", "", {}, store_rejects=False)
    return f"(SELECT {', '.join(cuts)}, stage_file FROM {lines})"  # noqa: S608


def _widths(text: str) -> list[int]:
    try:
        return [int(part.rpartition(":")[2]) for part in text.split(",")]
    except ValueError:
        message = f"ERROR: Invalid fixedwidth spec '{text}': expected label:width, …"
        raise StatementFailed(message) from None


def _json_rows(files: Sequence[SourceFile], options: Mapping[str, Any], paths: Sequence[str]) -> str:
    fields = ", ".join(
        f"{'CAST(json AS VARCHAR)' if path == '$' else f'json ->> {literal(path)}'} AS c{index}"
        for index, path in enumerate(paths)
    )
    packing = "'zstd'" if "ZSTD" in options else "'uncompressed'"
    objects = (
        f"read_json_objects({_paths(files)}, format = 'unstructured', compression = {packing}, "
        f"filename = 'stage_file', maximum_object_size = {_LONGEST_LINE})"
    )
    return f"(SELECT {fields}, stage_file FROM {objects})"  # noqa: S608


def _paths(files: Sequence[SourceFile]) -> str:
    return f"[{', '.join(literal(str(file.path)) for file in files)}]"


def json_keys(cursor: DuckDBPyConnection, files: Sequence[SourceFile]) -> list[str]:
    """Return the keys that occur in files of JSON."""
    rows = cursor.execute(
        "SELECT DISTINCT unnest(json_keys(json)) FROM read_json_objects(?, format = 'unstructured')",
        [[str(file.path) for file in files]],
    ).fetchall()
    return sorted(str(key) for (key,) in rows)


def json_paths(columns: Sequence[Column], form: str, file: Path | None, keys: Sequence[str]) -> list[str]:
    """Return where each column's value stands in a JSON object.

    Args:
        columns: The columns to fill.
        form: `auto`, `auto ignorecase`, `noshred`, or the address of a JSONPaths file.
        file: That file on disk, if there is one.
        keys: The keys that the objects have, for `auto ignorecase`.

    Raises:
        StatementFailed: If the JSONPaths file does not fit.
    """
    if file is not None:
        return _paths_of_file(file, form, len(columns))
    if form == "noshred":
        if len(columns) != 1 or columns[0].type.name != "super":
            message = "ERROR: JSON 'noshred' loads into a table of one SUPER column"
            raise StatementFailed(message)
        return ["$"]
    if form == "auto ignorecase":
        spelled = {key.lower(): key for key in reversed(keys)}
        return [_member(spelled.get(column.name, column.name)) for column in columns]
    return [_member(column.name) for column in columns]


def _member(name: str) -> str:
    return "$." + json.dumps(name, ensure_ascii=False)


def _paths_of_file(file: Path, url: str, count: int) -> list[str]:
    try:
        written = json.loads(file.read_bytes())["jsonpaths"]
    except (ValueError, KeyError, TypeError) as error:
        message = f"ERROR: Invalid JSONPath format: {url} must hold an object with a list jsonpaths"
        raise StatementFailed(message) from error
    if len(written) != count:
        message = (
            f"ERROR: Number of jsonpaths and the number of columns should match. "
            f"JSONPath size: {len(written)}, Number of columns in table or column list: {count}"
        )
        raise StatementFailed(message)
    return [_translated_path(str(path)) for path in written]


def _translated_path(path: str) -> str:
    """Return a JSONPath in DuckDB's notation: members in double quotes behind a dot."""
    steps, rest = [], path.strip().removeprefix("$")
    while rest:
        step, rest = _step(rest, path)
        steps.append(step)
    return "$" + "".join(steps)


def _step(rest: str, path: str) -> tuple[str, str]:
    if rest.startswith("["):
        inside, closed, after = rest[1:].partition("]")
        name = inside.strip()
        if closed and name.isdigit():
            return f"[{name}]", after
        if closed and len(name) > 1 and name[0] == name[-1] and name[0] in "'\"":
            return _member(name[1:-1])[1:], after
    elif rest.startswith(".") and len(rest) > 1 and rest[1] not in ".*[":
        end = min((at for at in (rest.find(".", 1), rest.find("[", 1)) if at > 0), default=len(rest))
        return _member(rest[1:end])[1:], rest[end:]
    known = "Supported notations are 'dot-notation' and 'bracket-notation'"
    message = f"ERROR: Invalid JSONPath format. {known}: {path}"
    raise StatementFailed(message)
