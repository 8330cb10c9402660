"""moto's services as one WSGI app that says what it lacks instead of failing obscurely."""

from __future__ import annotations

import io
import logging
from functools import lru_cache
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import parse_qs

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app

from mwaactl.emulator.moto_instances import InstanceLists
from mwaactl.emulator.request_scope import signed_service
from mwaactl.emulator.unreadable_body import refuse_unreadable
from mwaactl.emulator.wire_errors import WireError, answer, internal_failure, not_modelled

if TYPE_CHECKING:
    from collections.abc import Iterable
    from wsgiref.types import StartResponse, WSGIEnvironment

    from flask import Flask

_log = logging.getLogger(__name__)


class UnknownServiceError(LookupError):
    """No backend of moto answers for a host."""


class _ServiceDispatcher(DomainDispatcherApplication):
    """moto's dispatcher, with an error where it would go on without a backend."""

    def __init__(self) -> None:
        super().__init__(_backend_app)
        # moto lists its folders and tries hundreds of patterns for each request: an eighth of its cost.
        self._backend_of = lru_cache(maxsize=1024)(super().get_backend_for_host)

    def get_backend_for_host(self, host: str | None) -> Any:  # noqa: ANN401 - moto's signature
        """Return the name of the backend; None only while moto is still guessing the host."""
        backend = self._backend_of(host)
        if backend is None and host is not None:
            raise UnknownServiceError(host)
        return backend


def _backend_app(service: Any) -> Flask:  # noqa: ANN401 - one of moto's many names
    """Return moto's app for a service, which raises what goes wrong instead of answering with a page."""
    app = create_backend_app(service)
    app.config["PROPAGATE_EXCEPTIONS"] = True
    return app


class MotoGateway:
    """Answers what moto models, and names what it does not."""

    def __init__(self) -> None:
        self._dispatcher = _ServiceDispatcher()
        self._instances = InstanceLists()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        service = signed_service(environ) or "s3"
        if refusal := refuse_unreadable(environ):
            return answer(refusal, service, environ, start_response)
        operation = _operation(environ)
        caught = _CaughtStart()
        try:
            body = b"".join(self._dispatcher(environ, caught))
            self._instances.after_request()
        except UnknownServiceError:
            return answer(not_modelled(service, operation), service, environ, start_response)
        except NotImplementedError as error:
            _log.info("%s %s: %s", service, operation, error)
            return answer(not_modelled(service, operation), service, environ, start_response)
        except Exception as error:  # noqa: BLE001 - a defect must be answered, not end the connection
            _log.exception("%s %s failed", service, operation)
            return answer(internal_failure(service, error), service, environ, start_response)
        if lacking := _lacking(service, operation, caught, body):
            return answer(lacking, service, environ, start_response)
        start_response(caught.status, caught.headers)
        return [body]


class _CaughtStart:
    """Holds status and headers back until the answer has been looked at."""

    def __init__(self) -> None:
        self.status = "500 Internal Server Error"
        self.headers: list[tuple[str, str]] = []

    def __call__(self, status: str, headers: list[tuple[str, str]], *_: object) -> Any:  # noqa: ANN401
        self.status, self.headers = status, headers
        return lambda _data: None


def _lacking(service: str, operation: str, caught: _CaughtStart, body: bytes) -> WireError | None:
    """Return an error for moto's two ways of lacking an operation: no route (HTML), no action."""
    if not caught.status.startswith("404") or service == "s3":
        return None
    kind = next((value for name, value in caught.headers if name.lower() == "content-type"), "")
    unrouted = (
        not body or b"Not yet implemented" in body or (kind.startswith("text/html") and b"<title>404" in body)
    )
    return not_modelled(service, operation) if unrouted else None


def _operation(environ: WSGIEnvironment) -> str:
    """Return the operation's name where the protocol carries it, else method and path."""
    if target := environ.get("HTTP_X_AMZ_TARGET"):
        return str(target).rpartition(".")[2]
    if "x-www-form-urlencoded" in environ.get("CONTENT_TYPE", ""):
        length = int(environ.get("CONTENT_LENGTH") or 0)
        body = cast("bytes", environ["wsgi.input"].read(length))
        environ["wsgi.input"] = io.BytesIO(body)
        if action := parse_qs(body.decode("utf-8", "replace")).get("Action"):
            return action[0]
    return f"{environ.get('REQUEST_METHOD')} {environ.get('PATH_INFO')}"
