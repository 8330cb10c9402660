"""The calls of S3 about one object, read without a router: they are most of all that clients do."""

from __future__ import annotations

import re
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote

from moto.core.utils import get_service_model

if TYPE_CHECKING:
    from collections.abc import Mapping
    from wsgiref.types import WSGIEnvironment

_OPERATIONS = MappingProxyType(
    {"GET": "GetObject", "HEAD": "HeadObject", "PUT": "PutObject", "DELETE": "DeleteObject"}
)
# botocore adds x-id; the rest only says how the answer is to look.
_NAMES_OF_QUERY = frozenset({"x-id", "versionId"})
_COPY_SOURCE = "HTTP_X_AMZ_COPY_SOURCE"
_ADDRESS = re.compile(r"[\d.]+(:\d+)?")


def read_object_call(environ: WSGIEnvironment) -> tuple[str, dict[str, Any]] | None:
    """Return the operation and its parameters; None if the request may be about something else.

    Args:
        environ: A request to S3.
    """
    if not _ADDRESS.fullmatch(environ.get("HTTP_HOST", "")):
        return None  # the bucket may stand in the host's name
    query = dict(parse_qsl(environ.get("QUERY_STRING", ""), keep_blank_values=True))
    operation = _OPERATIONS.get(environ["REQUEST_METHOD"])
    bucket, _, key = environ.get("RAW_URI", "").partition("?")[0].removeprefix("/").partition("/")
    if operation is None or not bucket or not key or query.keys() - _NAMES_OF_QUERY:
        return None
    if operation == "PutObject" and _COPY_SOURCE in environ:
        operation = "CopyObject"
    parameters: dict[str, Any] = {"Bucket": unquote(bucket), "Key": unquote(key)}
    if "versionId" in query:
        parameters["VersionId"] = query["versionId"]
    return operation, parameters | _headers(operation, environ)


def _headers(operation: str, environ: WSGIEnvironment) -> dict[str, Any]:
    members = _members_in_headers(operation)
    return {
        members[name][0]: _typed(value, members[name][1])
        for name, value in environ.items()
        if name in members
    }


@cache
def _members_in_headers(operation: str) -> Mapping[str, tuple[str, str]]:
    """Return the members of an operation's input that travel as headers, by their name in WSGI."""
    shape: Any = get_service_model("s3").operation_model(operation).input_shape
    return MappingProxyType(
        {
            f"HTTP_{member.serialization['name'].upper().replace('-', '_')}": (name, member.type_name)
            for name, member in shape.members.items()
            if member.serialization.get("location") == "header"
        }
    )


def _typed(value: str, kind: str) -> object:
    return value.lower() == "true" if kind == "boolean" else value
