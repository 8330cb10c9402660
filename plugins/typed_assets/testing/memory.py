"""Services and storage in memory: an asset is made, checked and published in milliseconds, without AWS.

Data sets are what they are on S3. Tables are kept as data sets: their contracts are checked in the same way,
but nothing runs SQL. What is made by a SELECT, or checked by one, needs the emulator's warehouse.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from typed_assets.aws_storage import AwsStorage
from typed_assets.services import Services
from typed_assets.spec.assets import Asset
from typed_assets.spec.errors import SpecError
from typed_assets.spec.locations import RedshiftTable, filled, location
from typed_assets.staging import Audit, Staged
from typed_assets.storage import Storage
from typed_assets.testing.memory_s3 import MemoryS3

OPTIONS = {
    "data_bucket": "data",
    "warehouse_workgroup": "warehouse",
    "warehouse_database": "warehouse",
    "warehouse_copy_role_arn": "arn:aws:iam::123456789012:role/copy",
}
_TABLES = "_tables/"


def _now() -> datetime:
    return datetime.now(UTC)


def memory_services(
    options: Mapping[str, str] | None = None, *, now: Callable[[], datetime] = _now
) -> Services:
    """Return services with an empty S3 in memory; tables stand there too.

    Args:
        options: of section `pipelines`, beside those that every environment has.
        now: the clock, for freshness and for records.
    """
    s3 = MemoryS3()

    def client(service: str) -> Any:  # noqa: ANN401 - a client
        if service == "s3":
            return s3
        message = f"`{service}` is not in memory"
        raise SpecError(message, hint="give `services` of an emulator, or a client of your own")

    return Services(client=client, options={**OPTIONS, **(options or {})}, now=now)


def storage_of(services: Services) -> Storage:
    """Return the storage that belongs to services: in memory where S3 is."""
    in_memory = isinstance(services.client("s3"), MemoryS3)
    return MemoryStorage() if in_memory else AwsStorage()


class MemoryStorage:
    """Keeps tables as data sets beside the others."""

    def __init__(self) -> None:
        self._storage = AwsStorage()

    def stage_rows(
        self,
        asset: Asset,
        rows: Iterable[Mapping[str, Any]],
        *,
        services: Services,
        token: str,
        partition: str | None = None,
    ) -> Staged:
        """Write rows where no reader looks."""
        kept = _kept(asset, services)
        return self._storage.stage_rows(kept, rows, services=services, token=token, partition=partition)

    def stage_sql(
        self, asset: Asset, select: str, *, services: Services, token: str, partition: str | None = None
    ) -> Staged:
        """Refuse: nothing in memory runs SQL.

        Raises:
            SpecError: always.
        """
        del select, services, token, partition
        message = f"`{asset.name}` is made by SQL, which nothing in memory runs"
        raise SpecError(message, hint="give `services` of an emulator")

    def stage_files(
        self,
        asset: Asset,
        keys: Iterable[str],
        *,
        services: Services,
        token: str,
        partition: str | None = None,
    ) -> Staged:
        """Take files that something else has written."""
        kept = _kept(asset, services)
        return self._storage.stage_files(kept, keys, services=services, token=token, partition=partition)

    def stage_load(
        self, asset: Asset, source: Asset, *, services: Services, token: str, partition: str | None = None
    ) -> Staged:
        """Take the rows that are published of a data set."""
        rows = self.read(source, services=services, partition=partition if source.partitions else None)
        return self.stage_rows(asset, rows, services=services, token=token, partition=partition)

    def audit(self, asset: Asset, staged: Staged, *, services: Services) -> Audit:
        """Judge what is staged by the asset's contract.

        Raises:
            SpecError: a rule is SQL.
        """
        rules = [rule.name for rule in asset.contract.rules] if asset.contract else []
        rules += [check.name for check in asset.checks if check.run.endswith(".sql")]
        if rules:
            message = f"rule `{rules[0]}` of `{asset.name}` is SQL, which nothing in memory runs"
            raise SpecError(message, hint="give `services` of an emulator")
        return self._storage.audit(_kept(asset, services), staged, services=services)

    def publish(self, asset: Asset, staged: Staged, *, services: Services) -> None:
        """Show readers what is staged, all of it at once."""
        self._storage.publish(_kept(asset, services), staged, services=services)

    def discard(self, asset: Asset, staged: Staged, *, services: Services) -> None:
        """Remove what is staged."""
        self._storage.discard(_kept(asset, services), staged, services=services)

    def read(
        self, asset: Asset, *, services: Services, partition: str | None = None
    ) -> Iterator[dict[str, Any]]:
        """Yield the rows that are published: of a partition, or all."""
        return self._storage.read(_kept(asset, services), services=services, partition=partition)

    def partitions(self, asset: Asset, *, services: Services) -> frozenset[str]:
        """Return the partitions that are published."""
        return self._storage.partitions(_kept(asset, services), services=services)


def _kept(asset: Asset, services: Services) -> Asset:
    """Return an asset whose table stands in the data bucket."""
    if not isinstance(location(asset.uri), RedshiftTable):
        return asset
    aside = asset.quarantine
    if aside:
        aside = replace(aside, uri=_beside(aside.uri, services))
    return replace(asset, uri=_beside(asset.uri, services), quarantine=aside)


def _beside(uri: str, services: Services) -> str:
    """Return where what belongs into a table stands instead."""
    place = location(filled(uri, services.options))
    if not isinstance(place, RedshiftTable):
        return uri
    return f"s3://{services.options['data_bucket']}/{_TABLES}{place.schema}/{place.table}/"
