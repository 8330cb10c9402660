"""What keeps a mart from being published."""

import json
from types import ModuleType
from typing import Any

import pytest


@pytest.fixture
def audit(nyc_flights: dict[str, ModuleType]) -> Any:
    return nyc_flights["audit"]


def counts(table: str = "flights", read: int = 1000, rejected: int = 0) -> dict[str, dict[str, Any]]:
    made = {
        "table": table,
        "read": read,
        "accepted": read - rejected,
        "rejected": rejected,
        "reasons": {"carrier": rejected},
        "quarantine_key": f"quarantine/{table}",
    }
    return {table: made}


def test_payloads_become_counts_by_table(audit: Any) -> None:
    assert audit.read_counts([json.dumps(counts()["flights"])]) == counts()


@pytest.mark.parametrize(("rejected", "found"), [(0, False), (1, False), (2, True), (1000, True)])
def test_more_bad_rows_than_tolerable_are_found(audit: Any, rejected: int, found: bool) -> None:  # noqa: FBT001
    findings = audit.rejection_findings(counts(rejected=rejected), 0.001)
    assert bool(findings) is found


def test_a_finding_about_bad_rows_names_the_quarantine(audit: Any) -> None:
    [finding] = audit.rejection_findings(counts(rejected=5), 0.001)
    assert finding == "flights: 5 of 1000 rows are bad ({'carrier': 5}), see quarantine/flights"


def test_an_empty_table_is_found(audit: Any) -> None:
    assert audit.rejection_findings(counts(read=0), 1.0) == ["flights: no row is good"]


@pytest.mark.parametrize("loaded", [[{"table_name": "flights", "loaded": 999}], []])
def test_rows_lost_while_loading_are_found(audit: Any, loaded: list[Any]) -> None:
    [finding] = audit.load_findings(counts(), loaded)
    assert finding.startswith("flights: 1000 rows were accepted, ")


def test_a_broken_rule_is_found_by_name(audit: Any) -> None:
    rows = [{"rule": "an airline has one code", "violations": 2}, {"rule": "fine", "violations": "0"}]
    assert audit.rule_findings(rows) == ["an airline has one code: 2 times not"]


@pytest.mark.parametrize(("stated", "findings"), [(100, 0), (102, 0), (103, 1), (10, 1)])
def test_a_distance_that_no_great_circle_has_is_found(audit: Any, stated: int, findings: int) -> None:
    route = {
        "origin": "JFK",
        "dest": "LAX",
        "distance": stated,
        "origin_lat": 1.0,
        "origin_lon": 2.0,
        "dest_lat": 3.0,
        "dest_lon": 4.0,
    }
    found = audit.distance_findings(
        [route], lambda start, end: 100.0 if (start, end) == ((1, 2), (3, 4)) else 0
    )
    assert len(found) == findings


def test_the_error_lists_every_finding(audit: Any) -> None:
    error = audit.AuditFailedError(["one", "two"])
    assert str(error) == "the marts are not published:\n- one\n- two"
