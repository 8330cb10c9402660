"""The WSGI app in front of the services: what is denied is answered here, all else is passed on."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from mwaactl.emulator.authorization.denials import denied, protocol_of
from mwaactl.emulator.authorization.partial_deletes import delete_what_is_allowed
from mwaactl.emulator.authorization.refusals import RefusedError
from mwaactl.emulator.request_scope import signed_service
from mwaactl.emulator.wire_errors import answer, internal_failure

if TYPE_CHECKING:
    from collections.abc import Iterable
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

    from mwaactl.emulator.authorization.judge import Denial, Judge, Judgement
    from mwaactl.emulator.authorization.partial_deletes import Deletion
    from mwaactl.emulator.wire_errors import WireError

_log = logging.getLogger(__name__)


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
        try:
            judgement = self._judge.judge(environ)
        except RefusedError as refused:
            service = signed_service(environ) or ""
            return answer(refused.error, service, environ, start_response)
        except Exception as error:  # noqa: BLE001 - a defect must be answered, not end the connection
            service = signed_service(environ) or ""
            _log.exception("a request of %s could not be judged", service)
            return answer(internal_failure(service, error), service, environ, start_response)
        if judgement is None:
            return self._services(environ, start_response)
        if judgement.denials:
            return self._deny(judgement, environ, start_response)
        if not self._judge.names_statement(judgement):
            return self._services(environ, start_response)
        body = b"".join(self._services(environ, start_response))
        self._judge.see_answer(judgement, body)
        return [body]

    def _deny(
        self, judgement: Judgement, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        service = judgement.call.service
        if service == "s3" and judgement.call.operation == "DeleteObjects":
            deletions = {
                _deletion(denial): _error(judgement, denial, environ) for denial in judgement.denials
            }
            return delete_what_is_allowed(deletions, self._services, environ, start_response)
        return answer(_error(judgement, judgement.denials[0], environ), service, environ, start_response)


def _error(judgement: Judgement, denial: Denial, environ: WSGIEnvironment) -> WireError:
    return denied(judgement.caller, denial.access, denial.decision, judgement.call, protocol_of(environ))


def _deletion(denial: Denial) -> Deletion:
    """Return the key that a denial is about, and whether it is about a version of it."""
    key = denial.access.resource.partition(":::")[2].partition("/")[2]
    return key, denial.access.action == "s3:DeleteObjectVersion"
