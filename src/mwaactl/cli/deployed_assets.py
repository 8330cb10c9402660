"""Asks an environment's Airflow for the assets that it holds, for what is compared with them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mwaactl.cli.environments import connected
from mwaactl.planner.statuses import EXPLANATIONS, is_running
from typed_assets.spec.catalogue import described
from typed_assets.spec.errors import SpecError
from typed_assets.spec.publication import EXTRA_KEY

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from mwaactl.airflow_api.rest import AirflowApi
    from mwaactl.executor.gateways import Gateways
    from mwaactl.observed import ObservedEnvironment
    from typed_assets.spec.assets import Asset


@dataclass(frozen=True, slots=True)
class HeldAssets:
    """The assets of `typed_assets` that an Airflow holds.

    Attributes:
        assets: Those that can be read, by name.
        unread: Why each of the others cannot, by name: another version of the library has declared it, in
            words that this one does not know or refuses.
    """

    assets: Mapping[str, Asset]
    unread: Mapping[str, str]

    def tell_unread(self, on_detail: Callable[[str], None]) -> None:
        """Say what contracts cannot be compared with, and why."""
        for name, reason in sorted(self.unread.items()):
            on_detail(f"deployed asset `{name}` is left out, because it cannot be read: {reason}")


def assets_held(api: AirflowApi) -> HeldAssets:
    """Return the assets of `typed_assets` that Airflow holds.

    Raises:
        OperationError: It is Airflow 2.
    """
    assets: dict[str, Asset] = {}
    unread: dict[str, str] = {}
    for held in api.assets():
        told = held.extra.get(EXTRA_KEY)
        if isinstance(told, dict):
            try:
                asset = described(told)
            except (SpecError, KeyError, TypeError, ValueError, AttributeError, ArithmeticError) as error:
                unread[held.name] = _reason(error)
            else:
                assets[asset.name] = asset
    return HeldAssets(assets, unread)


def _reason(error: Exception) -> str:
    return f"it has no `{error.args[0]}`" if isinstance(error, KeyError) else str(error)


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
