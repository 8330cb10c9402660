"""One request as AWS gets it, the name that tests give it, and what a server may do with it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Mapping

SCOPE = re.compile(r"Credential=[^/]+/\d+/[^/]+/(?P<service>[^/]+)/aws4_request")
RELEASE = re.compile(r"\d{8}T\d{6,}Z-[0-9a-f]{8}")
OBJECT_OPERATIONS = {"HEAD": "HeadObject", "GET": "GetObject", "PUT": "PutObject", "DELETE": "DeleteObject"}


@dataclass(frozen=True, slots=True)
class WireRequest:
    """A request.

    Attributes:
        service: The service that it was signed for; empty where it was not signed.
        path: Decoded, without the query.
        headers: By lower-case name.
    """

    service: str
    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes

    @classmethod
    def of(cls, method: str, target: str, headers: Mapping[str, str], body: bytes) -> WireRequest:
        scope = SCOPE.search(headers.get("authorization", ""))
        parts = urlsplit(target)
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        service = scope["service"] if scope else ""
        return cls(service, method, unquote(parts.path), query, headers, body)

    @property
    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.body.decode(), keep_blank_values=True))

    @property
    def json(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.body)
        return found

    @property
    def key(self) -> str:
        """Key of an object in S3, the bucket taken off; empty for the bucket itself."""
        return self.path.removeprefix("/").partition("/")[2]

    @property
    def deployer(self) -> str:
        """What the deployer calls itself that sent it."""
        return self.headers.get("x-deployer", "")

    @property
    def name(self) -> str:
        """What tests call the request; ids of releases, which are new in each run, are left out."""
        return RELEASE.sub("ID", f"{self.service} {self._operation()}")

    def _operation(self) -> str:
        match self.service:
            case "s3":
                return self._operation_on_objects()
            case "airflow":
                return self._operation_on_environments()
            case "cloudformation" | "sts":
                return " ".join(filter(None, map(self.form.get, ("Action", "StackName"))))
            case "logs":
                return self.headers["x-amz-target"].rpartition(".")[2]
            case _:
                return f"{self.method} {self.path}"

    def _operation_on_objects(self) -> str:
        if self.key:
            return f"{OBJECT_OPERATIONS[self.method]} {self.key}"
        return "HeadBucket" if self.method == "HEAD" else f"ListObjectsV2 {self.query.get('prefix', '')}"

    def _operation_on_environments(self) -> str:
        if self.path.startswith("/restapi/"):
            return f"InvokeRestApi {self.json['Method']} {self.json['Path']}"
        return {"GET": "GetEnvironment", "PATCH": "UpdateEnvironment"}[self.method]


@dataclass(frozen=True, slots=True)
class WireAnswer:
    """An answer, whole."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CutAnswer:
    """An answer whose body ends after some bytes, though its head announces all of them.

    Attributes:
        bytes_sent: How many bytes of the body go out.
        reset: Whether the connection is reset, instead of closed as if all were well.
    """

    answer: WireAnswer
    bytes_sent: int
    reset: bool = False


@dataclass(frozen=True, slots=True)
class NoAnswer:
    """The connection is closed or reset without a byte of an answer.

    Attributes:
        after: Seconds of silence before that.
    """

    reset: bool = True
    after: float = 0.0


type Reaction = WireAnswer | CutAnswer | NoAnswer
