"""The MWAA service as a WSGI application, and what must be ended with it."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from mwaactl.emulator import loopback
from mwaactl.emulator.mwaa.backend import MwaaBackend
from mwaactl.emulator.mwaa.environment_status import status_of
from mwaactl.emulator.mwaa.frontdoor.application import FrontDoor
from mwaactl.emulator.mwaa.frontdoor.certificates import server_context
from mwaactl.emulator.mwaa.frontdoor.server import FrontDoorServer
from mwaactl.emulator.mwaa.kept_environments import EnvironmentsPart
from mwaactl.emulator.mwaa.operations import MwaaOperations
from mwaactl.emulator.mwaa.rest_api import RestApi
from mwaactl.emulator.mwaa.rest_json import RestJsonService
from mwaactl.emulator.mwaa.tokens import TokenSigner

if TYPE_CHECKING:
    import ssl

    from _typeshed.wsgi import WSGIApplication

    from mwaactl.emulator.mwaa.environment_status import EnvironmentStatus
    from mwaactl.emulator.mwaa.frontdoor.upstream import Upstream
    from mwaactl.emulator.mwaa.host import AirflowHostFactory
    from mwaactl.emulator.mwaa.surroundings import Client, Clients
    from mwaactl.emulator.settings import EmulatorSettings

# MWAA's requests are signed for `airflow`, not for `mwaa`.
SIGNING_NAME = "airflow"


class MwaaService:
    """The service: its WSGI application, and the environments behind it.

    Args:
        settings: The emulator's; environments' web servers listen from the port after its own.
        host_factory: Makes the Airflow of an environment.
        signer: Issues login and CLI tokens.
        rest_api: Calls Airflow for InvokeRestApi.
    """

    def __init__(
        self,
        settings: EmulatorSettings,
        host_factory: AirflowHostFactory,
        *,
        signer: TokenSigner | None = None,
        rest_api: RestApi | None = None,
    ) -> None:
        signer = signer or TokenSigner()
        tls = server_context(settings.state_dir)
        self._backend = MwaaBackend(
            account_id=settings.account_id,
            region=settings.region,
            host_factory=host_factory,
            clients_of=partial(_clients, settings),
            open_door=partial(_open_door, signer, tls, settings.port + 1),
            now=lambda: datetime.now(UTC),
        )
        operations = MwaaOperations(self._backend, signer, rest_api or RestApi())
        self.app: WSGIApplication = RestJsonService(operations, settings.region)

    def statuses(self) -> tuple[EnvironmentStatus, ...]:
        """Return how every environment is, by region and name."""
        return tuple(status_of(lifecycle) for lifecycle in self._backend.all())

    def part(self) -> EnvironmentsPart:
        """Return the environments as a part of the emulator's state."""
        return EnvironmentsPart(self._backend)

    def shutdown(self) -> None:
        """End every environment's Airflow and front door; the application must not be called any more."""
        self._backend.close()


class ServiceApps(dict[str, "WSGIApplication"]):
    """WSGI applications by signing name, with the hooks to look at and to end what stands behind them."""

    def __init__(self, service: MwaaService) -> None:
        super().__init__({SIGNING_NAME: service.app})
        self.statuses = service.statuses
        self.part = service.part()
        self.shutdown = service.shutdown


def service_apps(settings: EmulatorSettings, host_factory: AirflowHostFactory) -> ServiceApps:
    """Return the applications of this part by signing name; call `shutdown()` on the result at the end."""
    return ServiceApps(MwaaService(settings, host_factory))


def _clients(settings: EmulatorSettings, region: str) -> Clients:
    def client(service: str) -> Client:
        return loopback.client(service, settings, region)

    return client


def _open_door(
    signer: TokenSigner, tls: ssl.SSLContext, first_port: int, upstream: Upstream, port: int | None = None
) -> FrontDoorServer:
    return FrontDoorServer(FrontDoor(upstream, signer), tls, port or first_port)
