"""Files as they come: what stands in one is checked or told, with the file and the line, and never lost."""

from __future__ import annotations

import codecs
import gzip
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from tests.fakes.lake import FLIGHTS
from typed_assets.audit import audit
from typed_assets.io import DataError, publish, read, stage_files
from typed_assets.io.lines import MAX_LINE
from typed_assets.spec.assets import Quarantine
from typed_assets.spec.contracts import Column, ColumnType, Contract

if TYPE_CHECKING:
    from tests.fakes.lake import Lake
    from typed_assets.staging import Audit

TEXTS = Contract(columns=(Column(name="a", type=ColumnType.TEXT), Column(name="b", type=ColumnType.TEXT)))
NEW_LINE = (
    "is not CSV: new-line character seen in unquoted field - do you need to open the file in "
    "universal-newline mode?"
)
ARABIC_ONE = "\u0661"
GATED = replace(FLIGHTS, quarantine=Quarantine(uri="s3://{data_bucket}/bad/", max_share=1))


def run(lake: Lake, files: dict[str, bytes], *columns: Column, **terms: Any) -> Audit:
    for key, body in files.items():
        lake.s3.put_object(Bucket="data", Key=key, Body=body)
    asset = replace(GATED, contract=Contract(columns=columns, **terms) if columns else TEXTS)
    staged = stage_files(asset, list(files), services=lake.services, token="t")
    found = audit(asset, staged, services=lake.services)
    publish(asset, staged, services=lake.services)
    return found


def rows(lake: Lake, contract: Contract = TEXTS) -> list[list[Any]]:
    return [list(row.values()) for row in read(replace(GATED, contract=contract), services=lake.services)]


def aside(lake: Lake) -> list[tuple[int, str, Any]]:
    return [(row["line"], row["reason"], row["row"]) for row in lake.json_lines("bad/")]


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("f.csv", b"a,b\n1,2\n"),
        ("f.csv", b"\xef\xbb\xbfa,b\r\n1,2\r\n"),
        ("f.csv", b'\xef\xbb\xbf"a","b"\r\n"1","2"'),
        ("f.csv", b"a,b\n\n1,2\n\n"),
        ("f.jsonl", b'\xef\xbb\xbf{"a": "1", "b": "2"}\r\n'),
        ("f.jsonl", b'\n{"a": "1", "b": "2"}\n  \n'),
        ("f.csv.gz", gzip.compress(b"a,b\n1,2\n", mtime=0)),
        ("f.csv.gz", gzip.compress(b"a,b\n", mtime=0) + gzip.compress(b"1,2\n", mtime=0)),
    ],
)
def test_marks_line_ends_and_blank_lines_are_no_data(lake: Lake, name: str, body: bytes) -> None:
    found = run(lake, {name: body})
    assert ([check for check in found.checks if not check.passed], found.rows) == ([], 1)
    assert [[row[name] for name in "ab"] for row in read(GATED_TEXTS, services=lake.services)] == [["1", "2"]]


GATED_TEXTS = replace(GATED, contract=TEXTS)


def test_quotes_line_breaks_and_long_values_come_through(lake: Lake) -> None:
    long = "x" * 300_000
    found = run(lake, {"f.csv": f'a,b\n"say ""hi"", now","two\r\nlines"\n{long},ü\n,5\n'.encode()})
    assert (found.rows, found.quarantined) == (2, 1)
    assert rows(lake) == [['say "hi", now', "two\r\nlines"], [long, "ü"]]


def test_what_is_no_text_is_told_with_its_bytes(lake: Lake) -> None:
    run(lake, {"f.csv": b"a,b\n1,2\nM\xfcller,3\n", "g.jsonl": b'{"a": "\xff", "b": "1"}\n'})
    assert aside(lake) == [
        (3, "is not UTF-8", ["M\\xfcller", "3"]),
        (1, "is not UTF-8", '{"a": "\\xff", "b": "1"}\n'),
    ]
    assert rows(lake) == [["1", "2"]]


def test_a_quote_that_is_never_closed_takes_no_row_out_of_the_world(lake: Lake) -> None:
    found = run(lake, {"f.csv": b'a,b\n1,2\n"3,4\n5,6\n'})
    assert (found.rows, found.quarantined) == (1, 1)
    assert aside(lake) == [(4, "is not CSV: unexpected end of data", ['"3,4\n', "5,6\n"])]


@pytest.mark.parametrize(
    ("line", "reason", "raw"),
    [
        ('"a"b,c', "is not CSV: ',' expected after '\"'", ['"a"b,c\n']),
        ("1,2,3", "has 3 fields where the header has 2", ["1", "2", "3"]),
        ("1", "has 1 fields where the header has 2", ["1"]),
        ("1\r2,3", NEW_LINE, ["1\r2,3\n"]),
    ],
)  # fmt: skip
def test_a_row_that_is_no_csv_stands_in_quarantine_as_it_stood(
    lake: Lake, line: str, reason: str, raw: list[str]
) -> None:
    run(lake, {"f.csv": f"a,b\n{line}\n1,2\n".encode()})
    assert aside(lake) == [(2, reason, raw)]
    assert rows(lake) == [["1", "2"]]


@pytest.mark.parametrize(
    ("name", "body", "message"),
    [
        ("f.csv.gz", b"x", "s3://data/f.csv.gz cannot be unpacked after line 0: Not a gzipped file"),
        (
            "f.csv.gz",
            gzip.compress(b"a,b\n" + b"1,2\n" * 9, mtime=0)[:-9],
            "s3://data/f.csv.gz cannot be unpacked after line ",
        ),
        ("f.csv.gz", gzip.compress(b"a,b\n", mtime=0) + b"rest", "s3://data/f.csv.gz cannot be unpacked"),
        ("f.csv", b"a,b,a\n1,2,3\n", "s3://data/f.csv has the column `a` twice"),
        ("f.csv", b'"a"b\n1\n', "the header of s3://data/f.csv is not CSV"),
        ("f.csv", b"\xff\xfea\x00,\x00\n", "the header of s3://data/f.csv "),
        ("f.csv", b"a,b\r1,2\r", "the header of s3://data/f.csv is not CSV: new-line character"),
    ],
)
def test_a_file_that_cannot_be_read_is_named(lake: Lake, name: str, body: bytes, message: str) -> None:
    with pytest.raises(DataError) as caught:
        run(lake, {name: body})
    assert message in str(caught.value)


@pytest.mark.parametrize("name", ["f.csv", "f.csv.gz", "f.jsonl", "f.jsonl.gz"])
def test_a_file_without_bytes_has_no_rows(lake: Lake, name: str) -> None:
    found = run(lake, {name: b""})
    assert found.rows == 0
    failed = [check.observed for check in found.checks if not check.passed and check.name == "schema"]
    assert failed == (["without a, b"] if "csv" in name else [])


def test_a_header_alone_is_a_schema_without_rows(lake: Lake) -> None:
    found = run(lake, {"f.csv": b"b,a"})
    assert ([check.name for check in found.checks if not check.passed], found.rows) == ([], 0)


def test_columns_are_found_by_name_wherever_they_stand(lake: Lake) -> None:
    run(lake, {"f.csv": b"b,a\n2,1\n", "g.csv": b"a,b\n3,4\n"})
    assert [[row["a"], row["b"]] for row in read(GATED_TEXTS, services=lake.services)] == [
        ["1", "2"],
        ["3", "4"],
    ]


def test_one_file_without_a_column_is_a_finding_of_the_schema(lake: Lake) -> None:
    found = run(lake, {"f.csv": b"a,b\n1,2\n", "g.csv": b"a\n3\n"})
    assert found.checks[0].observed == "without b"


def test_a_key_that_two_files_have_is_found_in_the_second(lake: Lake) -> None:
    columns = (Column(name="a", type=ColumnType.INTEGER), Column(name="b", type=ColumnType.TEXT))
    files = {"f.csv": b"a,b\n1,x\n", "g.jsonl": b'{"a": 1, "b": "x "}\n{"a": "01", "b": "x"}\n'}
    found = run(lake, files, *columns, keys=(("a", "b"),))
    assert (found.rows, found.quarantined) == (1, 2)
    assert [row["file"] for row in lake.json_lines("bad/")] == ["s3://data/g.jsonl"] * 2


GOOD = {
    ColumnType.INTEGER: ["0", "-5", "+7", "007", "9223372036854775807"],
    ColumnType.DECIMAL: ["1e3", "-.5", "12345678901234567890123456.5", "0.00000000001"],
    ColumnType.FLOAT: ["1e308", "-0", ".5", "1E-400"],
    ColumnType.BOOLEAN: ["TRUE", "f", "1", "No"],
    ColumnType.DATE: ["0001-01-01", "9999-12-31", "2024-02-29", "20240229"],
    ColumnType.TIMESTAMP: [
        "2013-01-31",
        "2013-01-31T05:17",
        "2013-01-31 05:17:00.123456+02:00",
        "2013-01-31T05Z",
    ],
}
BAD = {
    ColumnType.INTEGER: ["1.0", "1_000", " 1", ARABIC_ONE, "0x1", "9223372036854775808", "1e3", "--1"],
    ColumnType.DECIMAL: ["NaN", "Infinity", "-inf", "1,5", "1_0", ARABIC_ONE, "1" * 29, "sNaN"],
    ColumnType.FLOAT: ["NaN", "inf", "-Infinity", "1e400", "1 ", "0x1p3", "one"],
    ColumnType.BOOLEAN: ["2", "on", "ja", "truee"],
    ColumnType.DATE: [
        "2023-02-29",
        "10000-01-01",
        "0000-01-01",
        "2013-1-1",
        "2013-W05-4",
        "31.01.2013",
        "infinity",
    ],
    ColumnType.TIMESTAMP: [
        "2013-01-31 24:00:01",
        "2013-01-31 05:60",
        "0001-01-01T00:00+14:00",
        "2013-W05-4T00",
        "now",
    ],
}


@pytest.mark.parametrize("kind", GOOD)
def test_values_of_a_type_in_all_their_spellings_pass(lake: Lake, kind: ColumnType) -> None:
    body = "\n".join(["a", *GOOD[kind]]).encode()
    assert run(lake, {"f.csv": body}, Column(name="a", type=kind)).quarantined == 0


@pytest.mark.parametrize("kind", BAD)
def test_what_is_no_value_of_a_type_is_told_each(lake: Lake, kind: ColumnType) -> None:
    body = "\n".join(["a,b", *(f'"{value}",x' for value in BAD[kind])]).encode()
    found = run(lake, {"f.csv": body}, Column(name="a", type=kind))
    told = lake.json_lines("bad/")
    assert [row["row"]["a"] for row in told] == BAD[kind]
    assert {row["rule"] for row in told} == {"a.type"}
    assert found.rows == 0


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("NaN", ColumnType.FLOAT),
        ("-Infinity", ColumnType.FLOAT),
        ("true", ColumnType.INTEGER),
        ("1.0", ColumnType.INTEGER),
        ("5", ColumnType.TEXT),
        ("[1]", ColumnType.TEXT),
        ('{"x": 1}', ColumnType.TEXT),
        ("20130131", ColumnType.DATE),
        ("1", ColumnType.BOOLEAN),
        ('"NaN"', ColumnType.DECIMAL),
    ],
)
def test_json_of_another_type_is_told(lake: Lake, value: str, kind: ColumnType) -> None:
    found = run(lake, {"f.jsonl": f'{{"a": {value}}}\n'.encode()}, Column(name="a", type=kind))
    assert found.quarantined == 1
    assert [row["rule"] for row in lake.json_lines("bad/")] == ["a.type"]


@pytest.mark.parametrize(
    "line", ['{"a": 1', "[1]", "null", '"a"', "{'a': 1}", '{"a": ' + "[" * 2000, '{"a": ' + "9" * 5000 + "}"]
)
def test_a_line_that_is_no_json_object_is_kept_whole(lake: Lake, line: str) -> None:
    found = run(lake, {"f.jsonl": f'{line}\n{{"a": "1", "b": "2"}}\n'.encode()})
    assert (found.rows, found.quarantined) == (1, 1)
    ((number, _, raw),) = aside(lake)
    assert (number, raw) == (1, line + "\n")


@pytest.mark.parametrize("name", ["select", "Carrier", 'a"b', "a'b", "a,b", "ü", "; DROP TABLE x; --", "a b"])
def test_a_column_may_have_any_name(lake: Lake, name: str) -> None:
    column = Column(name=name, type=ColumnType.TEXT, allowed=("it's", '"', "\\"), pattern=r"""['"\\a-z]+""")
    quoted = '"' + name.replace('"', '""') + '"'
    found = run(lake, {"f.csv": f'{quoted}\nit\'s\n""""\n\\\nno\n'.encode()}, column)
    assert (found.rows, found.quarantined) == (3, 1)
    assert lake.json_lines("bad/")[0]["column"] == name


HALF = r'{"a": null, "b": "\ud800"}'


def test_half_of_a_surrogate_pair_goes_to_quarantine_as_any_other_text(lake: Lake) -> None:
    found = run(lake, {"f.jsonl": f'{HALF}\n{{"a": "1", "b": "2"}}\n'.encode()})
    assert (found.rows, found.quarantined) == (1, 1)
    assert aside(lake) == [(1, "is missing", {"a": None, "b": "\ud800"})]


LONGEST = b'{"a": "1", "b": "' + b"x" * (MAX_LINE - 19) + b'"}'


@pytest.mark.parametrize("end", [b"", b"\n", b"\n" + b'{"a": "1", "b": "2"}'])
def test_a_line_of_just_the_greatest_length_is_read_wherever_it_stands(lake: Lake, end: bytes) -> None:
    assert len(LONGEST) == MAX_LINE
    found = run(lake, {"f.jsonl": LONGEST + end})
    assert (found.rows, found.quarantined) == (1 + end.count(b"a"), 0)
    found = run(lake, {"f.jsonl": LONGEST + b" " + end})
    assert (found.rows, found.quarantined) == (end.count(b"a"), 1)


def test_a_mark_of_the_byte_order_hides_no_line_that_is_too_long(lake: Lake) -> None:
    body = codecs.BOM_UTF8 + b"x" * MAX_LINE + b'\n{"a": "1", "b": "2"}\n'
    found = run(lake, {"f.jsonl": body})
    assert (found.rows, found.quarantined) == (1, 1)
    told = [(line, reason) for line, reason, _ in aside(lake)]
    assert told == [(1, f"is longer than {MAX_LINE} bytes")]
