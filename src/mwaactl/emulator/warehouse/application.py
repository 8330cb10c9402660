"""Composes the two services; what the emulator's server mounts."""

from __future__ import annotations

import atexit
from typing import TYPE_CHECKING

from mwaactl.emulator.warehouse.admin_secrets import SecretsManagerAdminSecrets
from mwaactl.emulator.warehouse.connections import Connections
from mwaactl.emulator.warehouse.data_api import DataApi
from mwaactl.emulator.warehouse.databases import Databases
from mwaactl.emulator.warehouse.kept_warehouse import WarehousePart
from mwaactl.emulator.warehouse.loads.s3_loads import S3Loads
from mwaactl.emulator.warehouse.metadata_api import MetadataApi
from mwaactl.emulator.warehouse.namespaces import Namespaces
from mwaactl.emulator.warehouse.protocol import JsonService
from mwaactl.emulator.warehouse.results import ResultStore
from mwaactl.emulator.warehouse.role_sessions import RoleSessions
from mwaactl.emulator.warehouse.runner import StatementRunner
from mwaactl.emulator.warehouse.serverless import ServerlessApi
from mwaactl.emulator.warehouse.session_registry import SessionRegistry
from mwaactl.emulator.warehouse.statements import Statements
from mwaactl.emulator.warehouse.workgroups import Workgroups

if TYPE_CHECKING:
    from collections.abc import Callable

    from mwaactl.emulator.settings import EmulatorSettings

type WsgiApp = JsonService


class ServiceApps(dict[str, WsgiApp]):
    """WSGI apps by signing name, with what outlives the process behind them.

    Attributes:
        part: The namespaces and workgroups as a part of the state.
        close: Ends the databases, so that their files are whole.
    """

    def __init__(self, apps: dict[str, WsgiApp], part: WarehousePart, close: Callable[[], None]) -> None:
        super().__init__(apps)
        self.part = part
        self.close = close


def service_apps(settings: EmulatorSettings) -> ServiceApps:
    """Return the WSGI apps of the warehouse by SigV4 signing name.

    Args:
        settings: The emulator's settings; databases live under `state_dir/warehouse/`.
    """
    home = settings.state_dir / "warehouse"
    databases, sessions = Databases(home / "databases"), SessionRegistry()
    atexit.register(databases.close)  # so that DuckDB's files are whole
    workgroups = Workgroups(settings.account_id, start=databases.open, stop=sessions.close)
    secrets = SecretsManagerAdminSecrets(settings)
    namespaces = Namespaces(settings.account_id, secrets, in_use=workgroups.uses, drop_data=databases.drop)
    connections = Connections(settings, namespaces, workgroups)
    statements = Statements(ResultStore(home / "results"))
    loads = S3Loads(RoleSessions(settings))
    data = DataApi(connections, databases, sessions, statements, StatementRunner(statements), loads)
    metadata = MetadataApi(connections, databases)
    serverless = ServerlessApi(namespaces, workgroups)
    region = settings.region
    apps = {
        "redshift-serverless": JsonService("redshift-serverless", serverless.operations(), region),
        "redshift-data": JsonService("redshift-data", {**data.operations(), **metadata.operations()}, region),
    }
    part = WarehousePart(namespaces, workgroups, serverless.tags, databases)
    return ServiceApps(apps, part, databases.close)
