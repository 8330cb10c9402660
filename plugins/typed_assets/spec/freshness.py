"""Whether assets are late: how long ago they were published, against what their policies allow."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from typed_assets.spec.assets import Asset, FreshnessPolicy


class Freshness(StrEnum):
    """How an asset stands: `never` has it been published, which is late too."""

    FRESH = "fresh"
    AGEING = "ageing"
    LATE = "late"
    NEVER = "never"


@dataclass(frozen=True, slots=True, kw_only=True)
class AssetAge:
    """How old an asset is.

    Attributes:
        asset: its name.
        state: against its policy.
        policy: what is allowed.
        age: since the last publication, or None before the first.
        at: of the last publication, or None before the first.
    """

    asset: str
    state: Freshness
    policy: FreshnessPolicy
    age: timedelta | None
    at: datetime | None = None

    @property
    def is_late(self) -> bool:
        """Whether it is older than its policy allows, or not there at all."""
        return self.state in (Freshness.LATE, Freshness.NEVER)

    @property
    def sentence(self) -> str:
        """What a person is told."""
        allowed = _shown(self.policy.within)
        if self.age is None:
            return f"`{self.asset}` has never been published; every {allowed} it should be"
        return f"`{self.asset}` was published {_shown(self.age)} ago; every {allowed} it should be"


def ages(assets: Iterable[Asset], published: Mapping[str, datetime], now: datetime) -> tuple[AssetAge, ...]:
    """Return how old each asset with a freshness policy is, by name.

    Args:
        assets: those without a policy are left out.
        published: when an asset was published last, by name.
        now: the time.
    """
    found = (
        _age(asset.name, asset.freshness, published.get(asset.name), now)
        for asset in assets
        if asset.freshness is not None
    )
    return tuple(sorted(found, key=lambda age: age.asset))


def turned(found: Iterable[AssetAge], told: Mapping[str, str]) -> tuple[AssetAge, ...]:
    """Return what people have to be told: what is late or ageing, and was not when they were told last.

    Args:
        found: at this look.
        told: the state of each asset that was told, by name.
    """
    return tuple(
        each for each in found if each.state is not Freshness.FRESH and told.get(each.asset) != each.state
    )


def _age(name: str, policy: FreshnessPolicy, at: datetime | None, now: datetime) -> AssetAge:
    if at is None:
        return AssetAge(asset=name, state=Freshness.NEVER, policy=policy, age=None)
    age = now - at
    return AssetAge(asset=name, state=_state(policy, age), policy=policy, age=age, at=at)


def _state(policy: FreshnessPolicy, age: timedelta) -> Freshness:
    if age > policy.within:
        return Freshness.LATE
    if policy.warn_within is not None and age > policy.warn_within:
        return Freshness.AGEING
    return Freshness.FRESH


def _shown(length: timedelta) -> str:
    minutes = int(length.total_seconds() // 60)
    parts = ((minutes // 1440, "day"), (minutes // 60 % 24, "hour"), (minutes % 60, "minute"))
    words = [f"{number} {word}{'s' if number > 1 else ''}" for number, word in parts if number]
    return " ".join(words) or "less than a minute"
