"""An emulator as `mwaactl emulator up` starts it, in a folder of its own with this repository's runtimes."""

from __future__ import annotations

import socket
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from benchmarks.root import ROOT
from mwaactl.emulator import control
from mwaactl.emulator.settings import EmulatorSettings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def own_emulator(folder: Path, *airflow_versions: str) -> Iterator[EmulatorSettings]:
    """Run an emulator until the block ends.

    Args:
        folder: Its project.
        airflow_versions: The versions that its project's environments have.
    """
    shared = EmulatorSettings.for_project(ROOT)
    settings = replace(
        EmulatorSettings.for_project(folder, port=free_port()),
        runtimes_dir=shared.runtimes_dir,
        uv=shared.uv,
    ).with_airflow(*airflow_versions)
    control.up(settings, lambda _: None)
    try:
        yield settings
    finally:
        control.down(settings, lambda _: None, save=False)


def free_port() -> int:
    """Return a port that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
