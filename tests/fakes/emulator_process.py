"""A real emulator process for tests, in a directory and on a port of its own."""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from mwaactl.emulator import control
from mwaactl.emulator.listeners import can_bind
from mwaactl.emulator.loopback import client
from mwaactl.emulator.settings import EmulatorSettings


@dataclass(slots=True)
class EmulatorProcess:
    """Starts and stops an emulator through `control`, and keeps what it said on the way."""

    settings: EmulatorSettings
    said: list[str] = field(default_factory=list)

    @classmethod
    def below(cls, root: Path) -> EmulatorProcess:
        settings = EmulatorSettings.for_project(root, port=free_port())
        shared = Path(__file__).parents[2]
        return cls(replace(settings, runtimes_dir=shared / ".mwaactl" / "runtimes", uv=shared_uv(shared)))

    def up(self) -> control.EmulatorStatus:
        return control.up(self.settings, self.said.append)

    def down(self) -> bool:
        return control.down(self.settings, self.said.append)

    def status(self) -> control.EmulatorStatus:
        return control.status(self.settings)

    def aws(self, service: str) -> Any:
        return client(service, self.settings)


def shared_uv(root: Path) -> str:
    return EmulatorSettings.for_project(root).uv


def free_port() -> int:
    """A port that nobody holds, below those that the system gives to outgoing connections."""
    while not can_bind("127.0.0.1", port := random.randrange(20000, 30000)):  # noqa: S311 - no secret
        pass
    return port
