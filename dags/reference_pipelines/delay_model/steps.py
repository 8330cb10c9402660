"""The steps of the model as rows to rows. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from typing import Any

from reference_pipelines.delay_model.evaluation import evaluate
from reference_pipelines.delay_model.regression import Group, Model, fit

type Row = Mapping[str, Any]

_GROUP = ("hour", "weekday", "origin", "carrier")


def trained(features: Iterable[Row]) -> list[dict[str, Any]]:
    """Return the model's terms and weights, learnt from the features' part `train`."""
    model = fit(_groups(features, "train"))
    return [{"term": term, "weight": weight} for term, weight in sorted(model.weights.items())]


def evaluated(weights: Iterable[Row], features: Iterable[Row]) -> list[dict[str, Any]]:
    """Return the one row of figures, by the features' part `test`."""
    return [asdict(evaluate(_model(weights), _groups(features, "test")))]


def scored(weights: Iterable[Row], features: Iterable[Row]) -> Iterator[dict[str, Any]]:
    """Yield every group of flights there is, in order, with the chance that one of it is late."""
    model = _model(weights)
    groups = sorted({tuple(row[name] for name in _GROUP) for row in features})
    for values in groups:
        row = dict(zip(_GROUP, values, strict=True))
        yield {**row, "probability": model.probability(_terms(row))}


def _groups(features: Iterable[Row], part: str) -> list[Group]:
    return [
        Group(_terms(row), int(row["flights"]), int(row["late"])) for row in features if row["part"] == part
    ]


def _terms(row: Row) -> tuple[str, ...]:
    return tuple(f"{name}={row[name]}" for name in _GROUP)


def _model(weights: Iterable[Row]) -> Model:
    return Model({row["term"]: float(row["weight"]) for row in weights})
