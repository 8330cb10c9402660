"""Logistic regression on counted groups, in plain Python. Pure: the same groups, the same model.

MWAA brings neither numpy nor scikit-learn along, and this needs neither: flights that share their hour,
day, airport and carrier are one group, so that 336,776 rows become some thousands, and Newton's method
needs a few passes over them.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

INTERCEPT = "intercept"
RIDGE = 1.0
"""Keeps weights of rare terms small, and the equations solvable where terms depend on each other."""
MOST_STEPS = 25
PRECISION = 1e-9


@dataclass(frozen=True, slots=True)
class Group:
    """Flights that look the same.

    Attributes:
        terms: what they have in common, for example `hour=17`.
        flights: how many they are.
        late: how many of them were late.
    """

    terms: tuple[str, ...]
    flights: int
    late: int


@dataclass(frozen=True, slots=True)
class Model:
    """A weight for each term; a term that training never saw weighs nothing."""

    weights: Mapping[str, float]

    def probability(self, terms: Iterable[str]) -> float:
        """Return the chance that a flight with these terms is late."""
        return _sigmoid(sum(self.weights.get(term, 0.0) for term in (INTERCEPT, *terms)))


class NotConvergedError(RuntimeError):
    """Newton's method did not come to an end: the groups cannot be what they should be."""


def fit(groups: Sequence[Group]) -> Model:
    """Find the weights that make what was observed most likely.

    Args:
        groups: to learn from; their order does not matter.

    Raises:
        ValueError: there is nothing to learn from.
        NotConvergedError: the weights do not settle.
    """
    if not sum(group.flights for group in groups):
        message = "there are no flights to learn from"
        raise ValueError(message)
    ordered = sorted(groups, key=lambda group: group.terms)
    names = [INTERCEPT, *sorted({term for group in ordered for term in group.terms})]
    places = {name: place for place, name in enumerate(names)}
    rows = [((0, *(places[term] for term in group.terms)), group) for group in ordered]
    weights = [0.0] * len(names)
    for _ in range(MOST_STEPS):
        step = _solved(*_equations(rows, weights))
        weights = [weight + change for weight, change in zip(weights, step, strict=True)]
        if max(abs(change) for change in step) < PRECISION:
            return Model(dict(zip(names, weights, strict=True)))
    message = f"the weights do not settle within {MOST_STEPS} steps"
    raise NotConvergedError(message)


def _equations(
    rows: Sequence[tuple[tuple[int, ...], Group]], weights: Sequence[float]
) -> tuple[list[list[float]], list[float]]:
    """Return the curvature and the slope of the likelihood at these weights."""
    size = len(weights)
    curvature = [[0.0] * size for _ in range(size)]
    slope = [0.0] * size
    for place in range(1, size):  # the intercept is not held small: it says how many are late at all
        curvature[place][place] = RIDGE
        slope[place] = -RIDGE * weights[place]
    for places, group in rows:
        chance = _sigmoid(sum(weights[place] for place in places))
        error, spread = group.late - group.flights * chance, group.flights * chance * (1 - chance)
        for place in places:
            slope[place] += error
            line = curvature[place]
            for other in places:
                line[other] += spread
    return curvature, slope


def _solved(matrix: list[list[float]], right: list[float]) -> list[float]:
    """Solve a symmetric, positive system of equations by Cholesky's decomposition."""
    size = len(right)
    lower = [[0.0] * size for _ in range(size)]
    for row in range(size):
        for column in range(row + 1):
            rest = matrix[row][column] - sum(lower[row][k] * lower[column][k] for k in range(column))
            lower[row][column] = math.sqrt(rest) if row == column else rest / lower[column][column]
    forward: list[float] = []
    for row in range(size):
        done = sum(lower[row][k] * forward[k] for k in range(row))
        forward.append((right[row] - done) / lower[row][row])
    solution = [0.0] * size
    for row in reversed(range(size)):
        done = sum(lower[k][row] * solution[k] for k in range(row + 1, size))
        solution[row] = (forward[row] - done) / lower[row][row]
    return solution


def _sigmoid(value: float) -> float:
    if value >= 0:
        return 1 / (1 + math.exp(-value))
    power = math.exp(value)
    return power / (1 + power)
