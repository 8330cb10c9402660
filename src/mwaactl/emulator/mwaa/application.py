"""The MWAA service as a WSGI application, and what must be ended with it."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from flask import Flask, Response
from moto.core.utils import convert_to_flask_response
from moto.moto_server.werkzeug_app import HTTP_METHODS, BackendRequest

from mwaactl.emulator import loopback
from mwaactl.emulator.mwaa.backend import MwaaBackend
from mwaactl.emulator.mwaa.environment_status import status_of
from mwaactl.emulator.mwaa.frontdoor.application import FrontDoor
from mwaactl.emulator.mwaa.frontdoor.certificates import server_context
from mwaactl.emulator.mwaa.frontdoor.server import FrontDoorServer
from mwaactl.emulator.mwaa.kept_environments import EnvironmentsPart
from mwaactl.emulator.mwaa.responses import MwaaResponse
from mwaactl.emulator.mwaa.rest_api import RestApi
from mwaactl.emulator.mwaa.tokens import TokenSigner

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable

    from _typeshed.wsgi import WSGIApplication
    from moto.core.common_types import TYPE_RESPONSE
    from moto.core.request import Request

    from mwaactl.emulator.mwaa.environment_status import EnvironmentStatus
    from mwaactl.emulator.mwaa.frontdoor.upstream import Upstream
    from mwaactl.emulator.mwaa.host import AirflowHostFactory
    from mwaactl.emulator.mwaa.surroundings import Client, Clients
    from mwaactl.emulator.settings import EmulatorSettings

log = logging.getLogger(__name__)

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
        self._signer = signer or TokenSigner()
        self._rest_api = rest_api or RestApi()
        tls = server_context(settings.state_dir)
        self._backend = MwaaBackend(
            account_id=settings.account_id,
            region=settings.region,
            host_factory=host_factory,
            clients_of=partial(_clients, settings),
            open_door=partial(_open_door, self._signer, tls, settings.port + 1),
            now=lambda: datetime.now(UTC),
        )
        self.app: WSGIApplication = _flask_app(self._answer)

    def statuses(self) -> tuple[EnvironmentStatus, ...]:
        """Return how every environment is, by region and name."""
        return tuple(status_of(lifecycle) for lifecycle in self._backend.all())

    def part(self) -> EnvironmentsPart:
        """Return the environments as a part of the emulator's state."""
        return EnvironmentsPart(self._backend)

    def shutdown(self) -> None:
        """End every environment's Airflow and front door; the application must not be called any more."""
        self._backend.close()

    def _answer(self, request: Request, url: str, headers: dict[str, str]) -> TYPE_RESPONSE:
        response = MwaaResponse(self._backend, self._signer, self._rest_api)
        return response._dispatch(request, url, headers)  # noqa: SLF001 - the instance behind moto's dispatch


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


def _flask_app(answer: Callable[[Request, str, dict[str, str]], TYPE_RESPONSE]) -> WSGIApplication:
    """Every path goes to one view: the operation is found by botocore's model, whatever the host name."""
    app = Flask(__name__)
    app.request_class = BackendRequest
    app.register_error_handler(Exception, _internal_failure)
    view = convert_to_flask_response(answer)
    for rule in ("/", "/<path:rest>"):
        app.add_url_rule(rule, endpoint=rule, methods=HTTP_METHODS, view_func=view, strict_slashes=False)
    return app


def _internal_failure(error: Exception) -> Response:
    """Answer what nobody foresaw in the shape that AWS clients understand."""
    log.exception("a request failed", exc_info=error)
    headers = {"x-amzn-ErrorType": "InternalServerException"}
    body = json.dumps({"message": f"{type(error).__name__}: {error}"})
    return Response(body, 500, headers, mimetype="application/json")
