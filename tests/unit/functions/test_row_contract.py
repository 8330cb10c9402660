"""What a contract makes of a row."""

from types import ModuleType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st


@pytest.fixture
def module(function: dict[str, ModuleType]) -> Any:
    return function["row_contract"]


def contract(module: Any, **column: Any) -> Any:
    return module.Contract.from_document({"table": "t", "columns": [{"name": "c", **column}]})


@pytest.mark.parametrize(
    ("column", "text", "normal"),
    [
        ({"type": "integer"}, "017", "17"),
        ({"type": "integer"}, " -3 ", "-3"),
        ({"type": "integer", "nullable": True}, "NA", ""),
        ({"type": "text", "nullable": True}, "", ""),
        ({"type": "decimal"}, "10.357019999999999", "10.357019999999999"),
        ({"type": "decimal", "minimum": 0}, "0", "0"),
        ({"type": "text", "max_bytes": 4}, "üü", "üü"),
        ({"type": "text", "pattern": "[A-Z]{3}"}, "JFK", "JFK"),
        ({"type": "timestamp"}, "2013-01-01T10:00:00Z", "2013-01-01 10:00:00"),
        ({"type": "timestamp"}, "2013-01-01T05:00:00-05:00", "2013-01-01 10:00:00"),
        ({"type": "timestamp"}, "2013-01-01T10:00:00.75Z", "2013-01-01 10:00:00"),
        ({"type": "timestamp"}, "0987-01-01T10:00:00Z", "0987-01-01 10:00:00"),
    ],
)
def test_a_good_cell_gets_its_normal_form(
    module: Any, column: dict[str, Any], text: str, normal: str
) -> None:
    assert contract(module, **column).judge((text,)) == module.Accepted((normal,))


@pytest.mark.parametrize(
    ("column", "text", "reason"),
    [
        ({"type": "integer"}, "NA", "is missing"),
        ({"type": "integer"}, "5.0", "'5.0' is not a whole number"),
        ({"type": "integer"}, "1_000", "'1_000' is not a whole number"),
        ({"type": "integer"}, "١٢", "'١٢' is not a whole number"),
        ({"type": "integer", "minimum": 1}, "0", "0 is less than 1"),
        ({"type": "integer", "maximum": 12}, "13", "13 is more than 12"),
        ({"type": "decimal"}, "nan", "'nan' is not a number"),
        ({"type": "decimal"}, "1e999", "'1e999' is not a number"),
        ({"type": "decimal", "maximum": 250}, "1048.36058", "1048.36058 is more than 250"),
        ({"type": "text", "max_bytes": 3}, "üü", "has 4 bytes, 3 are allowed"),
        ({"type": "text"}, "\udcff", "is not UTF-8"),
        ({"type": "text", "pattern": "[A-Z]{3}"}, "jfk", "'jfk' does not match [A-Z]{3}"),
        ({"type": "timestamp"}, "2013-01-01T10:00:00", "'2013-01-01T10:00:00' has no time zone"),
        ({"type": "timestamp"}, "2013-13-01T10:00:00Z", "is not an ISO 8601 timestamp"),
        ({"type": "timestamp"}, "0001-01-01T00:00:00+14:00", "is not within the years 1 to 9999 of UTC"),
        ({"type": "timestamp"}, "9999-12-31T23:00:00-05:00", "is not within the years 1 to 9999 of UTC"),
    ],
)
def test_a_bad_cell_is_rejected_with_the_reason(
    module: Any, column: dict[str, Any], text: str, reason: str
) -> None:
    verdict = contract(module, **column).judge((text,))
    assert isinstance(verdict, module.Rejected)
    [found] = verdict.reasons
    assert found.startswith("c: ")
    assert reason in found


def test_every_reason_is_given(module: Any) -> None:
    columns = [{"name": name, "type": "integer"} for name in ("a", "b", "c")]
    made = module.Contract.from_document({"table": "t", "columns": columns})
    assert made.judge(("x", "2", "")).reasons == ("a: 'x' is not a whole number", "c: is missing")


def test_an_unknown_type_is_refused(module: Any) -> None:
    with pytest.raises(ValueError, match="column c has the unknown type 'number'"):
        contract(module, type="number")


@given(number=st.integers(-(10**12), 10**12))
def test_every_whole_number_survives(function: dict[str, ModuleType], number: int) -> None:
    module: Any = function["row_contract"]
    assert contract(module, type="integer").judge((f" {number:+d}",)) == module.Accepted((str(number),))


@given(text=st.text(max_size=30))
def test_no_text_breaks_the_verdict(function: dict[str, ModuleType], text: str) -> None:
    module: Any = function["row_contract"]
    for kind in sorted(module.TYPES):
        verdict = contract(module, type=kind).judge((text,))
        assert isinstance(verdict, module.Accepted | module.Rejected)


def test_a_cell_that_was_seen_before_is_judged_as_at_first(module: Any) -> None:
    made = contract(module, type="integer", maximum=5)
    [few, many] = [[made.judge((text,)) for text in ("017", " 3 ", "x", "3")] for _ in range(2)]

    assert few == many
    assert few[1] == few[3] == module.Accepted(("3",))
    assert few[0] == module.Rejected(("c: 17 is more than 5",))


def test_a_column_of_ever_new_cells_is_judged_to_its_end(module: Any) -> None:
    made, count = contract(module, type="integer"), 2 * module.MOST_KEPT
    assert all(made.judge((f"0{number}",)) == module.Accepted((str(number),)) for number in range(count))
