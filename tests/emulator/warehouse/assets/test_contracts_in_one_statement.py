"""A contract on a table is one SELECT, and finds what the stream finds in a file."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.fakes.lake import CONTRACT
from typed_assets.audit import audit
from typed_assets.audit.aggregate import aggregates
from typed_assets.io import DataError, NotStagedError, StatementError, discard, stage_sql
from typed_assets.spec.assets import Asset
from typed_assets.spec.contracts import Column, ColumnType, Contract, RowCount, SqlRule

if TYPE_CHECKING:
    from tests.fakes.warehouse_in_process import WarehouseInProcess
    from typed_assets.services import Services
    from typed_assets.staging import Audit

URI = "redshift://{warehouse_workgroup}/{warehouse_database}/mart/flights"
FLIGHTS = Asset(name="mart.flights", uri=URI, contract=CONTRACT)
GOOD = (
    "SELECT 'UA' AS carrier, 1 AS flight, DATE '2013-01-31' AS day, "
    "CAST(NULL AS TIMESTAMP) AS left_at, 1.5 AS fare, CAST(1 AS FLOAT) AS delay, TRUE AS cancelled"
)


def run(services: Services, select: str, contract: Contract = CONTRACT) -> Audit:
    asset = replace(FLIGHTS, contract=contract)
    staged = stage_sql(asset, select, services=services, token=select)
    return audit(asset, staged, services=services)


def failed(found: Audit) -> dict[str, int]:
    return {check.name: check.violations for check in found.checks if not check.passed}


def test_all_rules_are_one_statement_on_the_data(in_process: WarehouseInProcess, services: Services) -> None:
    staged = stage_sql(FLIGHTS, f"{GOOD};\n", services=services, token="one")
    in_process.statements()
    found = audit(FLIGHTS, staged, services=services)
    assert failed(found) == {}
    assert (found.rows, len(found.checks)) == (1, 20)
    catalogue, rules = in_process.statements()
    assert "FROM svv_columns" in catalogue
    assert rules.count("COUNT(CASE") == 10
    discard(FLIGHTS, staged, services=services)
    with pytest.raises(NotStagedError, match=r"redshift://assets/dev/mart/flights__staged_[0-9a-f]{16}"):
        audit(FLIGHTS, staged, services=services)


def test_a_year_of_flights_is_one_statement(in_process: WarehouseInProcess, services: Services) -> None:
    digits = " UNION ALL ".join(f"SELECT {digit} AS n" for digit in range(10))
    number = "a.n + 10 * b.n + 100 * c.n + 1000 * d.n + 10000 * e.n + 100000 * f.n"
    tables = ", ".join(f"({digits}) {name}" for name in "abcdef")
    year = GOOD.replace("1 AS flight", f"{number} + 1 AS flight") + f" FROM {tables} WHERE {number} < 336776"
    staged = stage_sql(FLIGHTS, year, services=services, token="year")
    in_process.statements()
    found = audit(FLIGHTS, staged, services=services)
    assert (found.rows, failed(found)) == (336_776, {})
    on_the_data = [sql for sql in in_process.statements() if '"mart"."flights__staged_' in sql]
    assert len(on_the_data) == 1
    assert on_the_data[0].count("FROM") == 3, "the rules, and the groups of the key within them"


def test_each_broken_rule_is_counted(services: Services) -> None:
    rows = [
        "SELECT 'UA', 1, DATE '2013-01-31', NULL, -1, 1, TRUE",
        "SELECT NULL, 0, DATE '2012-12-31', NULL, 1.5, 1000.5, TRUE",
        "SELECT 'uua', 0, NULL, NULL, 1.5, 1, TRUE",
    ]
    assert failed(run(services, " UNION ALL ".join([GOOD, *rows]))) == {
        "carrier.nullable": 1,
        "carrier.pattern": 1,
        "carrier.bytes": 1,
        "flight.range": 2,
        "day.nullable": 1,
        "day.range": 1,
        "fare.range": 1,
        "delay.range": 1,
        "carrier+flight+day.key": 1,
    }


def test_columns_that_are_missing_or_of_another_type_are_told_apart(services: Services) -> None:
    found = run(
        services, "SELECT 'UA' AS carrier, 'one' AS flight, 1 AS gate", replace(CONTRACT, closed=True)
    )
    assert found.checks[0].observed == "without day, left_at, fare, delay, cancelled; with gate besides"
    kind = next(check for check in found.checks if check.name == "flight.type")
    assert (kind.passed, kind.observed, kind.expected) == (False, "character varying", "integer")
    assert failed(found)["flight.range"] == 1


def test_rules_in_sql_are_part_of_the_statement(in_process: WarehouseInProcess, services: Services) -> None:
    rules = (
        SqlRule(name="no_delay", sql="SELECT COUNT(*) FROM {table} WHERE delay > 0; "),
        SqlRule(name="newest", sql="SELECT SUM(flight) FROM {table} WHERE flight > 5 -- none"),
    )
    in_process.statements()
    found = run(services, GOOD, replace(CONTRACT, rules=rules))
    assert failed(found) == {"no_delay": 1}
    assert len([sql for sql in in_process.statements() if sql.startswith("SELECT")]) == 2


def test_text_in_a_contract_is_never_sql(services: Services) -> None:
    nasty = """x'); DROP TABLE mart.flights; --"""
    contract = Contract(
        columns=(
            Column(
                name='a" b',
                type=ColumnType.TEXT,
                allowed=(nasty, "\\'"),
                pattern=r"\S'?\\?.*|\d+",
                minimum=nasty[:1],
            ),
        )
    )
    select = """SELECT 'x''); DROP TABLE mart.flights; --' AS "a"" b" UNION ALL SELECT '\\\\''' """
    assert failed(run(services, select, contract)) == {'a" b.range': 1}


ODD_NAMES = ("select", "Carrier", "a'b", "ü", "; DROP TABLE mart.flights; --", 'a"b', "a:v0")


def test_a_column_may_have_any_name_and_text_any_sign(services: Services) -> None:
    """A colon before a word is no parameter; what is one must not be taken for text."""
    columns = tuple(
        Column(name=name, type=ColumnType.TEXT, pattern=r"(?:v0|:v0|x\:y)+", allowed=(":v0", "x:y", "'"))
        for name in ODD_NAMES
    )
    rule = SqlRule(name="own", sql="SELECT COUNT(*) FROM {table} WHERE 'a:b' = 'a' || ':b' AND 1::INT = 2")
    names = ['"' + name.replace('"', '""') + '"' for name in ODD_NAMES]
    rows = [", ".join(f"'{value}' AS {name}" for name in names) for value in (":v0", "x:y", "no")]
    select = " UNION ALL ".join(f"SELECT {row}" for row in rows)
    found = failed(run(services, select, Contract(columns=columns, rules=(rule,))))
    assert found == {f"{name}.{kind}": 1 for name in ODD_NAMES for kind in ("allowed", "pattern")}


@pytest.mark.parametrize(
    ("columns", "table"),
    [
        ((Column(name="ns:id", type=ColumnType.INTEGER), Column(name="a", type=ColumnType.TEXT)), '"s"."t"'),
        ((Column(name="a", type=ColumnType.TEXT),), '"s"."of:day"'),
        ((Column(name="a", type=ColumnType.TEXT), Column(name="b", type=ColumnType.TEXT, pattern="x|y")),
         '"s"."t"'),
    ],
)  # fmt: skip
def test_a_statement_in_which_a_colon_stands_has_no_parameters(
    columns: tuple[Column, ...], table: str
) -> None:
    given = tuple(replace(each, allowed=("v",)) if each.name == "a" else each for each in columns)
    contract = Contract(columns=given, keys=(tuple(each.name for each in given),))
    (query,) = aggregates(contract, table, contract.names)
    assert query.parameters == {}
    assert """"a" NOT IN ('v')""" in query.sql


def test_text_is_a_parameter_where_no_other_colon_stands() -> None:
    column = Column(name="a", type=ColumnType.TEXT, allowed=("v:x", "w"))
    (query,) = aggregates(Contract(columns=(column,)), '"s"."t"', {"a"})
    assert query.parameters == {"v0": "v:x", "v1": "w"}
    assert '"a" NOT IN (:v0, :v1)' in query.sql


def test_what_is_no_number_is_no_float(services: Services) -> None:
    rows = [
        f"SELECT CAST('{value}' AS DOUBLE PRECISION) AS delay"
        for value in ("NaN", "Infinity", "-Infinity", "1e308", "-0.0")
    ]
    contract = Contract(columns=(Column(name="delay", type=ColumnType.FLOAT, nullable=True),))
    found = run(services, " UNION ALL ".join([*rows, "SELECT NULL"]), contract)
    assert failed(found) == {"delay.type": 3}


def test_an_empty_table_breaks_only_what_wants_rows(services: Services) -> None:
    found = run(services, f"{GOOD} WHERE 1 = 0")
    assert (found.rows, failed(found)) == (0, {"rows": 1, "fresh": 1})


def test_a_contract_without_columns_has_results_too(services: Services) -> None:
    found = run(services, GOOD, Contract(columns=(), rows=RowCount(minimum=2)))
    assert failed(found) == {"rows": 1}


def test_what_the_warehouse_refuses_is_said_in_its_words(services: Services) -> None:
    with pytest.raises(StatementError, match="nowhere") as caught:
        run(services, "SELECT * FROM nowhere.nothing")
    assert "CREATE TABLE" in caught.value.sql


def test_rules_of_two_hundred_columns_are_as_many_statements_as_the_data_api_needs(
    in_process: WarehouseInProcess, services: Services
) -> None:
    words = tuple(f"a word of some length, number {number}" for number in range(20))
    columns = tuple(
        Column(
            name=f"column_{number:03}", type=ColumnType.TEXT, allowed=words, pattern="a word.*" + "x?" * 100
        )
        for number in range(200)
    )
    values = [words[0]] * 199 + ["a word"]
    select = ", ".join(f"'{value}' AS {column.name}" for value, column in zip(values, columns, strict=True))
    in_process.statements()
    found = run(services, f"SELECT {select}", Contract(columns=columns, keys=(("column_000", "column_001"),)))
    assert failed(found) == {"column_199.allowed": 1}
    assert (found.rows, len(found.checks)) == (1, 1 + 4 * 200 + 1)
    on_the_data = [sql for sql in in_process.statements() if "COUNT(*) AS c0" in sql]
    assert [len(sql.encode()) <= 100 * 1024 for sql in on_the_data] == [True] * 2


def test_one_rule_that_is_too_long_is_told(services: Services) -> None:
    column = Column(name="a", type=ColumnType.TEXT, pattern="x" * 110_000)
    with pytest.raises(DataError, match="bytes is too long: the Data API takes 102400"):
        run(services, "SELECT 'x' AS a", Contract(columns=(column,)))
