"""Makes the hosts of one emulator, which share its Python environments and its database server."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from mwaactl.emulator.runtime.host import LocalAirflowHost
from mwaactl.emulator.runtime.metadata_database import choose_databases
from mwaactl.emulator.runtime.packages import PackageStore
from mwaactl.emulator.runtime.postgres_server import PostgresServer

if TYPE_CHECKING:
    from mwaactl.emulator.credentials import RoleCredentials
    from mwaactl.emulator.guardian import Guardian
    from mwaactl.emulator.mwaa.host import AirflowHostFactory
    from mwaactl.emulator.runtime.metadata_database import MetadataDatabases
    from mwaactl.emulator.settings import EmulatorSettings


def host_factory(
    settings: EmulatorSettings, guardian: Guardian, credentials: RoleCredentials
) -> AirflowHostFactory:
    """Return what makes the host of an environment; the database server starts with the first of them.

    The guardian ends the server with everything else.
    """
    packages = PackageStore(settings.runtimes_dir, settings.uv)
    server = PostgresServer(settings.state_dir / "postgres", guardian)

    @cache
    def databases() -> MetadataDatabases:
        return choose_databases(server, settings.state_dir / "sqlite")

    def make(name: str) -> LocalAirflowHost:
        return LocalAirflowHost(name, settings, guardian, credentials, packages, databases)

    return make
