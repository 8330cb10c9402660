"""COPY and UNLOAD as text, read into values."""

from __future__ import annotations

import pytest

from mwaactl.emulator.warehouse.faults import Refused, StatementFailed
from mwaactl.emulator.warehouse.sql.load_options import masked, read_copy, read_unload

SOURCE = "FROM 's3://bucket/key' IAM_ROLE default"


def test_a_copy_has_a_table_columns_a_source_and_options() -> None:
    command = read_copy(
        "COPY \"raw\".Flights (Year, \"day\") FROM 's3://b/k' IAM_ROLE 'arn:one,arn:two' "
        "FORMAT AS CSV DELIMITER AS ';' IGNOREHEADER 1 NULL AS 'NA' MAXERROR AS 5 COMPUPDATE OFF "
        "REGION 'eu-west-1'"
    )
    assert (command.schema, command.table, command.columns) == ("raw", "flights", ("year", "day"))
    assert command.authorization.roles == ("arn:one", "arn:two")
    assert command.options == {
        "CSV": True,
        "DELIMITER": ";",
        "IGNOREHEADER": 1,
        "NULL": "NA",
        "MAXERROR": 5,
        "COMPUPDATE": "OFF",
        "REGION": "eu-west-1",
    }


@pytest.mark.parametrize(
    "text",
    [
        "ACCESS_KEY_ID 'key' SECRET_ACCESS_KEY 'secret' SESSION_TOKEN 'token'",
        "WITH CREDENTIALS AS 'aws_access_key_id=key;aws_secret_access_key=secret;token=token'",
    ],
)
def test_keys_can_stand_in_the_text_but_not_in_what_is_shown(text: str) -> None:
    sql = f"COPY t FROM 's3://b/k' {text} CSV"
    authorization = read_copy(sql).authorization
    assert (authorization.access_key, authorization.secret_key, authorization.token) == (
        "key",
        "secret",
        "token",
    )
    assert "secret'" not in masked(sql)
    assert "token=" not in masked(sql)
    assert "secret" not in repr(authorization).replace("secret_key", "")


def test_a_role_in_credentials_is_no_secret() -> None:
    sql = "COPY t FROM 's3://b/k' CREDENTIALS 'aws_iam_role=arn:role'"
    assert read_copy(sql).authorization.roles == ("arn:role",)
    assert masked(sql) == sql


@pytest.mark.parametrize("source", ["dynamodb://t", "emr://j", "'/etc/passwd'"])
def test_a_copy_reads_s3_only(source: str) -> None:
    with pytest.raises((Refused, StatementFailed)):
        read_copy(f"COPY t FROM '{source.strip(chr(39))}' IAM_ROLE default")


@pytest.mark.parametrize(
    ("sql", "part"),
    [
        (f"COPY t {SOURCE} NONSENSE", 'near "nonsense"'),
        (f"COPY t {SOURCE} IGNOREHEADER 'one'", "IGNOREHEADER takes a number"),
        (f"COPY t {SOURCE} DELIMITER 5", "DELIMITER takes a string"),
        ("COPY t TO '/tmp/x'", "expected FROM"),
        ("COPY t FROM 's3://b/k' CREDENTIALS 'nothing'", "Invalid credentials"),
    ],
)
def test_a_wrong_copy_says_where(sql: str, part: str) -> None:
    with pytest.raises(StatementFailed) as caught:
        read_copy(sql)
    assert part in str(caught.value)


def test_an_unload_has_a_query_a_target_and_options() -> None:
    command = read_unload(
        "unload ('select ''a'' from t') to 's3://b/p/' iam_role 'arn:role' parquet parallel off "
        "allowoverwrite"
    )
    assert command.query == "select 'a' from t"
    assert command.target == "s3://b/p/"
    assert command.options == {"PARQUET": True, "PARALLEL": "OFF", "ALLOWOVERWRITE": True}
