"""Where assets are staged, judged, published and read: what steps need of `typed_assets.io` and `audit`."""

from collections.abc import Iterable, Iterator, Mapping
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

    def stage_files(
        self,
        asset: Asset,
        keys: Iterable[str],
        *,
        services: Services,
        token: str,
        partition: str | None = None,
    ) -> Staged:
        """Take files that something else has written to the asset's bucket."""
        ...

    def stage_load(
        self, asset: Asset, source: Asset, *, services: Services, token: str, partition: str | None = None
    ) -> Staged:
        """Load what is published of a data set."""
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
        """Yield the rows that are published: of a partition, or all."""
        ...

    def partitions(self, asset: Asset, *, services: Services) -> frozenset[str]:
        """Return the partitions that are published."""
        ...
