"""Asks an environment's Airflow for the assets that it holds, for what is compared with them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from mwaactl.airflow_api.connect import connect
from mwaactl.airflow_api.patience import PatientInvoke
from mwaactl.planner.statuses import Meaning, meaning_of
from typed_assets.spec.catalogue import described
from typed_assets.spec.errors import SpecError
from typed_assets.spec.publication import EXTRA_KEY

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from mwaactl.airflow_api.rest import AirflowApi
    from mwaactl.executor.gateways import Gateways
    from typed_assets.spec.assets import Asset


def assets_held(api: AirflowApi) -> Mapping[str, Asset]:
    """Return the assets of `typed_assets` that Airflow holds, by name.

    One that another version of the library has declared, in words that this one does not know, is left out.

    Raises:
        OperationError: It is Airflow 2.
    """
    return {asset.name: asset for asset in _described(api)}


def _described(api: AirflowApi) -> Iterator[Asset]:
    for asset in api.assets():
        told = asset.extra.get(EXTRA_KEY)
        if isinstance(told, dict):
            try:
                yield described(told)
            except (SpecError, KeyError, TypeError, ValueError):
                continue


def running_assets(gateways: Gateways, environment: str) -> Mapping[str, Asset] | None:
    """Return the assets that an environment's Airflow holds; None where it has no Airflow 3 to ask."""
    present = gateways.environments.find(environment)
    usable = (Meaning.READY, Meaning.USABLE_AFTER_FAILURE)
    if present is None or meaning_of(present.status) not in usable:
        return None
    if present.airflow_version.startswith(("1.", "2.")):
        return None
    invoke = PatientInvoke(partial(gateways.environments.invoke, environment), gateways.sleep)
    return assets_held(connect(present.airflow_version, invoke))
