"""Formats and options of COPY and UNLOAD through the Data API: what files hold, and the rows they give."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.emulator.warehouse.conftest import Warehouse

# What a file holds, the options that read it, and the rows of (id INT, name VARCHAR(5), amount NUMERIC(6,2)).
READ: dict[str, tuple[bytes, str, list[list[Any]]]] = {
    "JSON objects match columns by name": (
        b'{"name":"joe","id":1,"other":[1]}\n{"id":2,"amount":"2.5"} {"id":null,\n"name":"eve"}',
        "FORMAT AS JSON 'auto'",
        [[1, "joe", None], [2, None, "2.50"], [None, "eve", None]],
    ),
    "JSON keys in other letters": (
        b'{"ID":1,"Name":"joe"}',
        "JSON 'auto ignorecase'",
        [[1, "joe", None]],
    ),
    "CSV with quotes and an own mark of NULL": (
        b'1,"a,b",2.50\n2,"say ""x""",NA\n'.replace(b'say ""x""', b'""x""'),
        "CSV NULL AS 'NA'",
        [[1, "a,b", "2.50"], [2, '"x"', None]],
    ),
    "another quotation mark and delimiter": (
        b"1;%a;b%;3\n",
        "CSV QUOTE '%' DELIMITER ';'",
        [[1, "a;b", "3.00"]],
    ),
    "missing fields are filled": (
        b"1|joe|2.5\n2|eve\n3\n",
        "FILLRECORD",
        [[1, "joe", "2.50"], [2, "eve", None], [3, "", None]],
    ),
    "missing fields are filled with NULL": (
        b"3\n",
        "FILLRECORD EMPTYASNULL",
        [[3, None, None]],
    ),
    "escapes in delimited text": (
        b"1|a\\|b|2.5\n2|c\\\\|3\n",
        "ESCAPE",
        [[1, "a|b", "2.50"], [2, "c\\", "3.00"]],
    ),
    "quotation marks are removed": (
        b'1|"a|b"|2.5\n',
        "REMOVEQUOTES",
        [[1, "a|b", "2.50"]],
    ),
    "fixed widths": (
        b"  1joe  2.50\n 12eve  3.75\n",
        "FIXEDWIDTH 'id:3,name:5,amount:4' TRIMBLANKS",
        [[1, "joe", "2.50"], [12, "eve", "3.75"]],
    ),
    "decimals are cut, or rounded if told": (
        b"1,a,1.239\n",
        "CSV ROUNDEC",
        [[1, "a", "1.24"]],
    ),
    "numbers as DuckDB would read them are refused, skipped here": (
        b"1e2,a,1\n0x1F,b,1\n1.5,c,1\n1_0,d,1\n+7,e,1\n",
        "CSV MAXERROR 10",
        [[7, "e", "1.00"]],
    ),
}


def fresh(warehouse: Warehouse, name: str, columns: str) -> str:
    warehouse.run(f"DROP TABLE IF EXISTS {name}")
    warehouse.run(f"CREATE TABLE {name} ({columns})")
    return name


@pytest.mark.parametrize("case", READ)
def test_copy_reads(warehouse: Warehouse, case: str) -> None:
    body, options, expected = READ[case]
    name = fresh(warehouse, "read_case", "id INT, name VARCHAR(5), amount NUMERIC(6,2)")
    url = warehouse.put("formats/case", body)
    warehouse.run(f"COPY {name} FROM '{url}' IAM_ROLE default {options}")
    assert warehouse.rows(f"SELECT * FROM {name} ORDER BY id") == expected  # noqa: S608


@pytest.mark.parametrize("text", ["1e2", "0x1F", "1.5", "1_0", "12a"])
def test_an_integer_is_digits(warehouse: Warehouse, text: str) -> None:
    name = fresh(warehouse, "digits_only", "id INT")
    url = warehouse.put("formats/digits", f"5\n{text}\n".encode())
    assert "failed" in warehouse.error(f"COPY {name} FROM '{url}' IAM_ROLE default CSV")
    details = warehouse.rows(
        "SELECT line_number, error_code FROM sys_load_error_detail WHERE table_name = 'digits_only' "
        "ORDER BY start_time DESC LIMIT 1"
    )
    assert details == [[2, 1207]]


def test_jsonpaths_say_where_values_stand(warehouse: Warehouse) -> None:
    name = fresh(warehouse, "by_path", "a INT, b VARCHAR(9), s SUPER")
    paths = warehouse.put(
        "formats/paths.json", json.dumps({"jsonpaths": ["$.x.y", "$['b c'][1]", "$.s"]}).encode()
    )
    url = warehouse.put("formats/pathed", b'{"x":{"y":4},"b c":["p","q"],"s":{"k":[1]}}\n')
    warehouse.run(f"COPY {name} FROM '{url}' IAM_ROLE default JSON '{paths}'")
    assert warehouse.rows(f"SELECT a, b, s.k[0]::int FROM {name}") == [[4, "q", 1]]  # noqa: S608
    short = warehouse.put("formats/short.json", b'{"jsonpaths": ["$.x"]}')
    error = warehouse.error(f"COPY {name} FROM '{url}' IAM_ROLE default JSON '{short}'")
    assert "Number of jsonpaths and the number of columns should match" in error


def test_a_whole_object_goes_into_one_super_column(warehouse: Warehouse) -> None:
    name = fresh(warehouse, "noshred", "s SUPER")
    url = warehouse.put("formats/noshred", b'{"a":1}\n{"a":2}\n')
    warehouse.run(f"COPY {name} FROM '{url}' IAM_ROLE default JSON 'noshred'")
    assert warehouse.rows(f"SELECT s.a::int FROM {name} ORDER BY 1") == [[1], [2]]  # noqa: S608


def test_noload_checks_and_loads_nothing(warehouse: Warehouse) -> None:
    name = fresh(warehouse, "noload", "id INT")
    good = warehouse.put("formats/good", b"1\n")
    bad = warehouse.put("formats/bad", b"x\n")
    warehouse.run(f"COPY {name} FROM '{good}' IAM_ROLE default NOLOAD")
    assert "failed" in warehouse.error(f"COPY {name} FROM '{bad}' IAM_ROLE default NOLOAD")
    assert warehouse.rows(f"SELECT COUNT(*) FROM {name}") == [[0]]  # noqa: S608


def test_explicit_ids_fill_identity_columns(warehouse: Warehouse) -> None:
    name = fresh(warehouse, "with_ids", "k INT IDENTITY(1,1), v VARCHAR(3)")
    url = warehouse.put("formats/explicit", b"70|a\n")
    warehouse.run(f"COPY {name} FROM '{url}' IAM_ROLE default EXPLICIT_IDS")
    assert warehouse.rows(f"SELECT k, v FROM {name}") == [[70, "a"]]  # noqa: S608


def test_lines_and_fields_are_both_counted_by_maxerror(warehouse: Warehouse) -> None:
    name = fresh(warehouse, "both_kinds", "a INT, b INT")
    url = warehouse.put("formats/both", b"1,2\n3\n4,x\n5,6\n")
    assert warehouse.run(f"COPY {name} FROM '{url}' IAM_ROLE default CSV MAXERROR 3")["ResultRows"] == 2
    rows = warehouse.rows(
        "SELECT line_number, error_code FROM sys_load_error_detail WHERE table_name = 'both_kinds' ORDER BY 1"
    )
    assert rows == [[2, 1214], [3, 1207]]


def test_a_temporary_table_can_be_loaded(warehouse: Warehouse) -> None:
    fresh(warehouse, "permanent", "id INT, v VARCHAR(3) DEFAULT 'd'")
    url = warehouse.put("formats/temporary", b"1\n2\n")
    batch = warehouse.data.batch_execute_statement(
        WorkgroupName="flights-local",
        Database="warehouse",
        Sqls=[
            "CREATE TABLE #staged (LIKE permanent INCLUDING DEFAULTS)",
            f"COPY #staged (id) FROM '{url}' IAM_ROLE default CSV",
            "INSERT INTO permanent SELECT * FROM #staged",
        ],
    )["Id"]
    assert warehouse.wait(batch)["Status"] == "FINISHED"
    assert warehouse.rows("SELECT id, v FROM permanent ORDER BY 1") == [[1, "d"], [2, "d"]]


def keys(warehouse: Warehouse, prefix: str) -> list[str]:
    listed = warehouse.s3.list_objects_v2(Bucket=warehouse.bucket, Prefix=prefix)
    return [item["Key"].removeprefix(prefix) for item in listed.get("Contents", ())]


def body(warehouse: Warehouse, key: str) -> bytes:
    found: bytes = warehouse.s3.get_object(Bucket=warehouse.bucket, Key=key)["Body"].read()
    return found


def test_unload_makes_a_folder_per_partition(warehouse: Warehouse) -> None:
    target = f"s3://{warehouse.bucket}/out/parts"
    query = "SELECT 1 AS n, ''x'' AS p UNION ALL SELECT 2, ''y z'' UNION ALL SELECT 3, NULL"
    warehouse.run(f"UNLOAD ('{query}') TO '{target}' IAM_ROLE default CSV PARTITION BY (p)")
    assert keys(warehouse, "out/parts/") == [
        "p=__HIVE_DEFAULT_PARTITION__/0000_part_00",
        "p=x/0000_part_00",
        "p=y z/0000_part_00",
    ]
    assert body(warehouse, "out/parts/p=x/0000_part_00") == b"1\n"
    missing = warehouse.error(f"UNLOAD ('SELECT 1 AS n') TO '{target}2' IAM_ROLE default PARTITION BY (q)")
    assert 'column "q" of PARTITION BY is not in the SELECT list' in missing


def test_cleanpath_removes_what_is_there(warehouse: Warehouse) -> None:
    warehouse.put("out/clean/old", b"old")
    target = f"s3://{warehouse.bucket}/out/clean/"
    assert "not empty" in warehouse.error(f"UNLOAD ('SELECT 1') TO '{target}' IAM_ROLE default")
    warehouse.run(f"UNLOAD ('SELECT 1') TO '{target}' IAM_ROLE default CLEANPATH PARALLEL OFF")
    assert keys(warehouse, "out/clean/") == ["000"]
    both = warehouse.error(f"UNLOAD ('SELECT 1') TO '{target}' IAM_ROLE default CLEANPATH ALLOWOVERWRITE")
    assert "CLEANPATH does not support ALLOWOVERWRITE" in both


def test_unload_splits_at_maxfilesize_and_repeats_the_header(warehouse: Warehouse) -> None:
    digits = "(" + " UNION ALL ".join(f"SELECT {number} AS x" for number in range(10)) + ")"
    joins = ", ".join(f"{digits} AS t{index}" for index in range(4))
    query = f"SELECT REPEAT(''0123456789'', 70) AS wide FROM {joins}"  # noqa: S608
    target = f"s3://{warehouse.bucket}/out/large/"
    options = "CSV HEADER PARALLEL OFF MAXFILESIZE 5 MB MANIFEST VERBOSE"
    description = warehouse.run(f"UNLOAD ('{query}') TO '{target}' IAM_ROLE default {options}")
    assert description["ResultRows"] == 10_000
    assert keys(warehouse, "out/large/") == ["000", "001", "manifest"]
    parts = [body(warehouse, f"out/large/{number}") for number in ("000", "001")]
    assert all(part.startswith(b"wide\n") and len(part) <= 5 * 2**20 for part in parts)
    manifest = json.loads(body(warehouse, "out/large/manifest"))
    assert manifest["meta"] == {"content_length": sum(map(len, parts)), "record_count": 10_000}
    too_small = warehouse.error(f"UNLOAD ('SELECT 1') TO '{target}x' IAM_ROLE default MAXFILESIZE 1 MB")
    assert "MAXFILESIZE must be between 5 MB and 6.2 GB" in too_small


@pytest.mark.parametrize(("packing", "suffix"), [("GZIP", ".gz"), ("BZIP2", ".bz2"), ("ZSTD", ".zst")])
def test_packed_files_go_out_and_come_back(warehouse: Warehouse, packing: str, suffix: str) -> None:
    name = fresh(warehouse, f"packed_{packing}", "id INT, v VARCHAR(9)")
    target = f"s3://{warehouse.bucket}/out/{packing}/"
    warehouse.run(f"UNLOAD ('SELECT 1, ''a|b''') TO '{target}' IAM_ROLE default CSV {packing}")
    assert keys(warehouse, f"out/{packing}/") == [f"0000_part_00{suffix}"]
    warehouse.run(f"COPY {name} FROM '{target}' IAM_ROLE default CSV {packing}")
    assert warehouse.rows(f"SELECT * FROM {name}") == [[1, "a|b"]]  # noqa: S608


def test_json_goes_out_as_an_object_per_line(warehouse: Warehouse) -> None:
    target = f"s3://{warehouse.bucket}/out/json/"
    query = "SELECT 1 AS a, ''x'' AS b, NULL::int AS c, true AS d"
    warehouse.run(f"UNLOAD ('{query}') TO '{target}' IAM_ROLE default FORMAT JSON EXTENSION 'json'")
    assert json.loads(body(warehouse, "out/json/0000_part_00.json")) == {
        "a": 1,
        "b": "x",
        "c": None,
        "d": True,
    }


def test_escape_marks_what_copy_would_misread(warehouse: Warehouse) -> None:
    name = fresh(warehouse, "escaped", "a VARCHAR(9), b VARCHAR(9)")
    target = f"s3://{warehouse.bucket}/out/escape/"
    warehouse.run(f"UNLOAD ('SELECT ''p|q'', ''x''') TO '{target}' IAM_ROLE default ESCAPE")
    assert body(warehouse, "out/escape/0000_part_00") == b"p\\|q|x\n"
    warehouse.run(f"COPY {name} FROM '{target}' IAM_ROLE default ESCAPE")
    assert warehouse.rows(f"SELECT * FROM {name}") == [["p|q", "x"]]  # noqa: S608


@pytest.mark.parametrize(
    "options",
    ["CSV ESCAPE", "JSON 'auto' DELIMITER ','", "GZIP ZSTD", "PARQUET IGNOREHEADER 1", "MAXERROR 100001"],
)
def test_options_that_exclude_one_another_are_refused(warehouse: Warehouse, options: str) -> None:
    name = fresh(warehouse, "excluded", "id INT")
    assert "ERROR" in warehouse.error(
        f"COPY {name} FROM 's3://{warehouse.bucket}/x' IAM_ROLE default {options}"
    )
