"""moto's services in this process, which a test can end and start again around a state on disk."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config
from moto.core.base_backend import BackendDict
from moto.s3.models import s3_backends

from mwaactl.emulator.loopback_services import LoopbackServices
from mwaactl.emulator.state.bodies import BodyStore
from mwaactl.emulator.state.checkpoints import Checkpoints
from mwaactl.emulator.state.folders import bodies_directory
from mwaactl.emulator.state.request_gate import RequestGate

if TYPE_CHECKING:
    from pathlib import Path

    from mwaactl.emulator.state.part import StatePart

REGION = "us-east-1"


@dataclass(slots=True)
class MotoAccount:
    """An account of moto's; `restart` writes the state, forgets everything, and puts the state back.

    What other tests hold in moto is put aside until `close`.
    """

    state_dir: Path
    parts: tuple[StatePart, ...] = ()
    _server: LoopbackServices = field(default_factory=LoopbackServices)
    _clients: dict[str, Any] = field(default_factory=dict)
    _others: list[tuple[Any, dict[str, Any]]] = field(default_factory=list)
    _names: dict[str, tuple[str, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._others = [(each, dict(each)) for each in all_services()]
        self._names = dict(s3_backends.bucket_accounts)
        self.forget()

    def client(self, service: str) -> Any:
        if service not in self._clients:
            create: Any = boto3.session.Session("emulator", "emulator", region_name=REGION).client
            config = Config(s3={"addressing_style": "path"}, retries={"total_max_attempts": 1})
            url = f"http://127.0.0.1:{self._server.port}"
            self._clients[service] = create(service, endpoint_url=url, config=config)
        return self._clients[service]

    def checkpoints(self) -> Checkpoints:
        bodies = BodyStore(bodies_directory(self.state_dir))
        return Checkpoints(self.state_dir, bodies, RequestGate(), self.parts)

    def restart(self) -> Checkpoints:
        self.checkpoints().save()
        self.forget()
        started = self.checkpoints()
        started.restore()
        return started

    def forget(self) -> None:
        for services in all_services():
            dict.clear(services)
        s3_backends.bucket_accounts.clear()

    def close(self) -> None:
        self._server.close()
        self.forget()
        for services, members in self._others:
            services.update(members)
        s3_backends.bucket_accounts.update(self._names)


def all_services() -> list[Any]:
    found: Any = BackendDict  # its list is declared in a way that mypy finds ambiguous
    return list(found._instances)
