"""Storage of assets in memory: what is staged, what readers see, and what audits are told to find."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, override

from typed_assets.staging import Audit, Staged
from typed_assets.storage import Storage

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from typed_assets.services import Services
    from typed_assets.spec.assets import Asset
    from typed_assets.spec.publication import CheckResult

type Rows = list[dict[str, Any]]


@dataclass(slots=True)
class StorageInMemory(Storage):
    """Keeps rows by asset and partition.

    Attributes:
        staged: rows by token; SQL is one row with the statement.
        published: rows that readers see, by asset and partition.
        findings: what the audit of an asset finds, by the asset's name.
        publishing: raised by `publish`, once, before it publishes.
    """

    staged: dict[str, Rows] = field(default_factory=dict)
    published: dict[tuple[str, str | None], Rows] = field(default_factory=dict)
    findings: dict[str, tuple[CheckResult, ...]] = field(default_factory=dict)
    publishing: list[Exception] = field(default_factory=list)

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
        self.staged[token] = [dict(row) for row in rows]
        return Staged(
            asset=asset.name,
            partition=partition,
            token=token,
            place=f"memory://{token}",
            rows=len(self.staged[token]),
        )

    @override
    def stage_sql(
        self, asset: Asset, select: str, *, services: Services, token: str, partition: str | None = None
    ) -> Staged:
        return self.stage_rows(asset, [{"sql": select}], services=services, token=token, partition=partition)

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
        rows = [{"key": key} for key in keys]
        return self.stage_rows(asset, rows, services=services, token=token, partition=partition)

    @override
    def stage_load(
        self, asset: Asset, source: Asset, *, services: Services, token: str, partition: str | None = None
    ) -> Staged:
        rows = self.read(source, services=services, partition=partition)
        return self.stage_rows(asset, rows, services=services, token=token, partition=partition)

    @override
    def audit(self, asset: Asset, staged: Staged, *, services: Services) -> Audit:
        return Audit(
            checks=self.findings.get(asset.name, ()),
            rows=len(self.staged[staged.token]),
            schema_hash="hash",
        )

    @override
    def publish(self, asset: Asset, staged: Staged, *, services: Services) -> None:
        if self.publishing:
            raise self.publishing.pop()
        self.published[asset.name, staged.partition] = self.staged[staged.token]

    @override
    def discard(self, asset: Asset, staged: Staged, *, services: Services) -> None:
        self.staged.pop(staged.token, None)

    @override
    def read(
        self, asset: Asset, *, services: Services, partition: str | None = None
    ) -> Iterator[dict[str, Any]]:
        return iter(
            [
                row
                for (name, key), rows in self.published.items()
                if name == asset.name and partition in (None, key)
                for row in rows
            ]
        )

    @override
    def partitions(self, asset: Asset, *, services: Services) -> frozenset[str]:
        return frozenset(key for name, key in self.published if name == asset.name and key is not None)


@dataclass(slots=True)
class BucketInMemory:
    """The one call of S3 that the history makes.

    Attributes:
        objects: contents by key.
    """

    objects: dict[str, bytes] = field(default_factory=dict)

    def put_object(self, **request: Any) -> None:
        self.objects[request["Key"]] = request["Body"]
