"""The open databases by namespace, and their files under the state directory."""

from __future__ import annotations

import shutil
from threading import RLock
from typing import TYPE_CHECKING

from mwaactl.emulator.warehouse.database import Database

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from mwaactl.emulator.warehouse.namespaces import Namespace


class Databases:
    """Opens and drops the database of each namespace.

    Args:
        directory: The warehouse's own directory.
    """

    def __init__(self, directory: Path) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        self._directory = directory
        self._open: dict[str, Database] = {}
        self._lock = RLock()

    def open(self, namespace: Namespace) -> Database:
        """Return the namespace's database, opened if it is not yet."""
        with self._lock:
            if namespace.namespace_id not in self._open:
                home = self._home(namespace)
                path = home / f"{namespace.db_name}.duckdb"
                self._open[namespace.namespace_id] = Database(path, home / "staging")
            return self._open[namespace.namespace_id]

    def drop(self, namespace: Namespace) -> None:
        """Close and remove the namespace's database."""
        with self._lock:
            database = self._open.pop(namespace.namespace_id, None)
        if database:
            database.close()
        shutil.rmtree(self._home(namespace), ignore_errors=True)

    def keep_only(self, namespaces: Iterable[Namespace]) -> None:
        """Remove what an earlier process left and none of these namespaces owns."""
        owned = {self._home(namespace) for namespace in namespaces}
        for home in self._directory.iterdir():
            if home not in owned:
                shutil.rmtree(home, ignore_errors=True)

    def close(self) -> None:
        """Close every database; for the emulator's end."""
        with self._lock:
            for database in self._open.values():
                database.close()
            self._open.clear()

    def _home(self, namespace: Namespace) -> Path:
        return self._directory / f"{namespace.name}-{namespace.namespace_id[:8]}"
