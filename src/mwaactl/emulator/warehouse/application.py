"""Composes the two services; what the emulator's server mounts."""

from __future__ import annotations

import atexit
from typing import TYPE_CHECKING

from mwaactl.emulator.warehouse.admin_secrets import SecretsManagerAdminSecrets
from mwaactl.emulator.warehouse.connections import Connections
from mwaactl.emulator.warehouse.data_api import DataApi
from mwaactl.emulator.warehouse.databases import Databases
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
    from mwaactl.emulator.settings import EmulatorSettings

type WsgiApp = JsonService


def service_apps(settings: EmulatorSettings) -> dict[str, WsgiApp]:
    """Return the WSGI apps of the warehouse by SigV4 signing name.

    Args:
        settings: The emulator's settings; databases live under `state_dir/warehouse/`, which is emptied.
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
    return {
        "redshift-serverless": JsonService("redshift-serverless", serverless.operations(), region),
        "redshift-data": JsonService("redshift-data", {**data.operations(), **metadata.operations()}, region),
    }
