"""Where the history of assets stands on S3: keys that sort by time, below one prefix of the data bucket."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote, unquote

from typed_assets.spec.assets import Asset
from typed_assets.spec.partition_axes import bounds, key_at, utc
from typed_assets.spec.partition_keys import axes
from typed_assets.spec.partitions import Static
from typed_assets.spec.publication import Record

PREFIX = "_assets/"
_REFUSED = ".refused"


def asset_prefix(asset: str) -> str:
    """Return the prefix of all records of an asset."""
    return f"{PREFIX}history/{asset}/"


def record_key(record: Record) -> str:
    """Return the key of a record: the same attempt writes the same key, by the time when its writer began.

    Example: `_assets/history/mart.delays/2013-01-31/2026-01-02T03:04:05+00:00.json`; `-` stands for an asset
    without partitions. A record of what was refused ends with `.refused.json`: so a listing alone tells what
    has been published, and when.
    """
    began = record.began or record.at
    return attempt_key(record.asset, record.partition, began, published=record.published)


def attempt_key(asset: str, partition: str | None, began: str, *, published: bool) -> str:
    """Return the key of the record of an attempt whose writer began at a time."""
    return f"{asset_prefix(asset)}{_folder(partition)}/{began}{'' if published else _REFUSED}.json"


@dataclass(frozen=True, slots=True)
class Stretch:
    """Which keys to list: those with a prefix, behind a key; an empty one stands before all."""

    prefix: str
    after: str = ""


def whole_history(asset: str) -> Stretch:
    """Return where all records of an asset stand."""
    return Stretch(asset_prefix(asset))


def recent_history(asset: Asset, since: datetime, now: datetime) -> Stretch | None:
    """Return where the records of attempts stand that began after a moment, or of the newest partitions.

    None for an asset whose keys do not sort by time: the partition comes first in them, and names of a static
    one have no order. What is written there for an older attempt or partition stands elsewhere.
    """
    prefix = asset_prefix(asset.name)
    if asset.partitions is None:
        whole = f"{prefix}{_folder(None)}/"
        return Stretch(whole, f"{whole}{utc(since):%Y-%m-%dT%H:%M:%S}")
    axis = axes(asset.partitions)[0]
    if isinstance(axis, Static):
        return None
    first, after = bounds(axis, now)
    last = first if after is None else max(first, after - 2)  # one may be published a little late
    return Stretch(prefix, f"{prefix}{key_at(axis, last)}")


def _folder(partition: str | None) -> str:
    return quote(partition or "-", safe="|-:")


@dataclass(frozen=True, slots=True)
class Attempt:
    """What the key of a record tells.

    Attributes:
        partition: the key, or None for an asset without partitions.
        at: when its writer began.
        published: whether it was published, not refused.
    """

    partition: str | None
    at: datetime
    published: bool


def attempt_of(asset: str, key: str) -> Attempt | None:
    """Return what a key tells of an attempt, or None where it is none of the asset's records."""
    partition, slash, name = key.removeprefix(asset_prefix(asset)).partition("/")
    stem = name.removesuffix(".json")
    if not slash or stem == name:
        return None
    try:
        at = datetime.fromisoformat(stem.removesuffix(_REFUSED))
    except ValueError:
        return None
    return Attempt(None if partition == "-" else unquote(partition), utc(at), not stem.endswith(_REFUSED))
