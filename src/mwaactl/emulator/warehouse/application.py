"""Composes the two services; what the emulator's server mounts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mwaactl.emulator.warehouse.admin_secrets import SecretsManagerAdminSecrets
from mwaactl.emulator.warehouse.namespaces import Namespaces
from mwaactl.emulator.warehouse.protocol import JsonService
from mwaactl.emulator.warehouse.serverless import ServerlessApi
from mwaactl.emulator.warehouse.workgroups import Workgroups

if TYPE_CHECKING:
    from mwaactl.emulator.settings import EmulatorSettings

type WsgiApp = JsonService


def service_apps(settings: EmulatorSettings) -> dict[str, WsgiApp]:
    """Return the WSGI apps of the warehouse by SigV4 signing name.

    Args:
        settings: The emulator's settings; databases live under `state_dir/warehouse/`.
    """
    workgroups = Workgroups(settings.account_id, start=lambda _: None, stop=lambda _: None)
    namespaces = Namespaces(
        settings.account_id,
        SecretsManagerAdminSecrets(settings),
        in_use=workgroups.uses,
        drop_data=lambda _: None,
    )
    serverless = ServerlessApi(namespaces, workgroups)
    return {
        "redshift-serverless": JsonService("redshift-serverless", serverless.operations(), settings.region),
    }
