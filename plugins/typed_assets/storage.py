"""Where assets are staged, judged, published and read: what steps need of `typed_assets.io` and `audit`."""

from collections.abc import Iterable, Iterator, Mapping
from importlib import import_module
from typing import Any, Protocol

from typed_assets.services import Services
from typed_assets.spec.assets import Asset
from typed_assets.staging import Audit, Staged


class Storage(Protocol):
    """Keeps the data of assets; a test has one in memory."""

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
        ...

    def stage_sql(
        self, asset: Asset, select: str, *, services: Services, token: str, partition: str | None = None
    ) -> Staged:
        """Write what a SELECT finds where no reader looks."""
        ...

    def audit(self, asset: Asset, staged: Staged, *, services: Services) -> Audit:
        """Judge what is staged by the asset's contract."""
        ...

    def publish(self, asset: Asset, staged: Staged, *, services: Services) -> None:
        """Show readers what is staged, all of it at once."""
        ...

    def discard(self, asset: Asset, staged: Staged, *, services: Services) -> None:
        """Remove what is staged."""
        ...

    def read(
        self, asset: Asset, *, services: Services, partition: str | None = None
    ) -> Iterator[dict[str, Any]]:
        """Yield the rows that are published."""
        ...


class AwsStorage:
    """The data sets of S3 and the tables of Redshift. Imports what an asset needs when it is needed."""

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
        module: Any = import_module("typed_assets.io")
        found: Staged = module.stage_rows(asset, rows, services=services, token=token, partition=partition)
        return found

    def stage_sql(
        self, asset: Asset, select: str, *, services: Services, token: str, partition: str | None = None
    ) -> Staged:
        """Make a staging table of a SELECT."""
        module: Any = import_module("typed_assets.io")
        found: Staged = module.stage_sql(asset, select, services=services, token=token, partition=partition)
        return found

    def audit(self, asset: Asset, staged: Staged, *, services: Services) -> Audit:
        """Judge what is staged by the asset's contract."""
        module: Any = import_module("typed_assets.audit")
        found: Audit = module.audit(asset, staged, services=services)
        return found

    def publish(self, asset: Asset, staged: Staged, *, services: Services) -> None:
        """Show readers what is staged, all of it at once."""
        publish = import_module("typed_assets.io").publish
        publish(asset, staged, services=services)

    def discard(self, asset: Asset, staged: Staged, *, services: Services) -> None:
        """Remove what is staged."""
        discard = import_module("typed_assets.io").discard
        discard(asset, staged, services=services)

    def read(
        self, asset: Asset, *, services: Services, partition: str | None = None
    ) -> Iterator[dict[str, Any]]:
        """Yield the rows that are published."""
        module: Any = import_module("typed_assets.io")
        found: Iterator[dict[str, Any]] = module.read(asset, services=services, partition=partition)
        return found
