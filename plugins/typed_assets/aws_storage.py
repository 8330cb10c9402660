"""Data sets on S3 and tables of Redshift as storage of assets; each part is imported when it is used."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, override

from typed_assets.services import Services
from typed_assets.spec.assets import Asset
from typed_assets.staging import Audit, Staged
from typed_assets.storage import Storage


class AwsStorage(Storage):
    """What stands in the environment's AWS account."""

    @override
    def stage_rows(
        self,
        asset: Asset,
        rows: Iterable[Mapping[str, Any]],
        *,
        services: Services,
        token: str,
        partition: str | None = None,
    ) -> Staged:
        from typed_assets.io import stage_rows

        return stage_rows(asset, rows, services=services, token=token, partition=partition)

    @override
    def stage_sql(
        self, asset: Asset, select: str, *, services: Services, token: str, partition: str | None = None
    ) -> Staged:
        from typed_assets.io import stage_sql

        return stage_sql(asset, select, services=services, token=token, partition=partition)

    @override
    def stage_files(
        self,
        asset: Asset,
        keys: Iterable[str],
        *,
        services: Services,
        token: str,
        partition: str | None = None,
    ) -> Staged:
        from typed_assets.io import stage_files

        return stage_files(asset, keys, services=services, token=token, partition=partition)

    @override
    def stage_load(
        self, asset: Asset, source: Asset, *, services: Services, token: str, partition: str | None = None
    ) -> Staged:
        from typed_assets.io import stage_load

        return stage_load(asset, source, services=services, token=token, partition=partition)

    @override
    def audit(self, asset: Asset, staged: Staged, *, services: Services) -> Audit:
        from typed_assets.audit import audit

        return audit(asset, staged, services=services)

    @override
    def publish(self, asset: Asset, staged: Staged, *, services: Services) -> None:
        from typed_assets.io import publish

        publish(asset, staged, services=services)

    @override
    def discard(self, asset: Asset, staged: Staged, *, services: Services) -> None:
        from typed_assets.io import discard

        discard(asset, staged, services=services)

    @override
    def read(
        self, asset: Asset, *, services: Services, partition: str | None = None
    ) -> Iterator[dict[str, Any]]:
        from typed_assets.io import read

        return read(asset, services=services, partition=partition)

    @override
    def partitions(self, asset: Asset, *, services: Services) -> frozenset[str]:
        from typed_assets.scheduling.published import publications

        found = publications(asset.name, services=services)
        return frozenset(key for key in found if key is not None)
