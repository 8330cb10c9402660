"""The emulator's Redshift in this process: requests of boto3's clients go to its applications, to no port."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from http.client import responses
from typing import TYPE_CHECKING, Any

import boto3
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders

from mwaactl.emulator.settings import EmulatorSettings
from mwaactl.emulator.warehouse.application import service_apps
from tests.fakes.workgroups import wait_available

if TYPE_CHECKING:
    from pathlib import Path

    from botocore.awsrequest import AWSPreparedRequest

WORKGROUP, DATABASE = "assets", "dev"


class _Body(io.BytesIO):
    """What botocore reads an answer from."""

    def stream(self, *_: object, **__: object) -> Any:
        while chunk := self.read():
            yield chunk


@dataclass(slots=True)
class WarehouseInProcess:
    """One workgroup; `sent` are the operations and texts that came, oldest first.

    Args:
        root: where its files go.
        port: of the emulated S3 that COPY reads, if there is one.
        role: the ARN of the role that COPY uses.
    """

    root: Path
    port: int = 1
    role: str | None = None
    sent: list[tuple[str, Any]] = field(default_factory=list)
    _apps: Any = None

    def __post_init__(self) -> None:
        settings = EmulatorSettings(self.root, self.root / "state", self.root / "runtimes", port=self.port)
        self._apps = service_apps(settings)
        serverless = self.client("redshift-serverless")
        roles = {"iamRoles": [self.role], "defaultIamRoleArn": self.role} if self.role else {}
        serverless.create_namespace(namespaceName=WORKGROUP, dbName=DATABASE, **roles)
        serverless.create_workgroup(workgroupName=WORKGROUP, namespaceName=WORKGROUP, baseCapacity=8)
        wait_available(serverless, WORKGROUP)

    def client(self, service: str) -> Any:
        """Return boto3's client of a service of the warehouse."""
        session = boto3.session.Session("test", "test", region_name="us-east-1")
        create: Any = session.client
        client = create(service)
        client.meta.events.register(
            f"before-send.{service}", lambda request, **_: self._answer(service, request)
        )
        client.meta.events.register(f"provide-client-params.{service}", self._note)
        return client

    def close(self) -> None:
        self._apps.close()

    def statements(self) -> list[str]:
        """Return the SQL that was sent since the last call: of a batch, each of its statements."""
        sent, self.sent[:] = list(self.sent), []
        return [sql for _, params in sent for sql in params.get("Sqls", [params.get("Sql")]) if sql]

    def _note(self, params: dict[str, Any], model: Any, **_: object) -> None:
        self.sent.append((model.name, params))

    def _answer(self, service: str, request: AWSPreparedRequest) -> AWSResponse:
        body = request.body if isinstance(request.body, bytes) else str(request.body or "").encode()
        environ = {
            "REQUEST_METHOD": request.method,
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.input": io.BytesIO(body),
            **{
                f"HTTP_{name.upper().replace('-', '_')}": _text(value)
                for name, value in request.headers.items()
            },
        }
        started: list[Any] = []
        content = b"".join(self._apps[service](environ, lambda *parts: started.extend(parts)))
        status = int(str(started[0]).split()[0])
        assert status in responses
        return AWSResponse(request.url, status, HTTPHeaders.from_dict(dict(started[1])), _Body(content))


def _text(value: str | bytes) -> str:
    return value.decode() if isinstance(value, bytes) else value
