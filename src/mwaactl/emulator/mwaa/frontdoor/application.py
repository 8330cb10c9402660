"""The front door's routes: MWAA's own first, then Airflow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from werkzeug.wrappers import Request, Response

from mwaactl.emulator.mwaa.frontdoor import cli, sign_in
from mwaactl.emulator.mwaa.frontdoor.proxy import pass_through

if TYPE_CHECKING:
    from collections.abc import Iterable

    from _typeshed.wsgi import StartResponse, WSGIEnvironment

    from mwaactl.emulator.mwaa.frontdoor.upstream import Upstream
    from mwaactl.emulator.mwaa.tokens import TokenSigner

# Where Airflow sends a browser that has no session: its login forms know no IAM identities.
AIRFLOW_LOGIN = {2: "/login/", 3: "/auth/login"}


class FrontDoor:
    """WSGI application of one environment's web server."""

    def __init__(self, upstream: Upstream, signer: TokenSigner) -> None:
        self._upstream = upstream
        self._signer = signer
        self._cli = cli.CliRoute(upstream, signer)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        return self._route(Request(environ))(environ, start_response)

    def _route(self, request: Request) -> Response:
        environment = self._upstream.environment
        match (request.method, request.path):
            case ("GET", sign_in.CONSOLE_PATH):
                return sign_in.console_page(environment)
            case ("POST", path) if path == sign_in.LOGIN_PATHS[environment.airflow_major]:
                return sign_in.login(request, self._upstream, self._signer)
            case ("POST", cli.PATH):
                return self._cli(request)
            case ("GET", path) if path.rstrip("/") == AIRFLOW_LOGIN[environment.airflow_major].rstrip("/"):
                return sign_in.to_console(request)
        return pass_through(request, self._upstream)
