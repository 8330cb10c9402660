"""One HTTP request as a call of one of MWAA's operations, read by botocore's model of the service.

Nothing is guessed: a member of the wrong type is refused, an unknown one ignored, as AWS's front ends do.
https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, unquote

from mwaactl.emulator.mwaa.exceptions import ValidationError
from mwaactl.emulator.mwaa.json_values import value_of_shape
from mwaactl.emulator.mwaa.service_model import service_model

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from wsgiref.types import WSGIEnvironment

    from botocore.model import OperationModel, Shape

ADDRESS = re.compile(r"\A[a-z]+://[^/]*")
LABEL = re.compile(r"\\\{(\w+)\\\}")
WHOLE_NUMBER = re.compile(r"[+-]?[0-9]{1,19}")


@dataclass(frozen=True, slots=True)
class Route:
    """The operation that a request's method and path name, and the labels of the path."""

    operation: OperationModel
    labels: Mapping[str, str]


def sent_path(environ: WSGIEnvironment) -> str:
    """Return the path of a request as it was sent, which servers hand on beside the decoded one."""
    sent = environ.get("RAW_URI") or environ.get("REQUEST_URI") or environ.get("PATH_INFO", "")
    return ADDRESS.sub("", str(sent)).partition("?")[0]


def find_route(method: str, raw_path: str) -> Route | None:
    """Return what a request asks for; None if that is no operation.

    Args:
        method: The HTTP method.
        raw_path: The path as it was sent: an encoded slash is no separator.
    """
    for verb, pattern, name in _routes():
        match = pattern.fullmatch(raw_path) if verb == method else None
        if match:
            labels = {label: unquote(text) for label, text in match.groupdict().items()}
            return Route(service_model().operation_model(name), labels)
    return None


def read_members(route: Route, query: str, body: bytes) -> dict[str, Any]:
    """Return the members of the operation's input by their API names; what is null is absent.

    Args:
        route: The operation and the path's labels.
        query: The raw query string.
        body: The raw body; ignored where the operation has no members in it.

    Raises:
        ValidationError: The body is no JSON object, or a member has the wrong type.
    """
    shape = route.operation.input_shape
    members: Mapping[str, Shape] = shape.members if shape else {}
    in_body = {name: member for name, member in members.items() if "location" not in member.serialization}
    asked = parse_qs(query, keep_blank_values=True)
    found = _decoded(body) if in_body else {}
    read: dict[str, Any] = {}
    for name, member in members.items():
        where = member.serialization.get("name", name)
        if name in in_body:
            value = value_of_shape(member, found.get(name), name)
        elif member.serialization["location"] == "uri":
            value = route.labels[where]
        else:
            value = _asked_for(member, asked.get(where), name)
        if value is not None:
            read[name] = value
    return read


@cache
def _routes() -> tuple[tuple[str, re.Pattern[str], str], ...]:
    return tuple(_all_routes())


def _all_routes() -> Iterator[tuple[str, re.Pattern[str], str]]:
    """Yield method, path and name; an ARN's slashes may come encoded or not."""
    for name in service_model().operation_names:
        http = service_model().operation_model(name).http
        pattern = LABEL.sub(_label_pattern, re.escape(http["requestUri"]))
        yield http["method"], re.compile(pattern), name


def _label_pattern(match: re.Match[str]) -> str:
    characters = ".*" if match[1].endswith("Arn") else "[^/]*"
    return f"(?P<{match[1]}>{characters})"


def _decoded(body: bytes) -> Mapping[str, Any]:
    try:
        found = json.loads(body or b"{}", parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        msg = "The request body is not valid JSON"
        raise ValidationError(msg) from error
    if not isinstance(found, dict):
        msg = "The request body must be a JSON object"
        raise ValidationError(msg)
    return found


def _refuse_constant(text: str) -> float:
    """Refuse `NaN` and `Infinity`, which Python reads and JSON does not have."""
    msg = f"{text} is not JSON"
    raise ValueError(msg)


def _asked_for(shape: Shape, values: list[str] | None, name: str) -> object:
    if values is None:
        return None
    if shape.type_name == "list":
        return values
    if shape.type_name != "integer":
        return values[0]
    if not WHOLE_NUMBER.fullmatch(values[0]):
        msg = f"{name} must be an integer"
        raise ValidationError(msg)
    return value_of_shape(shape, int(values[0]), name)
