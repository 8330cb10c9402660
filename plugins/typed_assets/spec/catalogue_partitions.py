"""Partitions and mappings as JSON: an object whose `kind` tells which it is."""

from collections.abc import Mapping as JsonObject
from datetime import date, datetime
from typing import Any, assert_never

from typed_assets.spec.catalogue_values import present
from typed_assets.spec.errors import SpecError, nearest
from typed_assets.spec.partitions import (
    AllPartitions,
    Daily,
    Hourly,
    Identity,
    LastPartition,
    Mapping,
    Partitions,
    Product,
    Rollup,
    Static,
)

_MAPPINGS: dict[str, type[Mapping]] = {
    "identity": Identity,
    "rollup": Rollup,
    "all": AllPartitions,
    "last": LastPartition,
}
_NAMES = {kind: name for name, kind in _MAPPINGS.items()}


def describe_partitions(partitions: Partitions) -> dict[str, Any]:
    """Return how an asset is divided."""
    match partitions:
        case Hourly(start=start, end=end):
            return present(kind="hourly", start=start.isoformat(), end=end.isoformat() if end else None)
        case Daily(start=first, end=last):
            return present(kind="daily", start=first.isoformat(), end=last.isoformat() if last else None)
        case Static(names):
            return {"kind": "static", "names": list(names)}
        case Product(one, other):
            return {
                "kind": "product",
                "first": describe_partitions(one),
                "second": describe_partitions(other),
            }
    assert_never(partitions)


def partitions_from(value: JsonObject[str, Any]) -> Partitions:
    """Return what `describe_partitions` made a value of.

    Raises:
        SpecError: the kind is not known.
    """
    if value["kind"] == "product":
        return Product(_simple_from(value["first"]), _simple_from(value["second"]))
    return _simple_from(value)


def describe_mapping(mapping: Mapping) -> str:
    """Return the name of a mapping."""
    return _NAMES[type(mapping)]


def mapping_from(name: str) -> Mapping:
    """Return the mapping of a name.

    Raises:
        SpecError: there is none.
    """
    if name not in _MAPPINGS:
        message = f"there is no mapping `{name}`"
        raise SpecError(message, hint=nearest(name, _MAPPINGS))
    return _MAPPINGS[name]()


def _simple_from(value: JsonObject[str, Any]) -> Hourly | Daily | Static:
    end = value.get("end")
    match value["kind"]:
        case "hourly":
            start = datetime.fromisoformat(value["start"])
            return Hourly(start=start, end=datetime.fromisoformat(end) if end else None)
        case "daily":
            return Daily(
                start=date.fromisoformat(value["start"]), end=date.fromisoformat(end) if end else None
            )
        case "static":
            return Static(tuple(value["names"]))
        case kind:
            message = f"there are no partitions of the kind `{kind}`"
            raise SpecError(message, hint=nearest(kind, ("hourly", "daily", "static", "product")))
