"""Alarms over series that fire, that do not, with data missing, and at the boundary."""

import json
from datetime import UTC, datetime

import pytest

from mwaactl.emulator.metrics.alarm_evaluation import Missing, Rule, State, evaluate
from mwaactl.emulator.metrics.alarm_wording import Series, reason, reason_data
from mwaactl.emulator.metrics.metric_math import UnknownExpressionError, compute, parse
from mwaactl.emulator.metrics.statistics import Sample, is_statistic, statistic

KEEPS = None
OK, ALARM, UNKNOWN = State.OK, State.ALARM, State.INSUFFICIENT_DATA
VALUES = {"0": 0.0, "X": 9.0, "-": None}


def points(drawn: str) -> list[float | None]:
    return [VALUES[each] for each in drawn.split()]


def rule(needed: int, periods: int, missing: Missing = Missing.MISSING) -> Rule:
    return Rule("GreaterThanThreshold", 5.0, periods, needed, missing)


# The two tables of AWS's page about missing data: 3 out of 3, and 2 out of 3.
@pytest.mark.parametrize(
    ("needed", "drawn", "missing", "ignore", "breaching", "not_breaching"),
    [
        (3, "0 - X - X", OK, OK, OK, OK),
        (3, "0 - - - -", OK, OK, OK, OK),
        (3, "- - - - -", UNKNOWN, KEEPS, ALARM, OK),
        (3, "0 X X - X", ALARM, ALARM, ALARM, ALARM),
        (3, "- - X - -", ALARM, KEEPS, ALARM, OK),
        (2, "0 - X - X", ALARM, ALARM, ALARM, ALARM),
        (2, "0 0 X 0 X", ALARM, ALARM, ALARM, ALARM),
        (2, "0 - X - -", OK, OK, ALARM, OK),
        (2, "- - - - 0", OK, OK, ALARM, OK),
        (2, "- - - X -", ALARM, KEEPS, ALARM, OK),
    ],
)
def test_missing_data_is_treated_as_documented(
    needed: int,
    drawn: str,
    missing: State | None,
    ignore: State | None,
    breaching: State | None,
    not_breaching: State | None,
) -> None:
    found = [evaluate(rule(needed, 3, each), points(drawn)).state for each in Missing]

    assert found == [missing, ignore, breaching, not_breaching]


@pytest.mark.parametrize(
    ("needed", "periods", "drawn", "expected"),
    [
        (1, 1, "0 0 X", ALARM),
        (1, 1, "X X 0", OK),
        (3, 3, "0 0 X X X", ALARM),
        (3, 3, "X X 0 X X", OK),
        (2, 3, "X 0 X 0 X", ALARM),
        (2, 3, "X X 0 0 X", OK),
        (3, 3, "- - - - X", KEEPS),
        (1, 1, "- - -", UNKNOWN),
    ],
)
def test_m_of_n_newest_datapoints_decide(
    needed: int, periods: int, drawn: str, expected: State | None
) -> None:
    assert evaluate(rule(needed, periods), points(drawn)).state == expected


@pytest.mark.parametrize(
    ("comparison", "below", "at", "above"),
    [
        ("GreaterThanThreshold", OK, OK, ALARM),
        ("GreaterThanOrEqualToThreshold", OK, ALARM, ALARM),
        ("LessThanThreshold", ALARM, OK, OK),
        ("LessThanOrEqualToThreshold", ALARM, ALARM, OK),
    ],
)
def test_threshold_is_a_boundary(comparison: str, below: State, at: State, above: State) -> None:
    single = Rule(comparison, 5.0, 1, 1)

    assert [evaluate(single, [value]).state for value in (4.99, 5.0, 5.01)] == [below, at, above]


STARTS = (1_700_000_000, 1_700_000_060, 1_700_000_120)


def test_alarm_says_why() -> None:
    series = Series((9.0, 0.0, 7.0), STARTS, 60, "Average")
    given = rule(2, 3)
    found = evaluate(given, series.points)

    assert reason(given, series, found, OK, ALARM) == (
        "Threshold Crossed: 2 out of the last 3 datapoints [7.0 (14/11/23 22:15:20), 9.0 (14/11/23 22:13:20)]"
        " were greater than the threshold (5.0) (minimum 2 datapoints for OK -> ALARM transition)."
    )
    assert json.loads(reason_data(given, series, found, datetime(2023, 11, 14, 22, 17, tzinfo=UTC))) == {
        "version": "1.0",
        "queryDate": "2023-11-14T22:17:00.000+0000",
        "startDate": "2023-11-14T22:13:20.000+0000",
        "statistic": "Average",
        "period": 60,
        "recentDatapoints": [9.0, 0.0, 7.0],
        "threshold": 5.0,
        "evaluatedDatapoints": [
            {"timestamp": "2023-11-14T22:15:20.000+0000", "value": 7.0},
            {"timestamp": "2023-11-14T22:14:20.000+0000", "value": 0.0},
            {"timestamp": "2023-11-14T22:13:20.000+0000", "value": 9.0},
        ],
    }


NOT_GREATER = (
    "Threshold Crossed: 1 out of the last 1 datapoints [0.0 (14/11/23 22:15:20)] was not greater than the "
    "threshold (5.0) (minimum 1 datapoint for ALARM -> OK transition)."
)
NOTHING_CAME = (
    "Threshold Crossed: no datapoints were received for 1 period and 1 missing datapoint was treated as "
)


@pytest.mark.parametrize(
    ("drawn", "missing", "state", "sentence"),
    [
        ("0 0 0", Missing.MISSING, OK, NOT_GREATER),
        ("- - -", Missing.MISSING, UNKNOWN, "Insufficient Data: 1 datapoint was unknown."),
        ("- - -", Missing.BREACHING, ALARM, f"{NOTHING_CAME}[Breaching]."),
        ("- - -", Missing.NOT_BREACHING, OK, f"{NOTHING_CAME}[NonBreaching]."),
    ],
)
def test_other_states_say_why(drawn: str, missing: Missing, state: State, sentence: str) -> None:
    given = rule(1, 1, missing)
    series = Series(points(drawn), STARTS, 60)
    found = evaluate(given, series.points)

    assert found.state == state
    assert reason(given, series, found, ALARM, state) == sentence


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("SampleCount", 5.0),
        ("Sum", 20.0),
        ("Average", 4.0),
        ("Minimum", 1.0),
        ("Maximum", 10.0),
        ("p0", 1.0),
        ("p50", 3.0),
        ("p90", 7.2),
        ("p100", 10.0),
    ],
)
def test_statistics_of_a_period(name: str, expected: float) -> None:
    samples = [Sample.of(1.0), Sample.of(10.0), Sample(2.0, 6.0, 3.0, 3.0), Sample.of(3.0)]

    assert is_statistic(name)
    assert statistic(name, samples) == pytest.approx(expected)


def test_percentile_of_a_set_of_different_values_is_unknown() -> None:
    assert statistic("p50", [Sample(2.0, 6.0, 1.0, 5.0)]) is None
    assert statistic("Average", []) is None
    assert not is_statistic("p101")


SERIES = {"m1": (1.0, None, 4.0), "m2": (2.0, 2.0, 0.0)}


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("m1 + m2", (3.0, None, 4.0)),
        ("100 * m1 / m2", (50.0, None, None)),
        ("-(m1 - 1)", (0.0, None, -3.0)),
        ("FILL(m1, 0) - m2", (-1.0, -2.0, 4.0)),
        ("MAX([m1, m2])", (2.0, 2.0, 4.0)),
        ("SUM([m1, m2]) + AVG([m1, m2])", (4.5, 4.0, 6.0)),
        ("7", (7.0, 7.0, 7.0)),
        ("m1 >= m2", (0.0, None, 1.0)),
        ("IF(m1 > 2, m2, 5)", (5.0, None, 0.0)),
        ("IF(m2 != 0, m1, m2)", (1.0, None, 0.0)),
        ("IF(1 < 2, m1, m2)", (1.0, None, 4.0)),
    ],
)
def test_metric_math(expression: str, expected: tuple[float | None, ...]) -> None:
    assert compute(parse(expression), SERIES, 3) == expected


@pytest.mark.parametrize(
    "expression", ["m1 +", "ANOMALY_DETECTION_BAND(m1)", "IF(m1 > 2, 1)", "1 < m1 < 2", "m1 ** 2", "'x'"]
)
def test_metric_math_that_is_not_modelled_is_named(expression: str) -> None:
    with pytest.raises(UnknownExpressionError):
        parse(expression)
