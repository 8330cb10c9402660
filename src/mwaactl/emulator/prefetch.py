"""Builds the Python environments of Airflow and Lambda ahead, so that the emulator later needs no network."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mwaactl.emulator.functions.interpreter import RUNTIMES, Interpreters
from mwaactl.emulator.runtime.container_paths import ContainerPaths
from mwaactl.emulator.runtime.locks import read_lock
from mwaactl.emulator.runtime.packages import PackageStore
from mwaactl.errors import EmulatorError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from mwaactl.emulator.settings import EmulatorSettings


def prefetch(
    settings: EmulatorSettings,
    versions: Collection[str],
    requirements: bytes | None,
    on_progress: Callable[[str], None],
) -> None:
    """Build what is missing; what is there already is kept.

    Args:
        settings: Where environments are kept, and which uv builds them.
        versions: Airflow versions.
        requirements: The project's requirements.txt, or None without one.
        on_progress: Gets a line per step.

    Raises:
        EmulatorError: The requirements cannot be installed; the hint holds the installer's words.
        HostFailure: The packages of an Airflow version cannot be installed.
        InterpreterError: The packages of a Lambda runtime cannot be installed.
    """
    packages = PackageStore(settings.runtimes_dir, settings.uv)
    here = ContainerPaths(settings.project_root / "dags", settings.project_root / "plugins")
    for version in versions:
        on_progress(f"packages of Airflow {version}")
        lock = read_lock(version)
        packages.base(lock)
        if requirements is not None:
            said: list[str] = []
            state = packages.with_requirements(lock, requirements, here, said.append).requirements
            if state and not state.installed:
                message = f"requirements.txt cannot be installed beside Airflow {version}"
                raise EmulatorError(message, hint="\n".join(said), code="emulator.prefetch-failed")
    for runtime in sorted(RUNTIMES):
        on_progress(f"packages of Lambda's {runtime}")
        Interpreters(settings.runtimes_dir, settings.uv).python(runtime)
