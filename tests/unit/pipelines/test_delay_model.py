"""The model of delays: what it learns, how it is judged, and that it comes out the same each time."""

import math
from collections.abc import Callable
from typing import Any

import pytest


@pytest.fixture
def regression(reference: Callable[[str], Any]) -> Any:
    return reference("delay_model.regression")


@pytest.fixture
def evaluation(reference: Callable[[str], Any]) -> Any:
    return reference("delay_model.evaluation")


def groups(regression: Any) -> list[Any]:
    return [
        regression.Group(("hour=6", "origin=JFK"), 4000, 400),
        regression.Group(("hour=6", "origin=EWR"), 6000, 900),
        regression.Group(("hour=20", "origin=JFK"), 5000, 1700),
        regression.Group(("hour=20", "origin=EWR"), 3000, 1300),
    ]


def test_probabilities_are_those_that_were_observed(regression: Any) -> None:
    model = regression.fit(groups(regression))

    for group in groups(regression):
        assert model.probability(group.terms) == pytest.approx(group.late / group.flights, abs=0.02)


def test_as_many_flights_are_expected_to_be_late_as_were(regression: Any) -> None:
    """With an intercept that nothing holds small, the slope for it is zero: sums agree exactly."""
    learnt = groups(regression)
    model = regression.fit(learnt)

    expected = sum(model.probability(group.terms) * group.flights for group in learnt)
    assert expected == pytest.approx(sum(group.late for group in learnt), abs=1e-4)


def test_the_order_of_groups_does_not_matter_to_the_last_digit(regression: Any) -> None:
    learnt = groups(regression)
    shuffled = learnt[:]
    shuffled.sort(key=lambda group: -group.flights)

    assert regression.fit(shuffled).weights == regression.fit(learnt).weights


def test_a_term_that_training_never_saw_weighs_nothing(regression: Any) -> None:
    model = regression.fit(groups(regression))

    assert model.probability(("hour=6", "origin=LGA")) == model.probability(("hour=6",))


def test_a_term_with_late_flights_only_keeps_a_weight_that_can_be_written_down(regression: Any) -> None:
    model = regression.fit([*groups(regression), regression.Group(("hour=3",), 5, 5)])

    assert 0 < model.weights["hour=3"] < 20


def test_without_flights_there_is_nothing_to_learn(regression: Any) -> None:
    with pytest.raises(ValueError, match="no flights to learn from"):
        regression.fit([])


def test_auc_counts_pairs_and_a_tie_for_half(regression: Any, evaluation: Any) -> None:
    """Chances 0.2, 0.2 and 0.8 for two flights on time and two late ones: 1, 1, 0.5 and 0.5 of four pairs."""
    low, high = -math.log(4), math.log(4)
    model = regression.Model({"a": low, "b": high})
    judged = [regression.Group(("a",), 3, 1), regression.Group(("b",), 1, 1)]

    found = evaluation.evaluate(model, judged)

    assert found.auc == pytest.approx(3 / 4)
    assert found.flights == 4
    assert found.observed_share == 0.5
    assert found.predicted_share == pytest.approx((3 * 0.2 + 0.8) / 4)
    assert found.log_loss == pytest.approx(-(math.log(0.2) + 2 * math.log(0.8) + math.log(0.8)) / 4)
    assert found.baseline_log_loss == pytest.approx(math.log(2))


def test_flights_that_were_all_late_cannot_judge_a_model(regression: Any, evaluation: Any) -> None:
    with pytest.raises(ValueError, match="3 of 3 flights were late"):
        evaluation.evaluate(regression.Model({}), [regression.Group(("a",), 3, 3)])


def test_steps_hand_rows_on(reference: Callable[[str], Any]) -> None:
    steps = reference("delay_model.steps")
    features = [
        {
            "part": part,
            "hour": hour,
            "weekday": 1,
            "origin": "JFK",
            "carrier": "B6",
            "flights": 1000,
            "late": late,
        }
        for part in ("train", "test")
        for hour, late in ((6, 100), (20, 400))
    ]

    weights = steps.trained(features)
    [figures] = steps.evaluated(weights, features)
    scores = list(steps.scored(weights, features))

    assert [row["term"] for row in weights] == [
        "carrier=B6",
        "hour=20",
        "hour=6",
        "intercept",
        "origin=JFK",
        "weekday=1",
    ]
    in_order, tied = 400 * 900, 100 * 900 + 400 * 600
    assert figures["auc"] == pytest.approx((in_order + tied / 2) / (500 * 1500))
    assert figures["log_loss"] < figures["baseline_log_loss"]
    assert [(row["hour"], row["carrier"]) for row in scores] == [(6, "B6"), (20, "B6")]
    assert [row["probability"] for row in scores] == [
        pytest.approx(0.1, abs=0.02),
        pytest.approx(0.4, abs=0.02),
    ]
