"""Contracts are written and read as Open Data Contract Standard without loss; what it lacks is named."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

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
                minimum=draw(value),
                maximum=draw(value),
                allowed=tuple(draw(st.lists(VALUES[kind], max_size=2))),
                pattern=draw(st.none() | st.just(r"\d+ 'x'")) if text else None,
                max_bytes=draw(st.none() | st.integers(1, 9)) if text else None,
                description=draw(TEXT),
                severity=draw(SEVERITY),
            )
        )
    names = [column.name for column in columns]
    key = st.lists(st.sampled_from(names), min_size=1, max_size=2, unique=True).map(tuple)
    times = st.builds(
        FreshData, column=st.sampled_from(names), within=st.timedeltas(timedelta(0)), severity=SEVERITY
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
        fresh=draw(st.none() | times),
        rules=tuple(draw(st.lists(rule, max_size=2))),
        closed=draw(st.booleans()),
    )


@settings(max_examples=examples(15), deadline=None)
@given(contract=contracts())
def test_a_contract_that_is_written_and_read_is_the_same(contract: Contract) -> None:
    assert from_odcs(to_odcs(contract, name="mart.x", description="What: it is")) == contract


def test_the_words_are_those_of_the_standard() -> None:
    contract = Contract(
        columns=(
            Column(name="carrier", type=ColumnType.TEXT, allowed=("UA", "AA"), max_bytes=2),
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


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("v3.0.2", "v2.2.2", "`apiVersion` is `v2.2.2` (versions 3.0 and 3.1 can be read)"),
        ("DataContract", "Data", "this is no data contract: `kind` is not `DataContract`"),
        ("tags: [a]", "items: {logicalType: string}", "a contract cannot say `items` of `share`"),
        ("integer", "object", "a contract cannot say `logicalType: object` of `id`"),
        ("format: yyyy-MM-dd", "exclusiveMaximum: x",
         "a contract cannot say `logicalTypeOptions.exclusiveMaximum` of `day` (write `maximum`)"),
        ("mustBeGreaterThan: 0", "mustNotBe: 0",
         "a contract cannot say `rowCount` of `payments` with mustNotBe"),
        ("rule: rowCount", "type: custom", "a contract cannot say `quality` `custom` of `payments`"),
        ("tags: [a]", "quality: [{metric: nullValues, mustBe: 0}]",
         "a contract cannot say `quality` `nullValues` of `share`"),
        ("severity: warning", "severity: eror", "a contract cannot say `severity: eror` of `payments`"),
        ("unit: days", "unit: pages",
         "a contract cannot say `freshness` of `payments` without an element and a unit of time"),
        ("name: payments", "name: [", "this is not YAML: "),
        ("mustBeGreaterThan: 0", "mustBeGreaterThan: none",
         "a value of `payments` is not as the standard has it: "),
        ("tags: [a]", "customProperties: [{property: severity, value: worn}]",
         "a contract cannot say `severity: worn` (did you mean `warn`?)"),
    ],
)  # fmt: skip
def test_what_a_contract_cannot_say_is_named(old: str, new: str, said: str) -> None:
    assert old in FOREIGN
    with pytest.raises(SpecError) as caught:
        from_odcs(FOREIGN.replace(old, new, 1))
    assert str(caught.value).startswith(said)


def test_one_of_several_objects_is_chosen_by_name() -> None:
    two = FOREIGN.replace(
        "schema:\n", "schema:\n  - {name: refunds, properties: [{name: x, logicalType: string}]}\n"
    )
    assert [column.name for column in from_odcs(two, "refunds").columns] == ["x"]
    with pytest.raises(SpecError, match="name one of refunds, payments"):
        from_odcs(two)
    with pytest.raises(SpecError, match=r"has no object `refund` \(did you mean `refunds`"):
        from_odcs(two, "refund")
