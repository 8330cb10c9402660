"""Assets and contracts refuse what could not be made or checked, and say what was meant."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from typed_assets.spec.assets import Asset, Check, Quarantine
from typed_assets.spec.contracts import (
    Column,
    ColumnType,
    Contract,
    FreshData,
    RowCount,
    Scalar,
    Severity,
    SqlRule,
)
from typed_assets.spec.errors import Place, SpecError, nearest
from typed_assets.spec.history import record_key
from typed_assets.spec.locations import RedshiftTable, S3Prefix, filled, location, placeholders
from typed_assets.spec.names import asset_name
from typed_assets.spec.partition_axes import check_axis
from typed_assets.spec.partitions import Daily, Hourly, Static
from typed_assets.spec.publication import CheckResult, Record, for_event, from_json, to_json

CARRIER = Column(name="carrier", type=ColumnType.TEXT)


@pytest.mark.parametrize("name", ["", "Flights", "2013", "a..b", "a-b", "a b", "a." + "b" * 200])
def test_a_name_that_is_not_words_and_dots_is_refused(name: str) -> None:
    with pytest.raises(SpecError, match="cannot be the name of an asset"):
        asset_name(name)


def test_where_an_asset_stands_is_read_from_its_uri() -> None:
    assert location("s3://{data_bucket}/lake/flights") == S3Prefix("{data_bucket}", "lake/flights/")
    assert location("redshift://{warehouse}/dev/mart/delays") == RedshiftTable(
        "{warehouse}", "dev", "mart", "delays"
    )


@pytest.mark.parametrize(
    "uri",
    ["flights", "s3://bucket", "s3://bucket//", "s3:///x", "redshift://w/db/table", "redshift://w/d/s/t/u",
     "file:///x/y", "s3://[b/x", "s3://b/a?x=1", "s3://b/a#x", "s3://b/a\nb", "s3://u:p@b/x", "s3://b/../x",
     "s3://{Data}/x", "s3://b/{stage/x"],
)  # fmt: skip
def test_a_uri_that_leads_nowhere_is_refused_with_the_two_forms(uri: str) -> None:
    with pytest.raises(SpecError) as caught:
        location(uri)
    assert caught.value.hint == "write `s3://BUCKET/PREFIX/` or `redshift://WORKGROUP/DATABASE/SCHEMA/TABLE`"


def test_options_fill_the_holes_of_a_uri() -> None:
    uri = "s3://{data_bucket}/{stage}/"
    assert placeholders(uri) == {"data_bucket", "stage"}
    assert filled(uri, {"data_bucket": "b", "stage": "dev"}) == "s3://b/dev/"
    with pytest.raises(SpecError, match=r"needs the option `pipelines\.stage`"):
        filled(uri, {"data_bucket": "b"})


def test_a_contract_names_each_column_once_and_only_columns_it_has() -> None:
    with pytest.raises(SpecError, match="names column `carrier` twice"):
        Contract(columns=(CARRIER, CARRIER))
    with pytest.raises(SpecError) as caught:
        Contract(columns=(CARRIER,), keys=(("carier",),))
    assert caught.value.sentence == "the contract has no column `carier` (did you mean `carrier`?)"
    with pytest.raises(SpecError, match="has no column `at`"):
        Contract(columns=(CARRIER,), fresh=FreshData(column="at", within=timedelta(days=1)))


@pytest.mark.parametrize(
    ("kind", "rule", "said"),
    [
        ("integer", {"pattern": "x"}, "column `n` is integer and cannot have the rule `pattern`"),
        ("boolean", {"minimum": 1}, "column `n` is boolean and cannot have the rule `range`"),
        ("date", {"max_bytes": 1}, "column `n` is date and cannot have the rule `bytes`"),
        ("integer", {"max_length": 1}, "column `n` is integer and cannot have the rule `length`"),
        ("text", {"min_length": 0}, "a length of column `n` is 0"),
        (
            "text",
            {"min_length": 3, "max_length": 2},
            "column `n` has the shortest length 3 above its longest 2",
        ),
        ("date", {"minimum": "soon"}, "a bound of column `n` does not suit it: 'soon' is not date"),
        ("integer", {"allowed": (1, "x")}, "a bound of column `n` does not suit it: 'x' is not integer"),
        ("float", {"maximum": "NaN"}, "a bound of column `n` does not suit it: 'NaN' is not float"),
        ("integer", {"minimum": 2, "maximum": 1}, "column `n` has the minimum 2 above its maximum 1"),
        (
            "decimal",
            {"minimum": "10", "maximum": "9.5"},
            "column `n` has the minimum 10 above its maximum 9.5",
        ),
        (
            "date",
            {"minimum": "20130201", "maximum": "2013-01-31"},
            "column `n` has the minimum 20130201 above its maximum 2013-01-31",
        ),
        ("text", {"minimum": "b", "maximum": "a"}, "column `n` has the minimum b above its maximum a"),
        ("text", {"allowed": ("a", None)}, "column `n` allows null among its values"),
        ("text", {"pattern": "("}, "the pattern of column `n` is no regular expression: "),
        ("text", {"pattern": "[[:alpha:]]"}, "the pattern of column `n` means another thing in Redshift"),
        ("text", {"pattern": "[a--b]"}, "the pattern of column `n` means another thing in Redshift"),
    ],
)
def test_a_rule_that_could_not_be_checked_is_refused_where_it_is_declared(
    kind: str, rule: dict[str, Any], said: str
) -> None:
    with pytest.raises(SpecError) as caught:
        Column(name="n", type=ColumnType(kind), **rule)
    assert caught.value.sentence.startswith(said)


@pytest.mark.parametrize(
    ("kind", "low", "high"),
    [("integer", 1, 1), ("decimal", "9.5", "10"), ("float", "1e1", 11), ("text", "a ", "a"),
     ("timestamp", "2013-01-31T01:00+02:00", "2013-01-31T00:00")],
)  # fmt: skip
def test_bounds_between_which_a_value_can_be_are_taken(kind: str, low: Scalar, high: Scalar) -> None:
    column = Column(name="n", type=ColumnType(kind), minimum=low, maximum=high)
    assert (column.minimum, column.maximum) == (low, high)


def test_a_number_of_rows_that_cannot_be_is_refused() -> None:
    assert RowCount(minimum=2, maximum=2).maximum == 2
    with pytest.raises(SpecError) as caught:
        RowCount(maximum=0)
    assert caught.value.sentence == (
        "`rows` has the minimum 1 above its maximum 0 (the minimum is 1 unless you set it)"
    )


def test_an_asset_has_one_check_of_a_name_and_a_share_is_a_share() -> None:
    asset = Asset(name="mart.delays", uri="s3://b/p/")
    check = Check(name="sum", run="checks:add_up")
    with pytest.raises(SpecError, match="two checks of one name"):
        replace(asset, checks=(check, check))
    with pytest.raises(SpecError, match="must be from 0 to 1"):
        replace(asset, quarantine=Quarantine(uri="s3://b/q/", max_share=1.5))
    table = "redshift://{w}/dev/aside/delays"
    with pytest.raises(SpecError, match=r"must be a prefix of S3, not `redshift://\{w\}/dev/aside/delays`"):
        replace(asset, quarantine=Quarantine(uri=table))
    with pytest.raises(SpecError, match="must be a table, as the asset is one, not `s3://b/q/`"):
        replace(asset, uri="redshift://{w}/dev/mart/delays", quarantine=Quarantine(uri="s3://b/q/"))


def test_an_error_says_place_cause_and_remedy_in_one_line() -> None:
    error = SpecError(
        "no such key", hint=nearest("schedul", ["schedule"]), place=Place("a.yaml", 3, "schedul")
    )
    assert str(error) == "a.yaml:3 `schedul`: no such key (did you mean `schedule`?)"
    assert nearest("zebra", ["schedule"]) is None


RECORD = Record(
    asset="mart.delays",
    published=False,
    at="2026-01-02T03:04:05+00:00",
    dag_id="d",
    run_id="r",
    task_id="t",
    partition="2013-01-31|US/CA",
    rows=2,
    checks=(
        CheckResult(name="rows", passed=False, violations=1),
        CheckResult(name="carrier.pattern", passed=False, severity=Severity.WARN),
    ),
)


def test_a_record_survives_json_and_later_keys() -> None:
    assert from_json(to_json(RECORD)) == RECORD
    assert from_json({**to_json(RECORD), "added_later": 1}) == RECORD
    assert [check.name for check in RECORD.blocking] == ["rows"]
    assert [check.name for check in RECORD.warnings] == ["carrier.pattern"]


def test_a_record_has_a_key_that_sorts_by_time_and_holds_no_stray_slash() -> None:
    assert record_key(RECORD) == (
        "_assets/history/mart.delays/2013-01-31|US%2FCA/2026-01-02T03:04:05+00:00.refused.json"
    )
    assert record_key(replace(RECORD, partition=None)).split("/")[3] == "-"


def test_an_event_tells_the_failed_checks_first_and_not_too_many() -> None:
    passed = tuple(CheckResult(name=f"passed{number}", passed=True) for number in range(60))
    told = for_event(replace(RECORD, checks=(*passed, *RECORD.checks))).checks
    assert [check.name for check in told[:3]] == ["rows", "carrier.pattern", "passed0"]
    assert len(told) == 50
    assert for_event(RECORD) is RECORD


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (("a", "a"), "the contract has two rules `a`"),
        (("rows",), "a rule cannot be called `rows`, because another result is"),
        (("carrier.range",), "a rule cannot be called `carrier.range`, because another result is"),
        (("carrier+day.key",), "a rule cannot be called `carrier+day.key`, because another result is"),
        (("",), "a rule needs a name"),
    ],
)
def test_no_finding_hides_behind_another_of_its_name(names: tuple[str, ...], said: str) -> None:
    rules = tuple(SqlRule(name=name, sql="SELECT 0") for name in names)
    day = Column(name="day", type=ColumnType.DATE)
    with pytest.raises(SpecError, match=re.escape(said)):
        Contract(columns=(CARRIER, day), keys=(("carrier", "day"),), rules=rules)


def test_a_check_has_not_the_name_of_a_rule() -> None:
    contract = Contract(columns=(CARRIER,), rules=(SqlRule(name="sums", sql="SELECT 0"),))
    with pytest.raises(SpecError, match="has two checks of one name"):
        Asset(name="a", uri="s3://b/a/", contract=contract, checks=(Check(name="sums", run="sums.sql"),))


def texts(*names: str) -> tuple[Column, ...]:
    return tuple(Column(name=name, type=ColumnType.TEXT) for name in names)


FRESH = FreshData(column="a", within=timedelta(days=1))


@pytest.mark.parametrize(
    ("terms", "said"),
    [
        ({"columns": texts("")}, "a column of the contract has no name"),
        ({"keys": ((),)}, "a key of the contract names no column"),
        ({"keys": (("a", "a"),)}, "a key of the contract names a column twice"),
        ({"fresh": FRESH}, "`fresh` needs a date or a timestamp, and column `a` is text"),
        ({"rules": (SqlRule(name="r", sql=" "),)}, "the rule `r` has no SQL"),
    ],
)
def test_a_contract_that_could_not_be_checked_is_refused_where_it_is_declared(
    terms: dict[str, Any], said: str
) -> None:
    with pytest.raises(SpecError) as caught:
        Contract(**{"columns": texts("a"), **terms})
    assert caught.value.message == said


FILES, TABLE = "s3://b/a/", "redshift://w/d/s/t"
SUMS = Check(name="sums", run="sums.sql")


@pytest.mark.parametrize(
    ("uri", "parts", "said"),
    [
        (FILES, {"checks": (SUMS,)}, "asset `a` has the rule `sums` in SQL, which files cannot run"),
        (
            FILES,
            {"contract": Contract(columns=texts("a"), rules=(SqlRule(name="r", sql="select 0"),))},
            "asset `a` has the rule `r` in SQL, which files cannot run",
        ),
        (FILES, {"checks": (Check(name="c", run="sums"),)}, "`sums` names no function"),
        (FILES, {"checks": (Check(name="c", run="m:f:g"),)}, "`m:f:g` names no function"),
        (FILES, {"checks": (Check(name="", run="m:f"),)}, "a check needs a name"),
        (
            FILES,
            {"checks": (Check(name="rows", run="m:f"),)},
            "a check cannot be called `rows`, because another result is",
        ),
        (
            TABLE,
            {"contract": Contract(columns=texts("a", "A"))},
            "a table cannot have the column `a` twice, and case does not count there",
        ),
        (
            TABLE,
            {"contract": Contract(columns=texts("_partition")), "partitions": Static(("x",))},
            "the column `_partition` of asset `a` holds its partition",
        ),
        (
            FILES,
            {"quarantine": Quarantine(uri="s3://b/a")},
            "the quarantine of asset `a` is where its own data stands",
        ),
    ],
)
def test_what_cannot_be_where_an_asset_stands_is_refused(uri: str, parts: dict[str, Any], said: str) -> None:
    with pytest.raises(SpecError) as caught:
        Asset(name="a", uri=uri, **parts)
    assert caught.value.message == said


def test_columns_that_differ_by_case_are_two_in_files() -> None:
    assert Asset(name="a", uri=FILES, contract=Contract(columns=texts("a", "A"))).contract
    assert Asset(name="a", uri=TABLE, checks=(SUMS,)).checks == (SUMS,)


def test_the_word_for_a_severity_is_the_severity() -> None:
    # A plain "block" is equal to the member, and a check of identity took it for a warning.
    word: Any = "block"
    values: list[Any] = [
        Column(name="a", type=ColumnType.TEXT, severity=word),
        RowCount(severity=word),
        FreshData(column="a", within=timedelta(days=1), severity=word),
        SqlRule(name="r", sql="select 0", severity=word),
        Check(name="c", run="m:f", severity=word),
    ]
    assert all(each.severity is Severity.BLOCK for each in values)
    kind: Any = "integer"
    assert Column(name="a", type=kind).type is ColumnType.INTEGER


ODD: Any = "wran"


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (
            lambda: RowCount(severity=ODD),
            "`severity` is one of `block`, `warn`, and not `wran` (did you mean `warn`?)",
        ),
        (
            lambda: Contract(columns=texts("a"), keys=ODD),
            'a key cannot be `w`, which is of the type str (write the columns of each key: `keys=[["w"]]`)',
        ),
        (
            lambda: Contract(columns=texts("a"), rows=ODD),
            "`rows` cannot be `wran`, which is of the type str (write `RowCount(minimum=1)`)",
        ),
        (
            lambda: FreshData(column="a", within=ODD),
            "`within` cannot be `wran`, which is of the type str (write `timedelta(days=2)`)",
        ),
        (
            lambda: check_axis(Daily(start=datetime(2013, 1, 1, tzinfo=UTC))),
            (
                "a day cannot be `2013-01-01 00:00:00+00:00`, which is of the type datetime "
                "(write `date(2013, 1, 1)`)"
            ),
        ),
        (
            lambda: check_axis(Hourly(start=ODD)),
            "an hour cannot be `wran`, which is of the type str (write `datetime(2013, 1, 1, tzinfo=UTC)`)",
        ),
        (
            lambda: check_axis(Static(ODD)),
            'the names of partitions cannot be `wran`, which is of the type str (write `Static(("wran",))`)',
        ),
    ],
)
def test_a_value_of_another_type_is_refused_where_it_is_declared(
    make: Callable[[], object], said: str
) -> None:
    with pytest.raises(SpecError) as caught:
        make()
    assert caught.value.sentence == said
