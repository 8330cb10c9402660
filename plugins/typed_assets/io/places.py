"""Where data of an asset stands: what readers see, and what is staged beside it.

s3://BUCKET/PREFIX/_manifest.json                          without partitions
s3://BUCKET/PREFIX/partition=2013-01-31/_manifest.json     a partition
s3://BUCKET/PREFIX/[partition=…/]1f2e3d…/part-00000.jsonl.gz   what manifests point to
s3://BUCKET/_assets/staging/PREFIX/9c8b…/part-00000.jsonl.gz   staged, seen by nobody
s3://OTHER/PREFIX/_staging/9c8b…/part-00000.jsonl.gz       the same in another bucket than `data_bucket`
"""

import hashlib
from urllib.parse import quote, unquote

from typed_assets.services import Services
from typed_assets.spec.assets import Asset
from typed_assets.spec.history import PREFIX
from typed_assets.spec.locations import Location, S3Prefix, filled, location

MANIFEST = "_manifest.json"
STAGING = f"{PREFIX}staging/"
PARTITION = "partition="


def place_of(asset: Asset, services: Services) -> Location:
    """Return where an asset stands in this environment.

    Raises:
        SpecError: its URI needs an option that is not set.
    """
    return location(filled(asset.uri, services.options))


def partition_folder(partition: str | None) -> str:
    """Return the folder of a partition below the asset's prefix; empty without partitions."""
    return "" if partition is None else f"{PARTITION}{quote(partition, safe='|-:')}/"


def partition_in(key: str) -> str | None:
    """Return the partition that a key stands in, or None."""
    folder = next((part for part in key.split("/") if part.startswith(PARTITION)), None)
    return None if folder is None else unquote(folder.removeprefix(PARTITION))


def digest(text: str) -> str:
    """Return a short name for any text, good for keys and for tables."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def staging_prefix(place: S3Prefix, token: str, services: Services) -> str:
    """Return the prefix of what one attempt stages, in the bucket of the place.

    In the data bucket it lies below one prefix for all assets, by which a lifecycle rule can name what tasks
    that died have left. In another bucket it lies below the asset's own, as those who make the asset may have
    no right to write elsewhere.
    """
    if place.bucket != services.options.get("data_bucket") or place.prefix.startswith(PREFIX):
        return staging_beside(place, token)
    return f"{STAGING}{place.prefix}{digest(token)}/"


def staging_beside(place: S3Prefix, token: str) -> str:
    """Return the prefix of what one attempt stages below the asset's own prefix."""
    return f"{place.prefix}_staging/{digest(token)}/"
