"""Contracts are written and read as Open Data Contract Standard without loss; what it lacks is named."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fakes.bounds_in_order import in_order
from tests.fakes.examples import examples
from typed_assets.spec.contracts import (
    Column,
    ColumnType,
    Contract,
    FreshData,
    RowCount,
    Severity,
    SqlRule,
)
from typed_assets.spec.errors import SpecError
from typed_assets.spec.odcs import to_odcs
from typed_assets.spec.odcs_reading import from_odcs

TEXT = st.text(
    st.characters(min_codepoint=32, max_codepoint=0x24F, exclude_characters="\x7f\x85\xa0"), max_size=8
)
SEVERITY = st.sampled_from(Severity)
VALUES: dict[ColumnType, st.SearchStrategy[Any]] = {
    ColumnType.TEXT: TEXT,
    ColumnType.INTEGER: st.integers(-5, 5),
    ColumnType.DECIMAL: st.sampled_from(["1.50", 2]),
    ColumnType.FLOAT: st.sampled_from([0.1, 2]),
    ColumnType.BOOLEAN: st.booleans(),
    ColumnType.DATE: st.sampled_from(["2013-01-01", "2013-12-31"]),
    ColumnType.TIMESTAMP: st.sampled_from(["2013-01-01 05:00:00", "2013-01-01T05:00:00"]),
}


@st.composite
def contracts(draw: Any) -> Contract:
    columns = []
    for number in range(draw(st.integers(1, 4))):
        kind = draw(st.sampled_from(ColumnType))
        value, text = st.none() | VALUES[kind], kind is ColumnType.TEXT
        columns.append(
            Column(
                name=f"c{number}",
                type=kind,
                nullable=draw(st.booleans()),
                unique=draw(st.booleans()),
                **(in_order(kind, draw(value), draw(value)) if kind is not ColumnType.BOOLEAN else {}),
                allowed=tuple(draw(st.lists(VALUES[kind], max_size=2))),
                pattern=draw(st.none() | st.just(r"\d+ 'x'")) if text else None,
                min_length=draw(st.none() | st.integers(1, 3)) if text else None,
                max_length=draw(st.none() | st.integers(3, 9)) if text else None,
                max_bytes=draw(st.none() | st.integers(1, 9)) if text else None,
                description=draw(TEXT),
                severity=draw(SEVERITY),
            )
        )
    names = [column.name for column in columns]
    key = st.lists(st.sampled_from(names), min_size=1, max_size=2, unique=True).map(tuple)
    dated = [each.name for each in columns if each.type in {ColumnType.DATE, ColumnType.TIMESTAMP}]
    times = st.builds(
        FreshData, column=st.sampled_from(dated), within=st.timedeltas(timedelta(0)), severity=SEVERITY
    )
    rows = st.builds(
        RowCount, minimum=st.integers(0, 5), maximum=st.none() | st.integers(5, 9), severity=SEVERITY
    )
    rule = st.builds(
        SqlRule, name=st.sampled_from(["a", "b"]), sql=st.just("SELECT 0\nFROM {table}"), severity=SEVERITY
    )
    return Contract(
        columns=tuple(columns),
        keys=tuple(draw(st.lists(key, max_size=2, unique=True))),
        rows=draw(st.none() | rows),
        fresh=draw(st.none() | times) if dated else None,
        rules=tuple(draw(st.lists(rule, max_size=2, unique_by=lambda each: each.name))),
        closed=draw(st.booleans()),
    )


@settings(max_examples=examples(15), deadline=None)
@given(contract=contracts())
def test_a_contract_that_is_written_and_read_is_the_same(contract: Contract) -> None:
    assert from_odcs(to_odcs(contract, name="mart.x", description="What: it is")) == contract


def test_the_words_are_those_of_the_standard() -> None:
    contract = Contract(
        columns=(
            Column(name="carrier", type=ColumnType.TEXT, allowed=("UA", "AA"), min_length=2, max_bytes=2),
            Column(name="fare", type=ColumnType.DECIMAL, nullable=True, minimum=0, severity=Severity.WARN),
        ),
        keys=(("carrier",),),
        rows=RowCount(minimum=1, maximum=20),
    )
    assert yaml.safe_load(to_odcs(contract, name="mart.fares", version="2.0.0")) == {
        "apiVersion": "v3.1.0",
        "kind": "DataContract",
        "id": "mart.fares",
        "name": "mart.fares",
        "version": "2.0.0",
        "status": "active",
        "schema": [
            {
                "name": "mart.fares",
                "logicalType": "object",
                "physicalType": "table",
                "properties": [
                    {
                        "name": "carrier",
                        "logicalType": "string",
                        "physicalType": "VARCHAR",
                        "required": True,
                        "primaryKey": True,
                        "primaryKeyPosition": 1,
                        "logicalTypeOptions": {"minLength": 2},
                        "quality": [
                            {
                                "type": "library",
                                "metric": "invalidValues",
                                "arguments": {"validValues": ["UA", "AA"]},
                                "mustBe": 0,
                                "severity": "error",
                            }
                        ],
                        "customProperties": [{"property": "maxBytes", "value": 2}],
                    },
                    {
                        "name": "fare",
                        "logicalType": "number",
                        "physicalType": "DECIMAL",
                        "required": False,
                        "logicalTypeOptions": {"minimum": 0},
                        "customProperties": [{"property": "severity", "value": "warn"}],
                    },
                ],
                "quality": [
                    {
                        "type": "library",
                        "metric": "duplicateValues",
                        "arguments": {"properties": ["carrier"]},
                        "mustBe": 0,
                        "severity": "error",
                    },
                    {"type": "library", "metric": "rowCount", "mustBeBetween": [1, 20], "severity": "error"},
                ],
            }
        ],
    }


FOREIGN = """
apiVersion: v3.0.2
kind: DataContract
id: 53581432
version: 1.1.0
status: active
team: [{username: x}]
schema:
  - name: payments
    properties:
      - {name: id, logicalType: integer, required: true, primaryKey: true, primaryKeyPosition: 2}
      - {name: at, logicalType: date, physicalType: timestamp, primaryKey: true, primaryKeyPosition: 1,
         required: true}
      - {name: day, logicalType: date, logicalTypeOptions: {minimum: 2013-01-01, format: yyyy-MM-dd}}
      - {name: share, logicalType: number, physicalType: float4, tags: [a]}
    quality:
      - {type: text, description: It is good}
      - {rule: rowCount, mustBeGreaterThan: 0, severity: warning}
slaProperties:
  - {property: freshness, value: 2, unit: days, element: payments.at}
  - {property: latency, value: 4, unit: d, element: payments.at}
"""


def test_a_contract_of_somebody_else_is_read() -> None:
    assert from_odcs(FOREIGN) == Contract(
        columns=(
            Column(name="id", type=ColumnType.INTEGER),
            Column(name="at", type=ColumnType.TIMESTAMP),
            Column(name="day", type=ColumnType.DATE, nullable=True, minimum="2013-01-01"),
            Column(name="share", type=ColumnType.FLOAT, nullable=True),
        ),
        keys=(("at", "id"),),
        rows=RowCount(minimum=1, severity=Severity.WARN),
        fresh=FreshData(column="at", within=timedelta(days=2)),
    )


PAYMENTS = """
# After the standard's whole example: much that documents, and little that binds.
domain: seller
dataProduct: sales
version: 1.1.0
status: active
id: 53581432-6c55-4ba2-a65f-72344a91553b
description: {purpose: Views on the tables of sellers, limitations: No buyers}
tenant: Retail
kind: DataContract
apiVersion: v3.1.0
servers: [{server: warehouse, type: redshift, host: x, database: dev, schema: sales}]
schema:
  - name: tbl
    physicalName: tbl_1
    physicalType: table
    tags: [finance]
    relationships: [{type: foreignKey, from: [tbl.rcvr_id], to: [receivers.id]}]
    properties:
      - name: transaction_reference_date
        physicalName: txn_ref_dt
        primaryKey: false
        primaryKeyPosition: -1
        logicalType: date
        physicalType: date
        required: false
        partitioned: true
        partitionKeyPosition: 1
        transformSourceObjects: [table_1]
        transformLogic: select t1.txn_dt from table_1 as t1
        examples: ["2022-10-03"]
      - name: rcvr_id
        primaryKey: true
        primaryKeyPosition: -1
        logicalType: string
        physicalType: varchar(18)
        required: true
        classification: restricted
      - name: rcvr_cntry_code
        primaryKey: true
        logicalType: string
        physicalType: varchar(2)
        quality:
          - {metric: nullValues, mustBe: 0, type: library, severity: error, dimension: completeness,
             schedule: 0 20 * * *, scheduler: cron}
    quality:
      - {metric: rowCount, mustBeGreaterThan: 1000000, type: library, severity: error}
price: {priceAmount: 9.95, priceCurrency: USD, priceUnit: megabyte}
slaDefaultElement: tbl.transaction_reference_date
slaProperties:
  - {property: freshness, value: 4, unit: d}
  - {property: retention, value: 3, unit: y}
support: [{channel: "#help", tool: slack}]
contractCreatedTs: "2022-11-15T02:59:43+00:00"
"""
ORDERS = """
# After the pages of version 3.2: closed lists of values, and rules as the library names them.
version: 1.0.0
kind: DataContract
id: orders
apiVersion: v3.2.0
status: active
schema:
  - name: orders
    properties:
      - {name: order_id, logicalType: string, physicalType: VARCHAR(36), required: true, primaryKey: true,
         quality: [{metric: duplicateValues, mustBe: 0, unit: rows}]}
      - name: status
        logicalType: string
        required: true
        enum:
          - {value: pending, label: Pending}
          - {value: shipped, label: Shipped, tags: [terminal]}
      - {name: priority, logicalType: number, physicalType: INT, enum: [{value: 1}, {value: 2}]}
      - name: iban
        logicalType: string
        quality:
          - {metric: invalidValues, mustBe: 0, arguments: {pattern: "[A-Z]{2}[0-9]{2}.*"}, severity: warning}
          - {metric: missingValues, mustBe: 0, arguments: {missingValues: [null]}, severity: warning}
      - {name: unit, logicalType: string,
         quality: [{metric: invalidValues, mustBe: 0, arguments: {validValues: [pounds, kg, null]}}]}
    quality:
      - {name: open_orders, type: sql, mustBe: 0,
         query: "SELECT COUNT(*) FROM {object} WHERE status IS NULL"}
"""
AIR = """
# After the examples of version 3.0.
version: 1.0.0
apiVersion: v3.0.2
kind: DataContract
id: air
status: active
name: my_table
schema:
  - name: Air_Quality
    physicalType: table
    tags: ['nyc']
    properties:
      - {name: UniqueID, businessName: Unique identifier, logicalType: number, physicalType: int}
      - {name: at, physicalType: timestamp, logicalType: date,
         logicalTypeOptions: {minimum: "2020-01-01 00:00:00", maximum: 2021-01-01 00:00:00,
                              format: "yyyy-MM-dd HH:mm:ss"}}
      - {name: amount, physicalType: double, logicalType: number,
         logicalTypeOptions: {minimum: 0, format: f32}}
      - {name: is_open, physicalType: bool, logicalType: boolean}
    quality:
      - {rule: duplicateValues, mustBe: 0, arguments: {properties: [UniqueID, at]}}
      - {type: sql, name: late, query: "SELECT COUNT(*) FROM ${table} WHERE at IS NULL", mustBe: 0,
         severity: info}
"""
TEXT_COLUMN = Column(name="iban", type=ColumnType.TEXT)
DOCUMENTS = {
    PAYMENTS: Contract(
        columns=(
            Column(name="txn_ref_dt", type=ColumnType.DATE, nullable=True),
            Column(name="rcvr_id", type=ColumnType.TEXT),
            Column(name="rcvr_cntry_code", type=ColumnType.TEXT),
        ),
        keys=(("rcvr_id", "rcvr_cntry_code"),),
        rows=RowCount(minimum=1_000_001),
        fresh=FreshData(column="txn_ref_dt", within=timedelta(days=4)),
    ),
    ORDERS: Contract(
        columns=(
            Column(name="order_id", type=ColumnType.TEXT, unique=True),
            Column(name="status", type=ColumnType.TEXT, allowed=("pending", "shipped")),
            Column(name="priority", type=ColumnType.INTEGER, nullable=True, allowed=(1, 2)),
            replace(TEXT_COLUMN, pattern="[A-Z]{2}[0-9]{2}.*", severity=Severity.WARN),
            replace(TEXT_COLUMN, name="unit", nullable=True, allowed=("pounds", "kg")),
        ),
        keys=(("order_id",),),
        rules=(SqlRule(name="open_orders", sql="SELECT COUNT(*) FROM {table} WHERE status IS NULL"),),
    ),
    AIR: Contract(
        columns=(
            Column(name="UniqueID", type=ColumnType.INTEGER, nullable=True),
            Column(
                name="at",
                type=ColumnType.TIMESTAMP,
                nullable=True,
                minimum="2020-01-01 00:00:00",
                maximum="2021-01-01 00:00:00",
            ),
            Column(name="amount", type=ColumnType.FLOAT, nullable=True, minimum=0),
            Column(name="is_open", type=ColumnType.BOOLEAN, nullable=True),
        ),
        keys=(("UniqueID", "at"),),
        rules=(
            SqlRule(name="late", sql="SELECT COUNT(*) FROM {table} WHERE at IS NULL", severity=Severity.WARN),
        ),
    ),
}


@pytest.mark.parametrize("text", DOCUMENTS, ids=["payments", "orders", "air"])
def test_documents_after_the_standards_examples_are_read_and_survive_the_way_back(text: str) -> None:
    contract = from_odcs(text)
    assert contract == DOCUMENTS[text]
    assert from_odcs(to_odcs(contract, name="mart.x")) == contract


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("v3.0.2", "v2.2.2", "`apiVersion` is `v2.2.2` (versions 3.0, 3.1 and 3.2 can be read)"),
        ("DataContract", "Data", "this is no data contract: `kind` is not `DataContract`"),
        ("tags: [a]", "items: {logicalType: string}", "a contract cannot say `items` of `share`"),
        ("integer", "object", "a contract cannot say `logicalType: object` of `id`"),
        ("tags: [a]", "logicalTypeOptions: {exclusiveMaximum: 2}",
         "a contract cannot say `logicalTypeOptions.exclusiveMaximum` of `share` (write `maximum`, which "),
        ("format: yyyy-MM-dd", "exclusiveMaximum: true",
         "a contract cannot say `logicalTypeOptions.exclusiveMaximum` of `day` (write `maximum`, which is "),
        ("format: yyyy-MM-dd", "exclusiveMaximum: x",
         "a contract cannot say `logicalTypeOptions.exclusiveMaximum` of `day` (write `maximum`, which is "),
        ("tags: [a]", "logicalTypeOptions: {multipleOf: 2}",
         "a contract cannot say `logicalTypeOptions.multipleOf` of `share` (write a rule of the object in "),
        ("mustBeGreaterThan: 0", "mustNotBe: 0",
         "a contract cannot say `rowCount` of `payments` with mustNotBe"),
        ("rule: rowCount", "type: custom", "a contract cannot say `quality` `custom` of `payments`"),
        ("tags: [a]", "quality: [{metric: nullValues, mustBeLessThan: 5, unit: percent}]",
         "a contract cannot say `quality` `nullValues` of `share` with another bound than `mustBe: 0`"),
        ("tags: [a]", "quality: [{metric: missingValues, mustBe: 0, arguments: {missingValues: ['n/a']}}]",
         "a contract cannot say `quality` `missingValues` of `share`"),
        ("tags: [a]", "quality: [{type: sql, query: SELECT 1, mustBe: 0}]",
         "a contract cannot say `quality` `sql` of `share`"),
        ("tags: [a]", "enum: [a]", "`enum` of share is not a list of mappings"),
        ("tags: [a]", "logicalTypeOptions: {maxLength: 3}",
         "column `share` is float and cannot have the rule `length`"),
        ("severity: warning", "severity: eror", "a contract cannot say `severity: eror` of `payments`"),
        ("unit: days", "unit: pages",
         "a contract cannot say `freshness` of `payments` without an element and a unit of time"),
        ("name: payments", "name: [", "this is not YAML: "),
        ("mustBeGreaterThan: 0", "mustBeGreaterThan: none",
         "a value of `payments` is not as the standard has it: "),
        ("tags: [a]", "logicalTypeOptions: {minimum: 2013-02-30}", "a value in it is none: day is out of"),
        ("tags: [a]", "logicalTypeOptions: minimum", "a value of `payments` is not as the standard has it: "),
        ("value: 2", "value: 1.0e+300", "a value of `payments` is not as the standard has it: "),
        ("tags: [a]", "customProperties: [{property: severity, value: worn}]",
         "a contract cannot say `severity: worn` (did you mean `warn`?)"),
    ],
)  # fmt: skip
def test_what_a_contract_cannot_say_is_named(old: str, new: str, said: str) -> None:
    assert old in FOREIGN
    with pytest.raises(SpecError) as caught:
        from_odcs(FOREIGN.replace(old, new, 1))
    assert str(caught.value).startswith(said)


OPTIONS = """
apiVersion: v3.1.0
kind: DataContract
id: x
version: 1.0.0
status: active
schema:
  - name: x
    properties:
      - {name: a, logicalType: string, logicalTypeOptions: {minLength: 2, maxLength: 5, pattern: "[a-z]+"}}
      - {name: b, logicalType: string, logicalTypeOptions: {minLength: 0}}
      - {name: c, logicalType: integer, logicalTypeOptions: {exclusiveMinimum: 0, exclusiveMaximum: 10}}
      - {name: d, logicalType: date, logicalTypeOptions: {exclusiveMinimum: 2012-12-31}}
      - {name: e, logicalType: integer,
         logicalTypeOptions: {minimum: 0, exclusiveMinimum: true, maximum: 9, exclusiveMaximum: false}}
"""


def test_lengths_and_excluded_bounds_become_rules() -> None:
    contract = from_odcs(OPTIONS)
    assert contract.columns == (
        Column(name="a", type=ColumnType.TEXT, nullable=True, min_length=2, max_length=5, pattern="[a-z]+"),
        Column(name="b", type=ColumnType.TEXT, nullable=True),
        Column(name="c", type=ColumnType.INTEGER, nullable=True, minimum=1, maximum=9),
        Column(name="d", type=ColumnType.DATE, nullable=True, minimum="2013-01-01"),
        Column(name="e", type=ColumnType.INTEGER, nullable=True, minimum=1, maximum=9),
    )
    assert from_odcs(to_odcs(contract, name="x")) == contract


def test_one_of_several_objects_is_chosen_by_name() -> None:
    two = FOREIGN.replace(
        "schema:\n", "schema:\n  - {name: refunds, properties: [{name: x, logicalType: string}]}\n"
    )
    assert [column.name for column in from_odcs(two, "refunds").columns] == ["x"]
    with pytest.raises(SpecError, match="name one of refunds, payments"):
        from_odcs(two)
    with pytest.raises(SpecError, match=r"has no object `refund` \(did you mean `refunds`"):
        from_odcs(two, "refund")
