"""CloudFormation as a WSGI app."""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import TYPE_CHECKING

from moto.core.request import Request

from mwaactl.emulator.cloudformation.responses import CloudFormationResponse
from mwaactl.emulator.wire_errors import answer, internal_failure, not_modelled

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

    from mwaactl.emulator.cloudformation.responses import Engines

_log = logging.getLogger(__name__)
_SERVICE = "cloudformation"


def cloudformation_app(engines: Engines) -> WSGIApplication:
    """Return CloudFormation for all accounts and regions of one emulator."""

    def app(environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
        request = _ServerRequest(environ)
        action = request.form.get("Action", "an unnamed action")
        try:
            status, headers, body = CloudFormationResponse(engines).answer(request)
        except NotImplementedError:
            return answer(not_modelled(_SERVICE, action), _SERVICE, environ, start_response)
        except Exception as error:  # noqa: BLE001 - a defect must be answered, not end the connection
            _log.exception("%s failed", action)
            return answer(internal_failure(_SERVICE, error), _SERVICE, environ, start_response)
        payload = body.encode() if isinstance(body, str) else body
        pairs = [(name, str(value)) for name, value in headers.items() if name.lower() != "content-length"]
        start_response(
            f"{status} {HTTPStatus(status).phrase}", [*pairs, ("Content-Length", str(len(payload)))]
        )
        return [payload]

    return app


class _ServerRequest(Request):
    """moto's request, which learns from this mark that a server sets the Date header."""

    from_wsgi_server = True
