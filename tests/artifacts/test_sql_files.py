"""The SQL files: one statement each, no keys, no reserved word, the columns of the contracts."""

import re
from pathlib import Path
from typing import Any

import pytest
import sqlglot
from sqlglot import exp
from sqlglot.generators.redshift import RedshiftGenerator

from tests.artifacts.conftest import RunPython

ROOT = Path(__file__).parents[2]
FLIGHTS = ROOT / "dags" / "nyc_flights"
FILES = sorted((FLIGHTS / "sql").rglob("*.sql"))
MARTS = sorted((FLIGHTS / "sql" / "marts").glob("*.sql"))
CHECKS = sorted((FLIGHTS / "sql" / "checks").glob("*.sql"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_each_file_is_one_statement(path: Path) -> None:
    assert len(sqlglot.parse(_rendered(path.read_text()), read="redshift")) == 1


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


def test_every_mart_has_a_contract_with_the_columns_that_its_select_gives(bare_airflow: RunPython) -> None:
    assert _of_assets(bare_airflow, "{a.name: [c.name for c in a.contract.columns] for a in MARTS}") == {
        f"nyc_flights.mart.{path.stem}": _selected(path.read_text()) for path in MARTS
    }


def test_every_check_is_the_rule_of_an_asset(bare_airflow: RunPython) -> None:
    used = _of_assets(bare_airflow, "[r.name for a in (*RAW, *MARTS) for r in a.contract.rules]")
    assert {*used, "places_of_routes"} == {path.stem for path in CHECKS}  # the last is read by Python


def _of_assets(bare_airflow: RunPython, expression: str) -> Any:
    """Evaluate an expression about the pipeline's assets where DAGs are imported."""
    return bare_airflow(
        f"""
import json, sys
sys.path[:0] = [{str(ROOT / "dags")!r}, {str(ROOT / "plugins")!r}]
from nyc_flights.marts import MARTS
from nyc_flights.raw import RAW
print(json.dumps({expression}))
"""
    )


def _selected(text: str) -> list[str]:
    select = sqlglot.parse_one(text, read="redshift")
    assert isinstance(select, exp.Query)
    return select.named_selects


def _rendered(text: str) -> str:
    return re.sub(r"{{ option\(\"(\w+)\"\) }}", r"\1", text).replace("{table}", "staged")
