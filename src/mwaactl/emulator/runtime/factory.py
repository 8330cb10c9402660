"""Makes the hosts of one emulator, which share its Python environments and its database server."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING
from weakref import WeakSet

from mwaactl.emulator.runtime.host import LocalAirflowHost
from mwaactl.emulator.runtime.locks import read_lock
from mwaactl.emulator.runtime.metadata_database import choose_databases
from mwaactl.emulator.runtime.migration import migrate
from mwaactl.emulator.runtime.packages import PackageStore
from mwaactl.emulator.runtime.postgres_server import PostgresServer

if TYPE_CHECKING:
    from mwaactl.emulator.credentials import RoleCredentials
    from mwaactl.emulator.guardian import Guardian
    from mwaactl.emulator.runtime.metadata_database import MetadataDatabases
    from mwaactl.emulator.settings import EmulatorSettings


class HostFactory:
    """Makes hosts; the database server starts with the first that needs it and ends with the guardian.

    Args:
        settings: The emulator.
        guardian: Who ends the processes if the emulator dies.
        credentials: Where processes get the execution role's credentials.
    """

    def __init__(self, settings: EmulatorSettings, guardian: Guardian, credentials: RoleCredentials) -> None:
        self._settings = settings
        self._guardian = guardian
        self._credentials = credentials
        self._packages = PackageStore(settings.runtimes_dir, settings.uv)
        self._server = PostgresServer(settings.state_dir / "postgres", guardian)
        self._chosen: MetadataDatabases | None = None
        self._lock = Lock()
        self._hosts: WeakSet[LocalAirflowHost] = WeakSet()

    def __call__(self, name: str) -> LocalAirflowHost:
        """Return the host of the environment `name`; nothing is started."""
        host = LocalAirflowHost(
            name, self._settings, self._guardian, self._credentials, self._packages, self._databases
        )
        self._hosts.add(host)
        return host

    def publish_metrics(self) -> None:
        """Send what every environment has measured in the last minute to CloudWatch."""
        for host in list(self._hosts):
            host.publish_metrics()

    def warm_up(self, airflow_version: str) -> None:
        """Build the version's Python environment and its migrated database template ahead of the first start.

        Raises:
            HostFailure: Either can't be made; the first start would fail the same way.
            KeyError: The catalog has no lock for the version.
        """
        lock = read_lock(airflow_version)
        python, major = self._packages.base(lock), lock.airflow_major
        self._databases().prepare(lock.name, lambda url: migrate(python, major, url))

    def _databases(self) -> MetadataDatabases:
        with self._lock:
            if self._chosen is None:
                self._chosen = choose_databases(self._server, self._settings.state_dir / "sqlite")
            return self._chosen


def host_factory(settings: EmulatorSettings, guardian: Guardian, credentials: RoleCredentials) -> HostFactory:
    """Return what makes the host of an environment."""
    return HostFactory(settings, guardian, credentials)
