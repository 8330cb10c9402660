"""The SQL files: one statement at a time, no keys, no reserved word, the columns of the contracts."""

import json
import re
from pathlib import Path

import pytest
import sqlglot
from sqlglot import exp
from sqlglot.generators.redshift import RedshiftGenerator

from tests.artifacts.conftest import RunPython

ROOT = Path(__file__).parents[2]
FLIGHTS = ROOT / "dags" / "nyc_flights"
FILES = sorted((FLIGHTS / "sql").rglob("*.sql"))
TABLES = sorted(path.stem for path in (FLIGHTS / "contracts").glob("*.json"))
TYPES = {"integer": "INTEGER", "decimal": "DOUBLE PRECISION", "timestamp": "TIMESTAMP"}


def test_each_statement_stands_alone(bare_airflow: RunPython) -> None:
    found = bare_airflow(
        f"""
import json, sys
sys.path.insert(0, {str(ROOT / "dags")!r})
from nyc_flights.statements import SQL, statements
names = [str(path.relative_to(SQL)) for path in SQL.rglob("*.sql")]
print(json.dumps({{name: statements(name) for name in names}}))
"""
    )
    assert len(found) == len(FILES)
    for name, statements in found.items():
        assert statements, name
        for statement in statements:
            assert len(sqlglot.parse(_rendered(statement), read="redshift")) == 1, statement
        assert re.sub(r"\s", "", "".join(statements)) == re.sub(
            r"\s", "", (FLIGHTS / "sql" / name).read_text()
        )


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_no_credentials_stand_in_sql(path: Path) -> None:
    text = path.read_text().lower()
    assert not re.search(r"access_key|secret|credentials|token", text)
    if "copy " in text or "unload " in text:
        assert """iam_role '{{ option("warehouse_copy_role_arn") }}'""" in text


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_words_that_redshift_reserves_are_quoted(path: Path) -> None:
    reserved = RedshiftGenerator.RESERVED_KEYWORDS
    for statement in sqlglot.parse(_rendered(path.read_text()), read="redshift"):
        assert statement is not None
        for name in statement.find_all(exp.Identifier):
            assert name.quoted or name.name.lower() not in reserved, f"{name.name} in {statement.sql()}"


@pytest.mark.parametrize("table", TABLES)
def test_raw_tables_have_the_columns_of_their_contract(table: str) -> None:
    contract = json.loads((FLIGHTS / "contracts" / f"{table}.json").read_text())
    assert contract["table"] == table
    expected = [
        f"{column['name']} {TYPES.get(column['type']) or 'VARCHAR({})'.format(column['max_bytes'])}"
        + ("" if column.get("nullable") else " NOT NULL")
        for column in contract["columns"]
    ]
    text = (FLIGHTS / "sql" / "raw" / f"{table}.sql").read_text().replace('"', "")
    body = text.partition("(\n")[2].partition("\n)\n")[0]
    assert [line.strip().rstrip(",") for line in body.splitlines()] == expected
    copied = text.partition("COPY")[2].partition("(")[2].partition(")")[0]
    assert [name.strip() for name in copied.split(",")] == [column["name"] for column in contract["columns"]]


def _rendered(text: str) -> str:
    return re.sub(r"{{ option\(\"(\w+)\"\) }}", r"\1", text)
