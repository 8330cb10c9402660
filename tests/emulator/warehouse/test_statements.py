"""The redshift-data API, over HTTP with boto3."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from tests.emulator.warehouse.conftest import Warehouse

TARGET = {"WorkgroupName": "flights-local", "Database": "warehouse"}
SLOW = "SELECT COUNT(*) FROM slow a, slow b, slow c"


def refusal(call: Any, **params: Any) -> str:
    with pytest.raises(ClientError) as caught:
        call(**params)
    error = caught.value.response["Error"]
    return f"{error['Code']}: {error['Message']}"


def batch(warehouse: Warehouse, *sqls: str, **options: Any) -> dict[str, Any]:
    answer = warehouse.data.batch_execute_statement(**TARGET, Sqls=list(sqls), **options)
    return warehouse.wait(answer["Id"])


@pytest.fixture
def slow(warehouse: Warehouse) -> str:
    """A query that would run for minutes."""
    warehouse.run("CREATE TABLE IF NOT EXISTS slow (n INT)")
    warehouse.run("DELETE FROM slow")
    digits = ", ".join(f"({number})" for number in range(10))
    warehouse.run(f"INSERT INTO slow VALUES {digits}")  # noqa: S608
    for _ in range(3):
        warehouse.run("INSERT INTO slow SELECT a.n FROM slow a, (SELECT n FROM slow LIMIT 9) b")
    return f"{SLOW} WHERE a.n * b.n + c.n > 3"


def test_fields_and_metadata_have_redshifts_types(warehouse: Warehouse) -> None:
    statement = warehouse.submit(
        "SELECT 1::smallint AS s, 2 AS i, 3::bigint AS b, 0.5::float8 AS f, true AS t, NULL AS n, 'x' AS v, "
        "1.50::numeric(6,2) AS d, DATE '2013-01-01' AS day, TIMESTAMP '2013-01-01 05:00:00.25' AS ts"
    )
    description = warehouse.wait(statement)
    assert description["HasResultSet"] is True
    assert description["ResultRows"] == 1
    assert description["ResultSize"] > 0
    assert description["Duration"] > 0
    assert description["RedshiftQueryId"] > 0
    result = warehouse.data.get_statement_result(Id=statement)
    assert result["TotalNumRows"] == 1
    assert result["Records"] == [
        [
            {"longValue": 1},
            {"longValue": 2},
            {"longValue": 3},
            {"doubleValue": 0.5},
            {"booleanValue": True},
            {"isNull": True},
            {"stringValue": "x"},
            {"stringValue": "1.50"},
            {"stringValue": "2013-01-01"},
            {"stringValue": "2013-01-01 05:00:00.25"},
        ]
    ]
    types = [column["typeName"] for column in result["ColumnMetadata"]]
    assert types == [
        "int2",
        "int4",
        "int8",
        "float8",
        "bool",
        "varchar",
        "varchar",
        "numeric",
        "date",
        "timestamp",
    ]
    decimal = result["ColumnMetadata"][7]
    assert (decimal["name"], decimal["precision"], decimal["scale"]) == ("d", 6, 2)


def test_results_come_in_pages(warehouse: Warehouse) -> None:
    numbers = " UNION ALL ".join(f"SELECT {number}" for number in range(10))
    digits = f"({numbers})"
    query = (
        "SELECT a.x + 10 * b.x + 100 * c.x + 1000 * d.x AS n "  # noqa: S608
        f"FROM {digits} a (x), {digits} b (x), {digits} c (x), "
        "(SELECT 0 UNION ALL SELECT 1 UNION ALL SELECT 2) d (x) "
        "ORDER BY n"
    )
    statement = warehouse.run(query)["Id"]
    first = warehouse.data.get_statement_result(Id=statement)
    assert len(first["Records"]) == 1000
    assert first["TotalNumRows"] == 3000
    assert [row[0] for row in warehouse.rows(query)] == list(range(3000))
    assert "ValidationException" in refusal(
        warehouse.data.get_statement_result, Id=statement, NextToken="other"
    )


def test_parameters_are_values_never_sql(warehouse: Warehouse) -> None:
    parameters = [{"name": "city", "value": "x' OR '1'='1"}, {"name": "n", "value": "5"}]
    query = "SELECT :city AS c, 2 < :n AS more, 'a:n' AS quoted, '7'::int AS cast_not_parameter"
    assert warehouse.rows(query, Parameters=parameters) == [["x' OR '1'='1", True, "a:n", 7]]
    description = warehouse.run(query, Parameters=parameters)
    assert description["QueryParameters"] == parameters
    unused = refusal(warehouse.data.execute_statement, **TARGET, Sql="SELECT 1", Parameters=parameters[:1])
    assert "unused parameters" in unused
    assert 'syntax error at or near ":absent"' in warehouse.error("SELECT :absent")


def test_a_batch_is_one_transaction(warehouse: Warehouse) -> None:
    warehouse.run("CREATE TABLE IF NOT EXISTS batched (n INT)")
    done = batch(warehouse, "INSERT INTO batched VALUES (1)", "SELECT COUNT(*) AS c FROM batched")
    assert done["Status"] == "FINISHED"
    assert [part["Status"] for part in done["SubStatements"]] == ["FINISHED", "FINISHED"]
    assert [part["Id"] for part in done["SubStatements"]] == [f"{done['Id']}:1", f"{done['Id']}:2"]
    assert warehouse.data.get_statement_result(Id=f"{done['Id']}:2")["Records"] == [[{"longValue": 1}]]
    failed = batch(warehouse, "INSERT INTO batched VALUES (2)", "SELECT nothing FROM batched", "SELECT 1")
    assert failed["Status"] == "FAILED"
    assert 'column "nothing" does not exist' in failed["Error"]
    assert [part["Status"] for part in failed["SubStatements"]] == ["FINISHED", "FAILED", "ABORTED"]
    assert warehouse.rows("SELECT n FROM batched") == [[1]]


def test_auto_commit_keeps_what_succeeded(warehouse: Warehouse) -> None:
    warehouse.run("CREATE TABLE IF NOT EXISTS committed (n INT)")
    failed = batch(
        warehouse,
        "INSERT INTO committed VALUES (1)",
        "SELECT nothing FROM committed",
        ExecutionMode="AUTO_COMMIT",
    )
    assert failed["Status"] == "FAILED"
    assert warehouse.rows("SELECT n FROM committed") == [[1]]


def test_truncate_commits_the_transaction_it_stands_in(warehouse: Warehouse) -> None:
    warehouse.run("CREATE TABLE IF NOT EXISTS truncated (n INT)")
    warehouse.run("INSERT INTO truncated VALUES (1)")
    assert batch(warehouse, "TRUNCATE truncated", "SELECT nothing FROM truncated")["Status"] == "FAILED"
    assert warehouse.rows("SELECT COUNT(*) FROM truncated") == [[0]]


def test_a_column_changes_its_length_outside_of_a_transaction_only(warehouse: Warehouse) -> None:
    warehouse.run("CREATE TABLE resized (a VARCHAR(2))")
    longer = 'ALTER TABLE resized ALTER COLUMN "a" TYPE VARCHAR(9)'

    failed = batch(warehouse, "INSERT INTO resized VALUES ('x')", longer)

    assert failed["Error"] == "ERROR: ALTER TABLE ALTER COLUMN cannot run inside a transaction block"
    assert batch(warehouse, "ALTER TABLE resized ADD COLUMN type INT")["Status"] == "FINISHED"
    warehouse.run(longer)
    warehouse.run("INSERT INTO resized (a) VALUES ('123456789')")
    assert warehouse.rows("SELECT a FROM resized") == [["123456789"]]


def test_a_session_keeps_its_transaction_and_temporary_tables(warehouse: Warehouse) -> None:
    first = warehouse.data.execute_statement(
        **TARGET, Sql="CREATE TEMP TABLE kept (n INT)", SessionKeepAliveSeconds=60
    )
    session = first["SessionId"]
    warehouse.wait(first["Id"])

    def run(sql: str) -> dict[str, Any]:
        return warehouse.wait(warehouse.data.execute_statement(Sql=sql, SessionId=session)["Id"])

    assert [run(sql)["Status"] for sql in ("BEGIN", "INSERT INTO kept VALUES (1)", "ROLLBACK")] == [
        "FINISHED"
    ] * 3
    assert run("INSERT INTO kept VALUES (2)")["Status"] == "FINISHED"
    counted = run("SELECT SUM(n) FROM kept")
    assert warehouse.data.get_statement_result(Id=counted["Id"])["Records"] == [[{"longValue": 2}]]
    run("BEGIN")
    assert run("SELECT nothing FROM kept")["Status"] == "FAILED"
    assert "current transaction is aborted" in run("SELECT 1")["Error"]
    assert run("ROLLBACK")["Status"] == "FINISHED"
    assert run("SELECT 1")["Status"] == "FINISHED"
    assert 'relation "kept" does not exist' in warehouse.error("SELECT * FROM kept")
    absent = "00000000-0000-0000-0000-000000000000"
    assert "ValidationException" in refusal(
        warehouse.data.execute_statement, Sql="SELECT 1", SessionId=absent
    )


def test_a_row_beyond_64_kilobytes_fails_its_statement(warehouse: Warehouse) -> None:
    assert warehouse.rows("SELECT LEN(REPEAT('é', 32000)), REPEAT('é', 32000)")[0][0] == 32000
    for value in ("REPEAT('é', 33000)", "REPEAT('a', 40000), REPEAT('b', 40000)"):
        assert warehouse.error(f"SELECT {value}").startswith("ERROR: Packet for query is too large")
    warehouse.run(
        "CREATE TABLE IF NOT EXISTS wide AS SELECT REPEAT('a', 40000) AS a, REPEAT('b', 40000) AS b"
    )
    assert warehouse.rows("SELECT LEN(a) + LEN(b) FROM wide") == [[80000]]


def test_a_client_token_makes_a_request_idempotent(warehouse: Warehouse) -> None:
    warehouse.run("CREATE TABLE IF NOT EXISTS once (n INT)")
    sql = "INSERT INTO once VALUES (1)"
    first, second = (warehouse.submit(sql, ClientToken="token-1") for _ in range(2))
    assert first == second
    warehouse.wait(first)
    assert warehouse.rows("SELECT COUNT(*) FROM once") == [[1]]
    other = refusal(warehouse.data.execute_statement, **TARGET, Sql="SELECT 1", ClientToken="token-1")
    assert other.startswith("ValidationException")


def test_a_running_statement_can_be_cancelled(warehouse: Warehouse, slow: str) -> None:
    statement = warehouse.submit(slow)
    while warehouse.data.describe_statement(Id=statement)["Status"] == "SUBMITTED":
        time.sleep(0.01)
    assert warehouse.data.cancel_statement(Id=statement)["Status"] is True
    assert warehouse.wait(statement)["Status"] == "ABORTED"
    assert "ValidationException" in refusal(warehouse.data.cancel_statement, Id=statement)
    assert "ResourceNotFoundException" in refusal(warehouse.data.get_statement_result, Id=statement)


def test_writers_wait_for_one_another(warehouse: Warehouse) -> None:
    warehouse.run("CREATE TABLE IF NOT EXISTS shared (n INT)")
    statements = [warehouse.submit(f"INSERT INTO shared SELECT COUNT(*) + {n} FROM shared") for n in range(8)]  # noqa: S608
    assert {warehouse.wait(statement)["Status"] for statement in statements} == {"FINISHED"}
    tables = [warehouse.submit(f"CREATE TABLE shared_{n} AS SELECT * FROM shared") for n in range(8)]  # noqa: S608
    assert {warehouse.wait(statement)["Status"] for statement in tables} == {"FINISHED"}
    assert warehouse.rows("SELECT COUNT(*) FROM shared") == [[8]]


def test_statements_are_listed_by_name_and_status(warehouse: Warehouse) -> None:
    good = warehouse.run("SELECT 1", StatementName="listed-good")["Id"]
    bad = warehouse.wait(warehouse.submit("SELECT nothing", StatementName="listed-bad"))["Id"]
    found = warehouse.data.list_statements(StatementName="listed-", WorkgroupName="flights-local")[
        "Statements"
    ]
    assert [item["Id"] for item in found] == [bad, good]
    failed = warehouse.data.list_statements(StatementName="listed-", Status="FAILED")["Statements"]
    assert [item["Id"] for item in failed] == [bad]
    assert failed[0]["QueryString"] == "SELECT nothing"
    assert failed[0]["IsBatchStatement"] is False


def test_csv_results_need_the_second_version(warehouse: Warehouse) -> None:
    statement = warehouse.run("SELECT 1 AS a, 'x,y' AS b, NULL AS c", ResultFormat="CSV")["Id"]
    result = warehouse.data.get_statement_result_v2(Id=statement)
    assert result["ResultFormat"] == "CSV"
    assert result["Records"] == [{"CSVRecords": 'a,b,c\r\n1,"x,y",\r\n'}]
    assert "ValidationException" in refusal(warehouse.data.get_statement_result, Id=statement)


def test_the_catalog_is_described(warehouse: Warehouse) -> None:
    warehouse.run("CREATE SCHEMA IF NOT EXISTS described")
    warehouse.run(
        "CREATE TABLE IF NOT EXISTS described.things "
        "(id INT NOT NULL, name VARCHAR(7) DEFAULT 'x', p NUMERIC(8,3))"
    )
    warehouse.run("CREATE OR REPLACE VIEW described.names AS SELECT name FROM described.things")
    data = warehouse.data
    assert data.list_databases(**TARGET)["Databases"] == ["warehouse"]
    assert data.list_schemas(**TARGET, SchemaPattern="desc%")["Schemas"] == ["described"]
    assert data.list_tables(**TARGET, SchemaPattern="described")["Tables"] == [
        {"schema": "described", "name": "names", "type": "VIEW"},
        {"schema": "described", "name": "things", "type": "TABLE"},
    ]
    columns = data.describe_table(**TARGET, Schema="described", Table="things")["ColumnList"]
    assert [(c["name"], c["typeName"], c["nullable"], c["length"]) for c in columns] == [
        ("id", "int4", 0, 0),
        ("name", "varchar", 1, 7),
        ("p", "numeric", 1, 0),
    ]


def test_the_secret_must_open_the_database(warehouse: Warehouse) -> None:
    assert warehouse.rows("SELECT 1", SecretArn=warehouse.secret_arn) == [[1]]
    name = warehouse.secret_arn.rpartition(":")[2].rpartition("-")[0]
    assert warehouse.rows("SELECT 1", SecretArn=name) == [[1]]
    execute = warehouse.data.execute_statement
    assert "ValidationException" in refusal(
        execute, **TARGET, Sql="SELECT 1", SecretArn=f"{warehouse.secret_arn}x"
    )
    wrong = warehouse.aws.client("secretsmanager").create_secret(
        Name="wrong", SecretString='{"username": "admin", "password": "guess"}'
    )["ARN"]
    message = refusal(execute, **TARGET, Sql="SELECT 1", SecretArn=wrong)
    assert 'password authentication failed for user "admin"' in message


def test_requests_that_redshift_refuses(warehouse: Warehouse) -> None:
    execute = warehouse.data.execute_statement
    absent = refusal(execute, WorkgroupName="absent", Database="warehouse", Sql="SELECT 1")
    assert absent == "ValidationException: Redshift endpoint doesn't exist in this region."
    assert "DbUser" in refusal(execute, **TARGET, DbUser="admin", Sql="SELECT 1")
    assert "provisioned clusters" in refusal(execute, ClusterIdentifier="c", Database="d", Sql="SELECT 1")
    assert "WorkgroupName and Database" in refusal(execute, WorkgroupName="flights-local", Sql="SELECT 1")
    assert "WithEvent" in refusal(execute, **TARGET, Sql="SELECT 1", WithEvent=True)
    unknown = "00000000-0000-0000-0000-000000000000"
    assert "ResourceNotFoundException" in refusal(warehouse.data.describe_statement, Id=unknown)
    other = warehouse.data.execute_statement(WorkgroupName="flights-local", Database="other", Sql="SELECT 1")
    assert warehouse.wait(other["Id"])["Error"] == 'FATAL: database "other" does not exist'
    assert "UnknownOperationException" in refusal(warehouse.data.list_sessions)


def test_airflows_operators_can_poll(warehouse: Warehouse) -> None:
    """RedshiftDataOperator and S3ToRedshiftOperator send these parameters and read these answers."""
    answer = warehouse.data.batch_execute_statement(
        **TARGET,
        Sqls=["BEGIN;", "CREATE TABLE IF NOT EXISTS polled (n INT);", "DELETE FROM polled;", "COMMIT"],
        WithEvent=False,
        SecretArn=warehouse.secret_arn,
        StatementName="airflow",
    )
    description = warehouse.wait(answer["Id"])
    assert description["Status"] == "FINISHED"
    assert description["SubStatements"][1]["Status"] == "FINISHED"
    assert warehouse.rows("SELECT COUNT(*) FROM polled") == [[0]]
