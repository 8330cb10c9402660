"""The publications that have started a run."""

from collections.abc import Iterable, Iterator
from typing import Any

from typed_assets.spec.publication import EXTRA_KEY

type Events = Iterable[tuple[str, str | None]]
"""Asset and partition of each."""


def events_of(context: Any) -> Iterator[tuple[str, str | None]]:  # noqa: ANN401 - Airflow's context
    """Yield asset and partition of the publications that have started a run."""
    for asset, events in (context.get("triggering_asset_events") or {}).items():
        for event in events:
            record = (event.extra or {}).get(EXTRA_KEY) or {}
            yield asset.name, getattr(event, "partition_key", None) or record.get("partition")
