"""How good a model is on flights that it has not seen. Pure."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from reference_pipelines.delay_model.regression import Group, Model


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The figures that an approver looks at.

    Attributes:
        flights: how many flights they are about.
        observed_share: which part of them was late.
        predicted_share: which part the model expected.
        auc: the chance that a late flight gets a higher probability than one on time; 0.5 is a coin.
        log_loss: the mean surprise by what happened; less is better.
        baseline_log_loss: the same for a model that gives every flight the same probability.
    """

    flights: int
    observed_share: float
    predicted_share: float
    auc: float
    log_loss: float
    baseline_log_loss: float


def evaluate(model: Model, groups: Sequence[Group]) -> Evaluation:
    """Compare what a model says of groups with what happened.

    Args:
        model: the model.
        groups: flights that it was not trained on.

    Raises:
        ValueError: there are no flights, or all or none of them were late, so that nothing can be told apart.
    """
    flights, late = sum(group.flights for group in groups), sum(group.late for group in groups)
    if not 0 < late < flights:
        message = f"{late} of {flights} flights were late: nothing can be told apart"
        raise ValueError(message)
    scored = [(model.probability(group.terms), group) for group in groups]
    expected = sum(chance * group.flights for chance, group in scored)
    share = late / flights
    return Evaluation(
        flights=flights,
        observed_share=share,
        predicted_share=expected / flights,
        auc=_auc(scored, late, flights - late),
        log_loss=_surprise(scored) / flights,
        baseline_log_loss=-(share * math.log(share) + (1 - share) * math.log(1 - share)),
    )


def _surprise(scored: Sequence[tuple[float, Group]]) -> float:
    return -math.fsum(
        group.late * math.log(chance) + (group.flights - group.late) * math.log(1 - chance)
        for chance, group in scored
    )


def _auc(scored: Sequence[tuple[float, Group]], late: int, on_time: int) -> float:
    """Count the pairs of a late flight and one on time that stand in the right order, a tie as half a one."""
    right = 0.0
    below = 0
    by_chance: dict[float, tuple[int, int]] = {}
    for chance, group in scored:
        bad, good = by_chance.get(chance, (0, 0))
        by_chance[chance] = (bad + group.late, good + group.flights - group.late)
    for chance in sorted(by_chance):
        bad, good = by_chance[chance]
        right += bad * (below + good / 2)
        below += good
    return right / (late * on_time)
