"""InvokeRestApi: one call of Airflow's own REST API on behalf of an IAM caller."""

from __future__ import annotations

import json
import time
from http.client import HTTPConnection, HTTPException
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode, urlsplit

from mwaactl.catalog.limits import limits
from mwaactl.emulator.mwaa.exceptions import RestApiClientError, RestApiServerError, ValidationError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from http.client import HTTPResponse

type JsonValue = Any

CHUNK = 65536


class RestApi:
    """Calls Airflow within MWAA's limits of time and size.

    Args:
        timeout: Seconds for one call, answer included; MWAA's own limit if absent.
    """

    def __init__(self, timeout: float | None = None) -> None:
        self._timeout = timeout or limits().rest_api_timeout_seconds

    def invoke(self, api_url: str, major: int, token: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
        """Call Airflow and return InvokeRestApi's answer.

        Args:
            api_url: Base address of the api-server.
            major: 2 has `/api/v1` and its session cookie, 3 `/api/v2` and bearer tokens.
            token: What the environment's host gave for the caller.
            parameters: InvokeRestApi's own: Path, Method, QueryParameters, Body.

        Raises:
            ValidationError: Path does not begin with a slash.
            RestApiClientError: Airflow answered 4xx.
            RestApiServerError: Airflow answered 5xx, too late, with too much, or not at all.
        """
        target = _target(major, parameters["Path"], parameters.get("QueryParameters") or {})
        headers = {"Accept": "application/json"} | _credentials(major, token)
        body = parameters.get("Body")
        if body is not None:
            headers["Content-Type"] = "application/json"
        status, text = self._send(api_url, parameters["Method"], target, _encoded(body), headers)
        return _result(status, _decoded(text))

    def _send(
        self, api_url: str, method: str, target: str, body: bytes | None, headers: Mapping[str, str]
    ) -> tuple[int, bytes]:
        deadline = time.monotonic() + self._timeout
        address = urlsplit(api_url)
        connection = HTTPConnection(address.hostname or "", address.port, timeout=self._timeout)
        try:
            connection.request(method, target, body, headers)
            response = connection.getresponse()
            return response.status, _read(connection, response, deadline)
        except TimeoutError as error:
            raise _failure(504, f"Airflow did not answer within {self._timeout:g} seconds") from error
        except (OSError, HTTPException) as error:
            raise _failure(503, f"Airflow's web server is not reachable: {error}") from error
        finally:
            connection.close()


def _target(major: int, path: str, query: Mapping[str, JsonValue]) -> str:
    if not path.startswith("/"):
        msg = f"Path must begin with a slash, such as /dags, not {path}"
        raise ValidationError(msg)
    pairs = [(name, _query_text(item)) for name, value in query.items() for item in _items(value)]
    prefix = "/api/v1" if major == 2 else "/api/v2"  # noqa: PLR2004 - Airflow's major version
    return prefix + quote(path, safe="/%:@!$&'()*+,;=~") + (f"?{urlencode(pairs)}" if pairs else "")


def _items(value: JsonValue) -> list[JsonValue]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _query_text(value: JsonValue) -> str:
    return json.dumps(value) if isinstance(value, bool | dict) else str(value)


def _credentials(major: int, token: str) -> dict[str, str]:
    if major == 2:  # noqa: PLR2004 - Airflow's major version
        return {"Cookie": f"session={token}"}
    return {"Authorization": f"Bearer {token}"}


def _encoded(body: JsonValue) -> bytes | None:
    return None if body is None else json.dumps(body).encode()


def _read(connection: HTTPConnection, response: HTTPResponse, deadline: float) -> bytes:
    """Read the whole answer within the deadline and MWAA's size."""
    chunks, size = [], 0
    while chunk := response.read1(CHUNK):
        chunks.append(chunk)
        size += len(chunk)
        if size > limits().rest_api_response_bytes:
            raise _failure(500, "The response is larger than 6 MB")
        remaining = deadline - time.monotonic()
        if remaining <= 0:
            raise TimeoutError
        if connection.sock:
            connection.sock.settimeout(remaining)
    return b"".join(chunks)


def _decoded(text: bytes) -> JsonValue:
    if not text:
        return None
    try:
        return json.loads(text)
    except ValueError:
        return {"message": text.decode(errors="replace")}


def _result(status: int, answer: JsonValue) -> dict[str, Any]:
    if status >= 500:  # noqa: PLR2004 - HTTP's server errors
        raise RestApiServerError(status, answer)
    if status >= 400:  # noqa: PLR2004 - HTTP's client errors
        raise RestApiClientError(status, answer)
    return {"RestApiStatusCode": status} | ({} if answer is None else {"RestApiResponse": answer})


def _failure(status: int, message: str) -> RestApiServerError:
    return RestApiServerError(status, {"message": message})
