"""The WSGI app in front of the services: what is denied is answered here, all else is passed on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mwaactl.emulator.authorization.denials import denied, protocol_of
from mwaactl.emulator.authorization.partial_deletes import delete_what_is_allowed
from mwaactl.emulator.wire_errors import answer

if TYPE_CHECKING:
    from collections.abc import Iterable
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

    from mwaactl.emulator.authorization.judge import Judge


class Enforcement:
    """Passes on what may pass.

    Args:
        judge: Decides.
        services: What answers the requests that may pass.
    """

    def __init__(self, judge: Judge, services: WSGIApplication) -> None:
        self._judge = judge
        self._services = services

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        judgement = self._judge.judge(environ)
        if judgement is None or not judgement.denials:
            return self._services(environ, start_response)
        first = judgement.denials[0]
        service = judgement.call.service
        protocol = protocol_of(environ)
        error = denied(judgement.caller.caller, first.access, first.decision, judgement.call, protocol)
        if service == "s3" and judgement.call.operation == "DeleteObjects":
            keys = {
                denial.access.resource.partition(":::")[2].partition("/")[2] for denial in judgement.denials
            }
            return delete_what_is_allowed(keys, error, self._services, environ, start_response)
        return answer(error, service, environ, start_response)
