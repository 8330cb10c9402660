"""Asks an environment's Airflow for the assets that it holds, for what is compared with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mwaactl.cli.environments import connected
from mwaactl.operations.held_assets import HeldAssets, held_assets
from mwaactl.planner.statuses import EXPLANATIONS, is_running

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from mwaactl.airflow_api.rest import AirflowApi
    from mwaactl.executor.gateways import Gateways
    from mwaactl.observed import ObservedEnvironment
    from typed_assets.spec.assets import Asset


def assets_held(api: AirflowApi) -> HeldAssets:
    """Return the assets of `typed_assets` that Airflow holds.

    Raises:
        OperationError: It is Airflow 2.
    """
    return held_assets(api.assets())


def why_not_asked(present: ObservedEnvironment) -> str | None:
    """Return why the Airflow of an environment is not asked for what it holds, or None where it can be."""
    if is_running(present.status):
        return None
    why = EXPLANATIONS.get(present.status)
    return f"environment `{present.name}` is {present.status}{f', {why}' if why else ''}"


def running_assets(
    gateways: Gateways, environment: str, on_detail: Callable[[str], None]
) -> Mapping[str, Asset] | None:
    """Return the assets that an environment's Airflow holds; None where it has no Airflow 3 to ask.

    Args:
        gateways: Every way out.
        environment: Its name.
        on_detail: Told which assets are left out, and why an environment that is there cannot be asked.
    """
    present = gateways.environments.find(environment)
    if present is None or present.airflow_version.startswith(("1.", "2.")):
        return None
    if why := why_not_asked(present):
        on_detail(f"contracts are not compared with what is deployed: {why}")
        return None
    held = assets_held(connected(gateways, present))
    held.tell_unread(on_detail)
    return held.assets
