"""The assets of `typed_assets` that an Airflow holds, as their authors declared them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mwaactl.quotation import quoted
from typed_assets.spec.catalogue import described
from typed_assets.spec.errors import SpecError
from typed_assets.spec.publication import EXTRA_KEY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from mwaactl.airflow_api.values import AirflowAsset
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
            on_detail(f"deployed asset `{name}` is left out, because it cannot be read: {quoted(reason)}")


def held_assets(shown: Iterable[AirflowAsset]) -> HeldAssets:
    """Return those of Airflow's assets that `typed_assets` has made."""
    assets: dict[str, Asset] = {}
    unread: dict[str, str] = {}
    for each in shown:
        told = each.extra.get(EXTRA_KEY)
        if isinstance(told, dict):
            try:
                asset = described(told)
            except SpecError as error:
                unread[each.name] = error.sentence
            else:
                if asset.name == each.name:
                    assets[each.name] = asset
                else:
                    unread[each.name] = f"it is declared as `{asset.name}`"
    return HeldAssets(assets, unread)
