"""Where the history of assets stands on S3: keys that sort by time, below one prefix of the data bucket."""

from urllib.parse import quote

from typed_assets.spec.publication import Record

PREFIX = "_assets/"


def asset_prefix(asset: str) -> str:
    """Return the prefix of all records of an asset."""
    return f"{PREFIX}history/{asset}/"


def record_key(record: Record) -> str:
    """Return the key of a record: the same attempt writes the same key.

    Example: `_assets/history/mart.delays/2013-01-31/2026-01-02T03:04:05+00:00.json`; `-` stands for an asset
    without partitions.
    """
    partition = quote(record.partition or "-", safe="|-:")
    return f"{asset_prefix(record.asset)}{partition}/{record.at}.json"
