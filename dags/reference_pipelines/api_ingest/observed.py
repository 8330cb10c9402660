"""An item of the API as a row of the contract. Pure."""

from collections.abc import Mapping
from typing import Any

from reference_pipelines.landed import typed
from reference_pipelines.observations import OBSERVATIONS


def observed(item: Mapping[str, Any]) -> dict[str, Any]:
    """Return an item's values with the types of the contract; what is not of its type stays for the check."""
    return {
        column.name: typed(value, column.type) if isinstance(value, str) else value
        for column in OBSERVATIONS.columns
        if (value := item.get(column.name)) is not None
    }
