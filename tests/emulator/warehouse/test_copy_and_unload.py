"""COPY and UNLOAD through the Data API, with files on the emulated S3."""

from __future__ import annotations

import bz2
import csv
import gzip
import io
import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.emulator.warehouse.conftest import create_role

if TYPE_CHECKING:
    from tests.emulator.warehouse.conftest import Warehouse

COLUMNS = "id INT NOT NULL, name VARCHAR(5), price NUMERIC(6,2), seen TIMESTAMP, day DATE, ok BOOLEAN"
HEADER = b"id,name,price,seen,day,ok\n"


def table(warehouse: Warehouse, name: str, columns: str = COLUMNS) -> str:
    warehouse.run(f"DROP TABLE IF EXISTS {name}")
    warehouse.run(f"CREATE TABLE {name} ({columns})")
    return name


def copy(name: str, url: str, options: str = "FORMAT AS CSV IGNOREHEADER 1", role: str = "default") -> str:
    iam_role = "default" if role == "default" else f"'{role}'"
    return f"COPY {name} FROM '{url}' IAM_ROLE {iam_role} {options}"


def test_copy_of_csv_reads_every_type(warehouse: Warehouse) -> None:
    name = table(warehouse, "copy_types")
    url = warehouse.put(
        "copy/types.csv",
        HEADER + b'1,"a,""b",1.239,2013-01-01 05:15:00,2013-01-01,t\n2,,,2013-01-01T06:00:00Z,,FALSE\n',
    )
    description = warehouse.run(copy(name, url, role=warehouse.role_arn))
    assert description["ResultRows"] == 2
    assert description["HasResultSet"] is False
    assert warehouse.rows(f"SELECT * FROM {name} ORDER BY id") == [  # noqa: S608
        [1, 'a,"b', "1.23", "2013-01-01 05:15:00", "2013-01-01", True],
        [2, "", None, "2013-01-01 06:00:00", None, False],
    ]


def test_copy_appends_and_reads_every_key_with_the_prefix(warehouse: Warehouse) -> None:
    name = table(warehouse, "copy_prefix", "id INT")
    warehouse.put("prefix/a1.csv", b"1\n2\n")
    warehouse.put("prefix/a2.csv", b"3\n")
    warehouse.put("prefix/b.csv", b"9\n")
    for _ in range(2):
        warehouse.run(copy(name, f"s3://{warehouse.bucket}/prefix/a", "CSV"))
    assert warehouse.rows(f"SELECT count(*), max(id) FROM {name}") == [[6, 3]]  # noqa: S608


@pytest.mark.parametrize(("option", "pack"), [("GZIP", gzip.compress), ("BZIP2", bz2.compress)])
def test_copy_of_compressed_files(warehouse: Warehouse, option: str, pack: object) -> None:
    assert callable(pack)
    name = table(warehouse, "copy_packed", "id INT, t VARCHAR")
    url = warehouse.put(f"packed/{option}", pack(b"1|x\n2|y\n"))
    warehouse.run(copy(name, url, option))
    assert warehouse.rows(f"SELECT * FROM {name} ORDER BY 1") == [[1, "x"], [2, "y"]]  # noqa: S608


def test_copy_of_a_gzip_file_without_gzip_fails(warehouse: Warehouse) -> None:
    name = table(warehouse, "copy_unpacked", "id INT")
    url = warehouse.put("packed/secretly.csv", gzip.compress(b"1\n2\n"))
    assert "Load into table 'copy_unpacked' failed" in warehouse.error(copy(name, url, "CSV"))
    assert warehouse.rows(f"SELECT count(*) FROM {name}") == [[0]]  # noqa: S608


def test_copy_options_change_what_fields_mean(warehouse: Warehouse) -> None:
    name = table(warehouse, "copy_options", "a VARCHAR(3), b VARCHAR(9), d DATE, t TIMESTAMP, e TIMESTAMP")
    url = warehouse.put("options.csv", b"NA;;31/12/2013;5 Jan 2013 04:05;x\nabcdef;  ;01/02/2014;;\n")
    options = (
        "CSV DELIMITER ';' NULL AS 'NA' EMPTYASNULL BLANKSASNULL TRUNCATECOLUMNS DATEFORMAT 'DD/MM/YYYY' "
        "TIMEFORMAT AS 'DD MON YYYY HH24:MI' ACCEPTANYDATE"
    )
    warehouse.run(copy(name, url, options))
    assert warehouse.rows(f"SELECT * FROM {name} ORDER BY d") == [  # noqa: S608
        [None, None, "2013-12-31", "2013-01-05 04:05:00", None],
        ["abc", None, "2014-02-01", None, None],
    ]


def test_copy_reads_backslash_n_as_null_in_text_and_numbers(warehouse: Warehouse) -> None:
    name = table(warehouse, "copy_null", "a INT, b VARCHAR(9), c INT")
    url = warehouse.put("null.txt", b"1|\\N|2\n\\N||3\n")
    warehouse.run(copy(name, url, ""))
    assert warehouse.rows(f"SELECT * FROM {name} ORDER BY c") == [[1, None, 2], [None, "", 3]]  # noqa: S608


def test_copy_of_some_columns_uses_defaults_and_identity(warehouse: Warehouse) -> None:
    name = table(warehouse, "copy_some", "id BIGINT IDENTITY(100,10), a INT, b VARCHAR DEFAULT 'none', c INT")
    url = warehouse.put("some.csv", b"5,6\n7,8\n")
    warehouse.run(f"COPY {name} (c, a) FROM '{url}' IAM_ROLE default CSV")
    assert warehouse.rows(f"SELECT id, a, b, c FROM {name} ORDER BY c") == [  # noqa: S608
        [100, 6, "none", 5],
        [110, 8, "none", 7],
    ]


def test_a_bad_field_fails_the_load_and_is_recorded(warehouse: Warehouse) -> None:
    name = table(warehouse, "copy_bad")
    url = warehouse.put("bad.csv", HEADER + b"1,a,1,,,\nx2,a,1,,,\n3,toolong,1,,,\n")
    error = warehouse.error(copy(name, url))
    assert error == (
        "ERROR: Load into table 'copy_bad' failed.  Check 'sys_load_error_detail' system table for details."
    )
    assert warehouse.rows(f"SELECT count(*) FROM {name}") == [[0]]  # noqa: S608
    details = warehouse.rows(
        "SELECT line_number, column_name, error_code, error_message FROM sys_load_error_detail "
        "WHERE table_name = 'copy_bad' ORDER BY line_number"
    )
    assert details == [
        [3, "id", 1207, "Invalid digit, Value, Pos, Type"],
        [4, "name", 1204, "String length exceeds DDL length"],
    ]
    noted = "SELECT DISTINCT trim(filename) FROM stl_load_errors WHERE colname = 'id'"
    assert warehouse.rows(f"{noted} AND filename LIKE '%bad.csv%'") == [[url]]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (b"1,a\n", 1214),
        (b"1,a,1,,,,7\n", 1202),
        (b",a,1,,,\n", 1213),
        (b"1,a,1,,,maybe\n", 1210),
        (b"1,a,1,,13-1,\n", 1205),
    ],
)
def test_every_kind_of_bad_line_has_its_code(warehouse: Warehouse, line: bytes, code: int) -> None:
    name = table(warehouse, f"copy_code_{code}")
    warehouse.error(copy(name, warehouse.put(f"codes/{code}.csv", HEADER + line)))
    query = f"SELECT line_number, error_code FROM sys_load_error_detail WHERE table_name = '{name}'"  # noqa: S608
    assert warehouse.rows(query) == [[2, code]]


def test_maxerror_skips_bad_lines(warehouse: Warehouse) -> None:
    name = table(warehouse, "copy_maxerror", "id INT")
    url = warehouse.put("maxerror.csv", b"1\nx\n3\n")
    assert "failed" in warehouse.error(copy(name, url, "CSV MAXERROR 1"))
    assert warehouse.run(copy(name, url, "CSV MAXERROR 2"))["ResultRows"] == 2
    assert warehouse.rows(f"SELECT id FROM {name} ORDER BY 1") == [[1], [3]]  # noqa: S608


def test_bytes_that_are_no_utf8_need_acceptinvchars(warehouse: Warehouse) -> None:
    name = table(warehouse, "copy_utf8", "t VARCHAR(9)")
    url = warehouse.put("latin1.csv", b"caf\xe9\n")
    assert "failed" in warehouse.error(copy(name, url, "CSV"))
    warehouse.run(copy(name, url, "CSV ACCEPTINVCHARS AS '^'"))
    assert warehouse.rows(f"SELECT t FROM {name}") == [["caf^"]]  # noqa: S608


def test_a_manifest_names_the_files(warehouse: Warehouse) -> None:
    name = table(warehouse, "copy_manifest", "id INT")
    entries = [
        {"url": warehouse.put("manifested/one", b"1\n"), "mandatory": True},
        {"url": f"s3://{warehouse.bucket}/manifested/absent", "mandatory": False},
    ]
    url = warehouse.put("list.manifest", json.dumps({"entries": entries}).encode())
    warehouse.run(copy(name, url, "MANIFEST CSV"))
    assert warehouse.rows(f"SELECT id FROM {name}") == [[1]]  # noqa: S608
    entries[1]["mandatory"] = True
    url = warehouse.put("list.manifest", json.dumps({"entries": entries}).encode())
    assert "S3ServiceException" in warehouse.error(copy(name, url, "MANIFEST CSV"))


def test_a_prefix_without_keys_and_a_missing_bucket_are_errors(warehouse: Warehouse) -> None:
    name = table(warehouse, "copy_nothing", "id INT")
    error = warehouse.error(copy(name, f"s3://{warehouse.bucket}/no/such", "CSV"))
    assert error == "ERROR: The specified S3 prefix 'no/such' does not exist"
    assert "NoSuchBucket" in warehouse.error(copy(name, "s3://no-such-bucket/x", "CSV"))


def test_only_an_associated_role_that_trusts_redshift_may_copy(warehouse: Warehouse) -> None:
    name = table(warehouse, "copy_role", "id INT")
    url = warehouse.put("role.csv", b"1\n")
    stranger = create_role(warehouse.aws.client("iam"), "stranger")
    error = warehouse.error(copy(name, url, "CSV", role=stranger))
    assert error.startswith(f"ERROR: Not authorized to get credentials of role {stranger}")
    serverless = warehouse.aws.client("redshift-serverless")
    distrustful = create_role(warehouse.aws.client("iam"), "distrustful", "lambda.amazonaws.com")
    for_others = create_role(
        warehouse.aws.client("iam"), "for-others", StringEquals={"aws:SourceAccount": "999999999999"}
    )
    for_us = create_role(
        warehouse.aws.client("iam"), "for-us", StringEquals={"aws:SourceAccount": "123456789012"}
    )
    absent = "arn:aws:iam::123456789012:role/absent"
    serverless.update_namespace(
        namespaceName="flights-local", iamRoles=[warehouse.role_arn, distrustful, for_others, for_us, absent]
    )
    for role in (distrustful, for_others):
        assert "trust policy" in warehouse.error(copy(name, url, "CSV", role=role))
    warehouse.run(copy(name, url, "CSV", role=for_us))
    assert "does not exist" in warehouse.error(copy(name, url, "CSV", role=absent))


def test_keys_in_the_text_work_and_are_shown_nowhere(warehouse: Warehouse) -> None:
    name = table(warehouse, "copy_keys", "id INT")
    url = warehouse.put("keys.csv", b"1\n")
    sql = f"COPY {name} FROM '{url}' ACCESS_KEY_ID 'AKIAEXAMPLE' SECRET_ACCESS_KEY 'canary-secret' CSV"
    description = warehouse.run(sql)
    listed = warehouse.data.list_statements(MaxResults=100)
    assert "canary-secret" not in json.dumps([description, listed], default=str)
    credentials = "CREDENTIALS 'aws_access_key_id=AKIAEXAMPLE;aws_secret_access_key=canary-secret'"
    description = warehouse.run(f"COPY {name} FROM '{url}' {credentials} CSV")
    assert "canary-secret" not in json.dumps(description, default=str)
    assert warehouse.rows(f"SELECT count(*) FROM {name}") == [[2]]  # noqa: S608


@pytest.mark.parametrize("option", ["AVRO 'auto'", "ORC", "ENCRYPTED", "LZOP", "SHAPEFILE"])
def test_copy_options_that_are_not_modelled_are_named(warehouse: Warehouse, option: str) -> None:
    name = table(warehouse, "copy_refused", "id INT")
    url = warehouse.put("refused.csv", b"1\n")
    assert f"does not model COPY … {option.split(maxsplit=1)[0]}" in warehouse.error(copy(name, url, option))


def test_unload_and_copy_of_csv_come_full_circle(warehouse: Warehouse) -> None:
    target = f"s3://{warehouse.bucket}/unload/csv/"
    query = "SELECT 1 AS id, ''a,b'' AS t, true AS ok, NULL::int AS n, 1.50::numeric(5,2) AS p"
    description = warehouse.run(
        f"UNLOAD ('{query}') TO '{target}' IAM_ROLE default CSV HEADER PARALLEL OFF MANIFEST"
    )
    assert description["ResultRows"] == 1
    body = warehouse.s3.get_object(Bucket=warehouse.bucket, Key="unload/csv/000")["Body"].read().decode()
    assert list(csv.reader(io.StringIO(body))) == [["id", "t", "ok", "n", "p"], ["1", "a,b", "t", "", "1.50"]]
    manifest = json.loads(
        warehouse.s3.get_object(Bucket=warehouse.bucket, Key="unload/csv/manifest")["Body"].read()
    )
    assert manifest == {"entries": [{"url": f"{target}000", "meta": {"content_length": len(body)}}]}


def test_unload_does_not_overwrite_unless_told(warehouse: Warehouse) -> None:
    sql = f"UNLOAD ('SELECT 1') TO 's3://{warehouse.bucket}/unload/once/' IAM_ROLE default"
    warehouse.run(sql)
    assert "not empty" in warehouse.error(sql)
    warehouse.run(f"{sql} ALLOWOVERWRITE GZIP")
    body = warehouse.s3.get_object(Bucket=warehouse.bucket, Key="unload/once/0000_part_00.gz")["Body"].read()
    assert gzip.decompress(body) == b"1\n"


def test_parquet_goes_out_and_comes_back_by_type(warehouse: Warehouse) -> None:
    name = table(
        warehouse, "parquet_source", "id BIGINT, t VARCHAR(9), p NUMERIC(8,2), d DATE, s TIMESTAMP, f FLOAT8"
    )
    warehouse.run(f"INSERT INTO {name} VALUES (1, 'x', 2.50, '2013-01-01', '2013-01-01 05:00:00', 0.5)")  # noqa: S608
    target = f"s3://{warehouse.bucket}/unload/parquet/"
    warehouse.run(f"UNLOAD ('SELECT * FROM {name}') TO '{target}' IAM_ROLE default FORMAT AS PARQUET")  # noqa: S608
    keys = [
        item["Key"]
        for item in warehouse.s3.list_objects_v2(Bucket=warehouse.bucket, Prefix="unload/parquet/")[
            "Contents"
        ]
    ]
    assert keys == ["unload/parquet/0000_part_00.parquet"]
    warehouse.run(f"CREATE TABLE parquet_target (LIKE {name})")
    assert warehouse.run(copy("parquet_target", target, "FORMAT AS PARQUET"))["ResultRows"] == 1
    assert warehouse.rows("SELECT * FROM parquet_target") == warehouse.rows(f"SELECT * FROM {name}")  # noqa: S608
    table(
        warehouse, "parquet_wrong", "id VARCHAR, t VARCHAR(9), p NUMERIC(8,2), d DATE, s TIMESTAMP, f FLOAT8"
    )
    assert "incompatible Parquet schema for column 'id'" in warehouse.error(
        copy("parquet_wrong", target, "PARQUET")
    )


def test_unload_refuses_what_redshift_refuses(warehouse: Warehouse) -> None:
    target = f"s3://{warehouse.bucket}/unload/refused/"
    assert "Limit clause" in warehouse.error(f"UNLOAD ('SELECT 1 LIMIT 1') TO '{target}' IAM_ROLE default")
    assert "does not model UNLOAD … ENCRYPTED" in warehouse.error(
        f"UNLOAD ('SELECT 1 a') TO '{target}' IAM_ROLE default PARQUET ENCRYPTED"
    )


def test_a_failed_copy_is_found_in_its_errors_by_pg_last_copy_id(warehouse: Warehouse) -> None:
    name = table(warehouse, "copy_id", "a INT")
    url = warehouse.put("copy_id.csv", b"1\nx\n")
    first = warehouse.submit("SELECT 1", SessionKeepAliveSeconds=60)
    session = warehouse.wait(first)["SessionId"]

    def run(sql: str) -> dict[str, Any]:
        return warehouse.wait(warehouse.data.execute_statement(Sql=sql, SessionId=session)["Id"])

    def row(sql: str) -> list[dict[str, Any]]:
        return list(warehouse.data.get_statement_result(Id=run(sql)["Id"])["Records"][0])

    assert row("SELECT pg_last_copy_id(), pg_last_unload_count()") == [{"longValue": -1}, {"longValue": 0}]
    failed = run(copy(name, url, "CSV"))
    assert failed["Status"] == "FAILED"
    found = row("SELECT query, line_number FROM stl_load_errors WHERE query = pg_last_copy_id()")
    assert found == [{"longValue": failed["RedshiftQueryId"]}, {"longValue": 2}]
    run(f"UNLOAD ('SELECT 1 UNION ALL SELECT 2') TO 's3://{warehouse.bucket}/ids/' IAM_ROLE default")
    assert row("SELECT pg_last_unload_count()") == [{"longValue": 2}]


def test_pg_last_copy_count_lasts_for_the_session(warehouse: Warehouse) -> None:
    name = table(warehouse, "copy_count", "id INT")
    url = warehouse.put("count.csv", b"1\n2\n3\n")
    batch = warehouse.data.batch_execute_statement(
        WorkgroupName="flights-local",
        Database="warehouse",
        Sqls=[copy(name, url, "CSV"), "SELECT pg_last_copy_count()"],
    )["Id"]
    assert warehouse.wait(batch)["Status"] == "FINISHED"
    records = warehouse.data.get_statement_result(Id=f"{batch}:2")["Records"]
    assert records == [[{"longValue": 3}]]
