"""What keeps a raw table or a mart from being published."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import ModuleType, SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest

from typed_assets.services import Services
from typed_assets.spec.errors import SpecError


@pytest.fixture
def checks(nyc_flights: dict[str, ModuleType]) -> Any:
    return nyc_flights["checks"]


def counts(read: int = 1000, rejected: int = 0) -> dict[str, Any]:
    return {
        "table": "flights",
        "read": read,
        "accepted": read - rejected,
        "rejected": rejected,
        "reasons": {"carrier": rejected} if rejected else {},
        "quarantine_key": "quarantine/flights",
    }


@dataclass
class Context:
    """What a check of the table of flights is given; `output` is what `normalise` returned."""

    answers: list[str] | None
    options: dict[str, str] = field(default_factory=dict)

    @property
    def asset(self) -> Any:
        return SimpleNamespace(name="nyc_flights.raw.flights")

    @property
    def services(self) -> Any:
        return SimpleNamespace(options=self.options)

    def output(self, step: str) -> list[str] | None:
        return {"normalise": self.answers}[step]


@pytest.mark.parametrize(("rejected", "passed"), [(0, True), (1, True), (2, False), (1000, False)])
def test_more_bad_rows_than_tolerable_are_found(checks: Any, rejected: int, passed: bool) -> None:  # noqa: FBT001
    found = checks.rejected(counts(rejected=rejected), 0.001)

    assert (found.passed, found.violations) == (passed, rejected)


def test_a_finding_about_bad_rows_names_their_reasons_and_the_quarantine(checks: Any) -> None:
    found = checks.rejected(counts(rejected=5), 0.001)

    assert found.observed == "5 of 1000 rows are bad (carrier 5), see quarantine/flights"
    assert found.expected == "at most 0.10% of the rows"


def test_good_rows_are_told_too(checks: Any) -> None:
    assert checks.rejected(counts(), 0.001).observed == "all of 1000 rows are good"


@pytest.mark.parametrize("answers", [None, [], [json.dumps(counts() | {"table": "planes"})]])
def test_a_table_that_was_not_normalised_is_named(checks: Any, answers: list[str] | None) -> None:
    with pytest.raises(checks.NotNormalisedError) as caught:
        checks.few_rows_were_rejected(Context(answers))

    assert str(caught.value) == (
        "`normalise` has no answer about the table flights in this run: run it, then this task again"
    )


@pytest.mark.parametrize(("share", "passed"), [("", False), ("0.004", False), ("0.005", True), ("1", True)])
def test_an_option_says_what_is_tolerable(checks: Any, share: str, passed: bool) -> None:  # noqa: FBT001
    context = Context([json.dumps(counts(rejected=5))], {"max_rejected_share": share})

    assert checks.few_rows_were_rejected(context).passed is passed


@pytest.mark.parametrize("share", ["0.1%", "5", "-0.1", "nan", "few"])
def test_an_option_that_is_no_share_is_named(checks: Any, share: str) -> None:
    with pytest.raises(SpecError) as caught:
        checks.few_rows_were_rejected(Context([json.dumps(counts())], {"max_rejected_share": share}))

    assert str(caught.value) == (
        f"the option `pipelines.max_rejected_share` is '{share}', and no number from 0 to 1 "
        "(write 0.1% as 0.001)"
    )


@pytest.mark.parametrize(("rows", "violations"), [(1000, 0), (999, 1), (0, 1000), (1001, 1)])
def test_rows_lost_or_doubled_while_loading_are_found(checks: Any, rows: int, violations: int) -> None:
    found = checks.loaded(counts(), rows)

    assert (found.passed, found.violations) == (violations == 0, violations)
    assert (found.observed, found.expected) == (f"{rows} rows", "1000 rows")


@pytest.mark.parametrize(("stated", "findings"), [(100, 0), (102, 0), (103, 1), (10, 1)])
def test_a_distance_that_no_great_circle_has_is_found(
    nyc_flights: dict[str, ModuleType], stated: int, findings: int
) -> None:
    route = {
        "origin": "JFK",
        "dest": "LAX",
        "distance": stated,
        "origin_lat": 1.0,
        "origin_lon": 2.0,
        "dest_lat": 3.0,
        "dest_lon": 4.0,
    }
    found = nyc_flights["distances"].wrong_distances(
        [route], lambda start, end: 100.0 if (start, end) == ((1, 2), (3, 4)) else 0
    )
    assert found == [f"JFK-LAX: {stated} miles stated, 100 flown"] * findings


@dataclass
class CountingDataApi:
    """A Data API that counts a row, and notes what it was asked."""

    asked: list[str] = field(default_factory=list)

    def batch_execute_statement(self, *, Sqls: list[str], **_: str) -> dict[str, Any]:  # noqa: N803
        self.asked += Sqls
        return {"Id": str(uuid4()), "CreatedAt": datetime.now(UTC)}

    def describe_statement(self, *, Id: str) -> dict[str, Any]:  # noqa: N803
        return {"Status": "FINISHED", "SubStatements": [{"Id": f"{Id}:1", "HasResultSet": True}]}

    def get_paginator(self, _: str) -> Any:
        page = {"ColumnMetadata": [{"name": "loaded"}], "Records": [[{"longValue": 1}]]}
        return SimpleNamespace(paginate=lambda **_: [page])


def test_the_staged_table_is_quoted_in_what_is_asked_of_it(checks: Any) -> None:
    api, options = CountingDataApi(), {"warehouse_workgroup": "w", "warehouse_database": "dev"}
    staged = {"nyc_flights.raw.flights": SimpleNamespace(place='redshift://w/dev/raw/a"b')}
    context = SimpleNamespace(
        asset=SimpleNamespace(name="nyc_flights.raw.flights"),
        staged=staged,
        services=Services(options=options, client=lambda _: api),
        output=lambda _: [json.dumps(counts(1))],
    )

    assert checks.all_good_rows_are_loaded(context).passed
    assert api.asked == ['SELECT COUNT(*) AS loaded FROM "raw"."a""b"']
