"""External schemas over the emulated Glue: tables whose files stand on the emulated S3."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING, Any

import duckdb
import pytest

from tests.emulator.warehouse.conftest import create_role

if TYPE_CHECKING:
    from pathlib import Path

    from tests.emulator.warehouse.conftest import Warehouse

LAZY = "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe"
CSV = "org.apache.hadoop.hive.serde2.OpenCSVSerde"
JSON = "org.openx.data.jsonserde.JsonSerDe"
PARQUET = "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe"


@pytest.fixture(scope="module")
def glue(warehouse: Warehouse) -> Any:
    """A schema `lake` over the Glue database `lake_db`."""
    warehouse.run(
        "CREATE EXTERNAL SCHEMA lake FROM DATA CATALOG DATABASE 'lake_db' "
        f"IAM_ROLE '{warehouse.role_arn}' CREATE EXTERNAL DATABASE IF NOT EXISTS"
    )
    return warehouse.aws.client("glue")


def columns(text: str) -> list[dict[str, str]]:
    return [dict(zip(("Name", "Type"), part.split(), strict=True)) for part in text.split(", ") if part]


def define(
    glue: Any, name: str, location: str, fields: str, serde: str, keys: str = "", **settings: str
) -> None:
    """Put a table into Glue; `settings` are properties of table and serde, with _ for their dots."""
    properties = {key.replace("_", "."): value for key, value in settings.items()}
    glue.create_table(
        DatabaseName="lake_db",
        TableInput={
            "Name": name,
            "TableType": "EXTERNAL_TABLE",
            "Parameters": properties,
            "PartitionKeys": columns(keys),
            "StorageDescriptor": {
                "Columns": columns(fields),
                "Location": location,
                "SerdeInfo": {"SerializationLibrary": serde, "Parameters": properties},
            },
        },
    )


def parquet(query: str, path: Path) -> bytes:
    file = path / "rows.parquet"
    duckdb.connect().execute(f"COPY ({query}) TO '{file}' (FORMAT parquet)")
    return file.read_bytes()


def test_delimited_text_is_read_with_its_delimiter_header_and_null(warehouse: Warehouse, glue: Any) -> None:
    warehouse.put("lake/text/a.txt", b"id;name;price;seen\n1;anna;1.50;2024-01-01 10:00:00;more\n2;\\N\n")
    warehouse.put("lake/text/sub/b.txt.gz", gzip.compress(b"id;name;price;seen\n3;;2;2024-01-02\n"))
    warehouse.put("lake/text/_SUCCESS", b"hidden")
    warehouse.put("lake/text/.part", b"hidden")
    define(
        glue,
        "text",
        f"s3://{warehouse.bucket}/lake/text/",
        "id int, name string, price decimal(6,2), seen timestamp",
        LAZY,
        skip_header_line_count="1",
        field_delim=";",
    )
    assert warehouse.rows("SELECT * FROM lake.text ORDER BY id") == [
        [1, "anna", "1.50", "2024-01-01 10:00:00"],
        [2, None, None, None],
        [3, "", "2.00", "2024-01-02 00:00:00"],
    ]
    assert warehouse.rows("SELECT AVG(lake.text.id) FROM lake.text WHERE lake.text.id > 1") == [[2]]


def test_csv_is_read_with_its_quotes(warehouse: Warehouse, glue: Any) -> None:
    warehouse.put("lake/csv/a.csv", b'1,"a,""b"\n2,plain\n')
    define(glue, "quoted", f"s3://{warehouse.bucket}/lake/csv", "id int, v varchar(5)", CSV)
    assert warehouse.rows("SELECT v FROM lake.quoted ORDER BY id") == [['a,"b'], ["plain"]]


def test_json_is_read_by_names_whatever_their_case(warehouse: Warehouse, glue: Any) -> None:
    warehouse.put("lake/json/a.json", b'{"Id": 1, "ok": true}\n{"Id": 2, "other": "x"}\n')
    define(glue, "documents", f"s3://{warehouse.bucket}/lake/json/", "id bigint, ok boolean", JSON)
    assert warehouse.rows("SELECT id, ok FROM lake.documents ORDER BY 1") == [[1, True], [2, None]]


def test_parquet_is_matched_by_name_and_joins_local_tables(
    warehouse: Warehouse, glue: Any, tmp_path: Path
) -> None:
    body = parquet("SELECT 'x' AS name, 7::INTEGER AS id, 1.25::DECIMAL(8,2) AS price", tmp_path)
    warehouse.put("lake/parquet/a.parquet", body)
    location = f"s3://{warehouse.bucket}/lake/parquet/"
    define(glue, "typed", location, "id int, name string, price decimal(8,2), later date", PARQUET)
    warehouse.run("CREATE TABLE joined (id INT, v VARCHAR(5))")
    warehouse.run("INSERT INTO joined VALUES (7, 'seven')")
    assert warehouse.rows("SELECT t.*, j.v FROM lake.typed t JOIN joined j ON j.id = t.id") == [
        [7, "x", "1.25", None, "seven"]
    ]
    warehouse.run("CREATE TABLE copied AS SELECT name, id FROM lake.typed")
    assert warehouse.rows("SELECT * FROM copied") == [["x", 7]]
    warehouse.run("INSERT INTO joined SELECT id + 1, name FROM lake.typed")
    assert warehouse.rows("SELECT MAX(id) FROM joined") == [[8]]


def test_a_parquet_column_of_another_type_fails_the_scan(
    warehouse: Warehouse, glue: Any, tmp_path: Path
) -> None:
    warehouse.put("lake/wrong/a.parquet", parquet("SELECT 'x' AS id", tmp_path))
    define(glue, "wrong", f"s3://{warehouse.bucket}/lake/wrong/", "id int", PARQUET)
    error = warehouse.error("SELECT * FROM lake.wrong")
    assert error == (
        "ERROR: Spectrum Scan Error Detail: File 's3://flights-data/lake/wrong/a.parquet' has an "
        "incompatible Parquet schema for column 'id'. Column type: integer, Parquet: VARCHAR"
    )


def test_hidden_and_missing_files_give_no_rows(warehouse: Warehouse, glue: Any) -> None:
    define(glue, "empty", f"s3://{warehouse.bucket}/lake/nothing/", "id int", PARQUET, keys="day date")
    assert warehouse.rows("SELECT id, day FROM lake.empty") == []
    assert warehouse.rows("SELECT COUNT(*) FROM lake.empty WHERE day > '2024-01-01'") == [[0]]


def partitioned(warehouse: Warehouse, glue: Any, name: str) -> None:
    define(
        glue, name, f"s3://{warehouse.bucket}/lake/{name}/", "v string", LAZY, "year int, month string",
        field_delim=",",
    )  # fmt: skip
    warehouse.put(f"lake/{name}/year=2023/month=12/a.csv", b"old\n")
    warehouse.put(f"lake/{name}/year=2024/month=01/a.csv", b"new\n")
    warehouse.put(f"lake/{name}/year=2024/month=02/a.csv", b"not registered\n")


def test_registered_partitions_are_read_and_others_are_not(warehouse: Warehouse, glue: Any) -> None:
    partitioned(warehouse, glue, "parts")
    base = f"s3://{warehouse.bucket}/lake/parts"
    first = f"PARTITION (year=2023, month='12') LOCATION '{base}/year=2023/month=12/'"
    warehouse.run(f"ALTER TABLE lake.parts ADD {first}")
    assert "AlreadyExistsException" in warehouse.error(f"ALTER TABLE lake.parts ADD {first}")
    assert "is partitioned by year, month" in warehouse.error(
        "ALTER TABLE lake.parts ADD PARTITION (year=1) LOCATION 's3://flights-data/x/'"
    )
    warehouse.run(
        "ALTER TABLE lake.parts ADD IF NOT EXISTS "
        f"{first} "
        f"PARTITION (year=2024, month='01') LOCATION '{base}/year=2024/month=01/'"
    )
    assert warehouse.rows("SELECT * FROM lake.parts ORDER BY year") == [
        ["old", 2023, "12"],
        ["new", 2024, "01"],
    ]
    assert warehouse.rows(
        "SELECT values, location FROM svv_external_partitions WHERE tablename = 'parts'"
    ) == [
        ['["2023","12"]', f"{base}/year=2023/month=12/"],
        ['["2024","01"]', f"{base}/year=2024/month=01/"],
    ]
    warehouse.run("ALTER TABLE lake.parts DROP PARTITION (year=2023, month='12')")
    assert warehouse.rows("SELECT year FROM lake.parts") == [[2024]]


def test_only_the_partitions_that_where_asks_for_are_read(warehouse: Warehouse, glue: Any) -> None:
    partitioned(warehouse, glue, "pruned")
    base = f"s3://{warehouse.bucket}/lake/pruned"
    warehouse.run(
        f"ALTER TABLE lake.pruned ADD PARTITION (year=2024, month='01') LOCATION '{base}/year=2024/month=01/'"
    )
    warehouse.run(
        "ALTER TABLE lake.pruned ADD PARTITION (year=2022, month='01') LOCATION 's3://no-bucket/x/'"
    )
    asked = "p.year BETWEEN 2023 AND 2025 AND month IN ('01', '02') AND v LIKE 'n%'"
    assert warehouse.rows(f"SELECT p.v FROM lake.pruned p WHERE {asked}") == [["new"]]  # noqa: S608
    assert "NoSuchBucket" in warehouse.error("SELECT v FROM lake.pruned")
    assert "NoSuchBucket" in warehouse.error("SELECT v FROM lake.pruned WHERE year = 2024 OR v = 'x'")
    outer = "SELECT 1 FROM (SELECT 1 AS y) l LEFT JOIN lake.pruned r ON r.year = l.y WHERE r.year IS NULL"
    assert "NoSuchBucket" not in warehouse.error(outer.replace("LEFT JOIN", "CROSS JOIN LATERAL"))
    assert "NoSuchBucket" in warehouse.error(outer)


def test_a_table_made_in_sql_stands_in_glue(warehouse: Warehouse, glue: Any) -> None:
    warehouse.put("lake/made/day=2024-01-01/a.tsv", b"1\ta\n")
    warehouse.run(
        "CREATE EXTERNAL TABLE lake.made (id INTEGER, v VARCHAR(10), n DOUBLE PRECISION) "
        "PARTITIONED BY (day DATE) ROW FORMAT DELIMITED FIELDS TERMINATED BY '\\t' STORED AS TEXTFILE "
        f"LOCATION 's3://{warehouse.bucket}/lake/made/' TABLE PROPERTIES ('numRows'='1')"
    )
    made = glue.get_table(DatabaseName="lake_db", Name="made")["Table"]
    assert made["StorageDescriptor"]["Columns"] == columns("id int, v varchar(10), n double")
    assert made["Parameters"] == {"EXTERNAL": "TRUE", "numRows": "1"}
    location = f"s3://{warehouse.bucket}/lake/made/day=2024-01-01/"
    warehouse.run(f"ALTER TABLE lake.made ADD PARTITION (day='2024-01-01') LOCATION '{location}'")
    assert warehouse.rows("SELECT * FROM lake.made WHERE day = '2024-01-01'") == [
        [1, "a", None, "2024-01-01"]
    ]
    assert warehouse.rows(
        "SELECT columnname, external_type, columnnum, part_key FROM svv_external_columns "
        "WHERE schemaname = 'lake' AND tablename = 'made' ORDER BY columnnum"
    ) == [
        ["id", "int", 1, 0], ["v", "varchar(10)", 2, 0], ["n", "double", 3, 0], ["day", "date", 4, 1],
    ]  # fmt: skip
    assert warehouse.rows("SHOW TABLES FROM SCHEMA lake LIKE 'mad%'") == [
        ["warehouse", "lake", "made", "EXTERNAL TABLE", None, None]
    ]
    assert 'Relation "made" already exists' in warehouse.error(
        "CREATE EXTERNAL TABLE lake.made (id INT) STORED AS PARQUET LOCATION 's3://flights-data/x/'"
    )
    warehouse.run("DROP TABLE lake.made")
    assert warehouse.error("SELECT * FROM lake.made") == 'ERROR: relation "lake.made" does not exist'


def test_views_without_schema_binding_read_external_tables(warehouse: Warehouse, glue: Any) -> None:
    warehouse.put("lake/viewed/a.csv", b"1\n2\n")
    define(glue, "viewed", f"s3://{warehouse.bucket}/lake/viewed/", "id int", CSV)
    query = "SELECT SUM(id) AS total FROM lake.viewed"
    assert warehouse.error(f"CREATE VIEW bound AS {query}") == (
        "ERROR: External tables are not supported in views"
    )
    warehouse.run(f"CREATE VIEW unbound AS {query} WITH NO SCHEMA BINDING")
    assert warehouse.rows("SELECT total FROM unbound") == [[3]]
    warehouse.run(f"CREATE MATERIALIZED VIEW lake_total AS {query}")
    warehouse.put("lake/viewed/b.csv", b"4\n")
    assert warehouse.rows("SELECT total FROM lake_total") == [[3]]
    warehouse.run("REFRESH MATERIALIZED VIEW lake_total")
    assert warehouse.rows("SELECT total FROM lake_total") == [[7]]
    target = f"s3://{warehouse.bucket}/out/v_"
    warehouse.run(f"UNLOAD ('SELECT total FROM unbound') TO '{target}' IAM_ROLE default")  # noqa: S608
    listed = warehouse.s3.list_objects_v2(Bucket=warehouse.bucket, Prefix="out/v_")["Contents"]
    body = warehouse.s3.get_object(Bucket=warehouse.bucket, Key=listed[0]["Key"])["Body"]
    assert body.read() == b"7\n"


def test_values_that_a_column_does_not_take_fail_the_scan(warehouse: Warehouse, glue: Any) -> None:
    warehouse.put("lake/bad/a.csv", b"abcdef\n")
    define(glue, "longer", f"s3://{warehouse.bucket}/lake/bad/", "v varchar(3)", CSV)
    define(glue, "letters", f"s3://{warehouse.bucket}/lake/bad/", "v int", CSV)
    assert warehouse.error("SELECT * FROM lake.longer") == (
        "ERROR: Spectrum Scan Error Detail: The length of the data column v is longer than the length "
        "defined in the table. Table: 3"
    )
    assert warehouse.error("SELECT * FROM lake.letters").startswith("ERROR: Spectrum Scan Error Detail:")


@pytest.mark.parametrize(
    ("sql", "error"),
    [
        ("SELECT * FROM lake.nothing", 'ERROR: relation "lake.nothing" does not exist'),
        ("INSERT INTO lake.text VALUES (1)", "does not model INSERT with the external table lake.text"),
        ("DELETE FROM lake.text", "does not model DELETE with the external table lake.text"),
        ("CREATE EXTERNAL SCHEMA lake FROM DATA CATALOG DATABASE 'x' IAM_ROLE default", "already exists"),
        ("CREATE EXTERNAL SCHEMA a FROM POSTGRES DATABASE 'x'", "does not model CREATE EXTERNAL SCHEMA FROM"),
        ("CREATE EXTERNAL SCHEMA a FROM DATA CATALOG DATABASE 'x'", "requires IAM_ROLE"),
        ('SELECT "$path" FROM lake.text', 'does not model the pseudo column "$path"'),
        ("ALTER TABLE lake.text ADD COLUMN x INT", "does not model ALTER TABLE of an external table"),
        (
            "CREATE EXTERNAL TABLE lake.o (a INT) STORED AS ORC LOCATION 's3://flights-data/x/'",
            "does not model CREATE EXTERNAL TABLE STORED AS ORC",
        ),
        ("CREATE EXTERNAL TABLE public.o (a INT) STORED AS PARQUET LOCATION 's3://b/x/'", "not an external"),
        ("SELECT 1 AS a INTO lake.here", "Operations on local objects in external schema are not enabled"),
        ("CREATE VIEW lake.here AS SELECT 1 AS a", "Operations on local objects in external schema"),
        (
            "CREATE VIEW lake.here AS SELECT 1 AS a FROM lake.text WITH NO SCHEMA BINDING",
            "Operations on local objects in external schema are not enabled",
        ),
        ("COPY lake.text FROM 's3://flights-data/lake/' IAM_ROLE default CSV", "ERROR: Cannot COPY into"),
        ("CREATE TABLE lake.here (a INT)", "Operations on local objects in external schema are not enabled"),
    ],
)
def test_what_is_wrong_or_not_modelled_is_said(warehouse: Warehouse, glue: Any, sql: str, error: str) -> None:
    assert glue
    assert error in warehouse.error(sql)


def test_nested_types_and_other_formats_are_refused_by_name(warehouse: Warehouse, glue: Any) -> None:
    location = f"s3://{warehouse.bucket}/lake/csv"
    define(glue, "nested", location, "id int, tags array<string>", JSON)
    define(glue, "orc", location, "id int", "org.apache.hadoop.hive.ql.io.orc.OrcSerde")
    assert "does not model the type array<string> of column tags" in warehouse.error(
        "SELECT 1 FROM lake.nested"
    )
    assert "does not model the format org.apache.hadoop.hive.ql.io.orc" in warehouse.error(
        "SELECT 1 FROM lake.orc"
    )


def test_a_role_that_redshift_may_not_take_makes_no_schema(warehouse: Warehouse) -> None:
    stranger = create_role(warehouse.aws.client("iam"), "lake-stranger")
    error = warehouse.error(
        f"CREATE EXTERNAL SCHEMA foreign_lake FROM DATA CATALOG DATABASE 'x' IAM_ROLE '{stranger}'"
    )
    assert error.startswith(f"ERROR: Not authorized to get credentials of role {stranger}")


def test_schemas_are_listed_and_dropped_with_their_database(warehouse: Warehouse, glue: Any) -> None:
    create = (
        "CREATE EXTERNAL SCHEMA IF NOT EXISTS gone FROM DATA CATALOG DATABASE 'gone_db' IAM_ROLE default "
        "CREATE EXTERNAL DATABASE IF NOT EXISTS"
    )
    warehouse.run(create)
    warehouse.run(create)
    glue.create_table(DatabaseName="gone_db", TableInput={"Name": "t", "StorageDescriptor": {"Columns": []}})
    assert warehouse.rows(
        "SELECT eskind, databasename, esoptions FROM svv_external_schemas WHERE schemaname = 'gone'"
    ) == [[1, "gone_db", '{"IAM_ROLE":"default"}']]
    assert warehouse.rows("SELECT tablename FROM svv_external_tables WHERE schemaname = 'gone'") == [["t"]]
    assert warehouse.rows("SELECT schema_type FROM svv_all_schemas WHERE schema_name = 'gone'") == [
        ["external"]
    ]
    assert "is not empty" in warehouse.error("DROP SCHEMA gone DROP EXTERNAL DATABASE")
    warehouse.run("DROP SCHEMA gone DROP EXTERNAL DATABASE CASCADE")
    assert "gone_db" not in [database["Name"] for database in glue.get_databases()["DatabaseList"]]
    assert warehouse.rows("SELECT * FROM svv_external_schemas WHERE schemaname = 'gone'") == []
    warehouse.run("CREATE EXTERNAL SCHEMA gone FROM DATA CATALOG DATABASE 'gone_db' IAM_ROLE default")
    assert "EntityNotFoundException" in warehouse.error("SELECT * FROM gone.t")
    warehouse.run("DROP SCHEMA gone")


def test_temporary_rows_of_a_statement_are_gone_with_the_next(warehouse: Warehouse, glue: Any) -> None:
    warehouse.put("lake/kept/a.csv", b"1\n")
    define(glue, "seen", f"s3://{warehouse.bucket}/lake/kept/", "id int", CSV)
    first = warehouse.run("SELECT id FROM lake.seen", SessionKeepAliveSeconds=60)
    session = first["SessionId"]
    found = warehouse.data.execute_statement(
        Sql="SELECT COUNT(*) FROM svv_tables WHERE table_name LIKE 'external_%'", SessionId=session
    )
    warehouse.wait(found["Id"])
    (row,) = warehouse.data.get_statement_result(Id=found["Id"])["Records"]
    assert row == [{"longValue": 0}]
