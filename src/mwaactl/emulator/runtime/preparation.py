"""Everything that must be ready before an environment's components start, in MWAA's order.

Plugins are unpacked, the startup script runs in each kind of container, the requirements are installed. All
of it goes into a folder of its own, so that what runs is not touched while its successor is prepared.
"""

from __future__ import annotations

import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from mwaactl.emulator.runtime.artifacts import read_artifact
from mwaactl.emulator.runtime.container_paths import ContainerPaths
from mwaactl.emulator.runtime.log_streams import LogStreams, stream_name
from mwaactl.emulator.runtime.packages import Installation
from mwaactl.emulator.runtime.plugin_archive import unpack_plugins
from mwaactl.emulator.runtime.startup_script import run_startup_script

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from mypy_boto3_s3 import S3Client

    from mwaactl.emulator.mwaa.host import EnvironmentSpec, RequirementsState
    from mwaactl.emulator.runtime.locks import RuntimeLock
    from mwaactl.emulator.runtime.packages import PackageStore

# Container → log group. Tasks run in the scheduler's processes here, with what the worker's script run
# exported.
CONTAINERS: Mapping[str, str] = {"scheduler": "Scheduler", "worker": "Worker", "webserver": "WebServer"}


@dataclass(frozen=True, slots=True)
class Prepared:
    """What a start needs.

    Attributes:
        folder: This preparation's own folder.
        plugins: The unpacked plugins, below it.
        python: The folder of the Python environment.
        exports: Container to what the startup script exported there.
        requirements: What became of the requirements; None if nothing was asked for.
    """

    folder: Path
    plugins: Path
    python: Path
    exports: Mapping[str, Mapping[str, str]]
    requirements: RequirementsState | None


class Preparation:
    """Prepares one environment.

    Args:
        s3: A boto3 S3 client.
        streams: The environment's log groups.
        packages: Where Python environments come from.
        folder: Where preparations are kept.
    """

    def __init__(self, s3: S3Client, streams: LogStreams, packages: PackageStore, folder: Path) -> None:
        self._s3 = s3
        self._streams = streams
        self._packages = packages
        self._folder = folder

    def prepare(
        self, spec: EnvironmentSpec, lock: RuntimeLock, dags: Path, container: Mapping[str, str]
    ) -> Prepared:
        """Make everything ready and return where it is.

        Args:
            spec: The environment.
            lock: Its Airflow version's packages.
            dags: Its DAGs folder, already in step with the bucket.
            container: The variables that each container has of itself.

        Raises:
            HostFailure: An artifact can't be read, the plugins can't be unpacked, the startup script fails,
            or the
                version's own packages can't be installed. Requirements that can't be installed are only
                logged.
        """
        script = read_artifact(self._s3, spec.source_bucket, spec.startup_script)
        requirements = read_artifact(self._s3, spec.source_bucket, spec.requirements)
        plugins = read_artifact(self._s3, spec.source_bucket, spec.plugins)
        self._folder.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix=f"{int(time.time())}-", dir=self._folder))
        unpack_plugins(plugins, folder / "plugins")
        base = self._packages.base(lock)
        exports = self._run_script(spec, script, {**container, "PATH": f"{base / 'bin'}:{container['PATH']}"})
        installation = Installation(base, None)
        if requirements is not None:
            paths = ContainerPaths(dags=dags, plugins=folder / "plugins")
            publish = self._publisher(spec, "requirements_install", tuple(CONTAINERS))
            installation = self._packages.with_requirements(lock, requirements, paths, publish)
        return Prepared(folder, folder / "plugins", installation.python, exports, installation.requirements)

    def _run_script(
        self, spec: EnvironmentSpec, script: bytes | None, container: Mapping[str, str]
    ) -> dict[str, dict[str, str]]:
        if script is None:
            return {name: {} for name in CONTAINERS}
        return {
            name: run_startup_script(
                script,
                {**container, "MWAA_AIRFLOW_COMPONENT": name},
                Path(container["AIRFLOW_HOME"]),
                self._publisher(spec, "startup_script_execution", (name,)),
            )
            for name in CONTAINERS
        }

    def _publisher(
        self, spec: EnvironmentSpec, prefix: str, containers: tuple[str, ...]
    ) -> Callable[[str], None]:
        """Return what sends text to the stream of each container's log group that is switched on."""
        stream = stream_name(prefix, time.time())
        kinds = [CONTAINERS[name] for name in containers if CONTAINERS[name] in spec.log_levels]

        def publish(text: str) -> None:
            for kind in kinds:
                self._streams.try_put(kind, stream, text.splitlines())

        return publish
