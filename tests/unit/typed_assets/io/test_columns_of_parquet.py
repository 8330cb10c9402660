"""The columns of a Parquet file are read from its footer, without a library and without the rest of it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import duckdb
import pytest

from typed_assets.io import DataError
from typed_assets.io.parquet_schema import parquet_columns

if TYPE_CHECKING:
    from pathlib import Path

COLUMNS = {
    "b": "1",
    "s": "{'x': 1, 'y': [{'z': 1}]}",
    "m": "MAP {'k': 1}",
    "ü a": "'ü'",
    "a": "2.5::DECIMAL(8, 2)",
    **{f"c{number}": "TRUE" for number in range(20)},
}


@pytest.fixture
def body(tmp_path: Path) -> bytes:
    path = tmp_path / "f.parquet"
    columns = ", ".join(f'{value} AS "{name}"' for name, value in COLUMNS.items())
    rows = f"SELECT {columns} FROM range(9000)"  # noqa: S608 - of this file
    duckdb.sql(
        f"COPY ({rows}) TO '{path}' (FORMAT parquet, ROW_GROUP_SIZE 2048, KV_METADATA {{origin: 'here'}})"
    )
    return path.read_bytes()


def test_columns_stand_in_the_order_of_the_file_without_those_within_them(body: bytes) -> None:
    read: list[int] = []

    def tail(size: int) -> bytes:
        read.append(size)
        return body[-size:]

    assert parquet_columns(tail, "f") == tuple(COLUMNS)
    assert sum(read) < len(body)


@pytest.mark.parametrize("end", [b"", b"PAR1", b"\x00" * 8, b"\xff\xff\xff\x7fPAR1", b"\x04\x00\x00\x00PAR1"])
def test_what_is_no_such_file_is_named(end: bytes) -> None:
    with pytest.raises(DataError, match=r"^s3://b/f cannot be read as Parquet: "):
        parquet_columns(lambda size: (b"\x19" * 40 + end)[-size:] if end else b"", "s3://b/f")


def end_of(content: bytes, size: int) -> bytes:
    return content[-size:]


def test_a_damaged_footer_is_named_and_never_something_else(body: bytes) -> None:
    whole = int.from_bytes(body[-8:-4], "little") + 8
    said = set()
    for place in range(0, min(whole - 8, 2000), 13):
        at = len(body) - whole + place
        damaged = body[:at] + b"\xf5" + body[at + 1 :]
        try:
            parquet_columns(partial(end_of, damaged), "f")
        except DataError as error:
            said.add(error.message)
    assert said == {"f cannot be read as Parquet: its footer is damaged"}
