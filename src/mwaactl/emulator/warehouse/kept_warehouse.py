"""The warehouse's resources, as they outlive the emulator's process; the data lies in DuckDB's own files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mwaactl.emulator.warehouse.databases import Databases
    from mwaactl.emulator.warehouse.namespaces import Namespace, Namespaces
    from mwaactl.emulator.warehouse.tags import Tags
    from mwaactl.emulator.warehouse.workgroups import Workgroup, Workgroups


@dataclass(frozen=True, slots=True)
class KeptWarehouse:
    """What is kept: values all of them."""

    namespaces: list[Namespace]
    workgroups: list[Workgroup]
    tags: dict[str, dict[str, str]]


class WarehousePart:
    """Namespaces and workgroups with their tags, as a part of the state.

    Statements, their results and open sessions are not kept: what asks for them ended with the emulator.
    """

    name = "warehouse"

    def __init__(
        self, namespaces: Namespaces, workgroups: Workgroups, tags: Tags, databases: Databases
    ) -> None:
        self._namespaces = namespaces
        self._workgroups = workgroups
        self._tags = tags
        self._databases = databases

    def mark(self) -> object:
        """Return what is kept, which is values."""
        return self.read()

    def settled(self) -> bool:
        """Say yes: a workgroup that is being created is available after a restart."""
        return True

    def read(self) -> KeptWarehouse:
        """Return what is kept."""
        return KeptWarehouse(self._namespaces.all(), self._workgroups.all(), self._tags.all())

    def install(self, kept: KeptWarehouse) -> None:
        """Put namespaces and workgroups back; files of others go."""
        self._namespaces.install(kept.namespaces)
        self._workgroups.install(kept.workgroups)
        self._tags.install(kept.tags)
        self._databases.keep_only(kept.namespaces)
