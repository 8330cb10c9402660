"""Shows values in the asset state store that Airflow has from 3.3 on, where the task may use it."""

import logging
from collections.abc import Mapping
from typing import Any

from typed_assets.state.entries import Json

logger = logging.getLogger(__name__)
STORE = "asset_state_store"


def show_in_airflow(asset: str, key: str, value: Json, context: Mapping[str, Any] | None) -> None:
    """Write a value to Airflow's asset state store, if the running task has the asset as inlet or outlet.

    The value is already kept: what fails here is logged. Airflow's store takes no null.
    """
    store = (context if context is not None else _current_context()).get(STORE)
    if store is None or value is None:
        return
    from airflow.sdk.definitions.asset import AssetNameRef

    try:
        accessor = store[AssetNameRef(asset)]
    except KeyError:
        logger.debug("%s is neither inlet nor outlet of this task, so Airflow does not show its state", asset)
        return
    try:
        accessor.set(key, value)
    except Exception:
        logger.exception("Airflow's asset state store did not take `%s` of `%s`", key, asset)


def _current_context() -> Mapping[str, Any]:
    """Return the context of the running task; outside of one, or without Airflow, an empty one."""
    try:
        from airflow.sdk import get_current_context
    except ImportError:
        return {}
    try:
        context: Mapping[str, Any] = get_current_context()
    except RuntimeError:
        return {}
    return context
