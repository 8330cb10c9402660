"""What the generations of an environment are made of: where they read, what they are told, how they start."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, Any

from mwaactl.emulator import loopback
from mwaactl.emulator.credentials import OnBehalf
from mwaactl.emulator.mwaa.host import HostFailure
from mwaactl.emulator.role_clients import role_client
from mwaactl.emulator.runtime import locks, precedence
from mwaactl.emulator.runtime.components import components
from mwaactl.emulator.runtime.dag_sync import DagSync
from mwaactl.emulator.runtime.environment_keys import read_or_create_keys
from mwaactl.emulator.runtime.failure_codes import INCORRECT_CONFIGURATION
from mwaactl.emulator.runtime.generation import scheduler_beside_another
from mwaactl.emulator.runtime.log_streams import LogStreams
from mwaactl.emulator.runtime.metering import Metering
from mwaactl.emulator.runtime.plugins_folder import VARIABLE, plugins_folder
from mwaactl.emulator.runtime.preparation import Preparation, Prepared
from mwaactl.emulator.runtime.running_environment import Launch
from mwaactl.emulator.runtime.settings_of_airflow import (
    container_variables,
    essential_variables,
    parses_apart,
)
from mwaactl.emulator.runtime.variable_tables import TABLES

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from mwaactl.emulator.credentials import RoleCredentials
    from mwaactl.emulator.mwaa.host import EnvironmentSpec
    from mwaactl.emulator.runtime.environment_keys import EnvironmentKeys
    from mwaactl.emulator.runtime.locks import RuntimeLock
    from mwaactl.emulator.runtime.metadata_database import MetadataDatabases
    from mwaactl.emulator.runtime.packages import PackageStore
    from mwaactl.emulator.settings import EmulatorSettings

_SESSION_NAME = "AmazonMWAA-airflow"
# https://docs.aws.amazon.com/mwaa/latest/userguide/mwaa-create-role.html#mwaa-create-role-attach-json-policy
_PRINCIPAL = "airflow-env.amazonaws.com"


class EnvironmentParts:
    """The parts of one environment.

    Args:
        name: Its name.
        settings: The emulator.
        credentials: Where processes get the execution role's credentials.
        packages: Where Python environments come from.
        databases: Gives the metadata databases when first asked.

    Attributes:
        folder: Where everything of the environment is.
        home: Its AIRFLOW_HOME, which all generations share.
        metering: What all of them report to.
    """

    def __init__(
        self,
        name: str,
        settings: EmulatorSettings,
        credentials: RoleCredentials,
        packages: PackageStore,
        databases: Callable[[], MetadataDatabases],
    ) -> None:
        self._name = name
        self._settings = settings
        self._credentials = credentials
        self._packages = packages
        self._databases = databases
        self.metering = Metering()
        self.folder = settings.state_dir / "environments" / name
        self.home = self.folder / "airflow"

    def prepare(self, spec: EnvironmentSpec, lock: RuntimeLock) -> Prepared:
        """Make everything ready for a generation, in a folder of its own.

        Raises:
            HostFailure: Something of it cannot be had.
        """
        generations = self.folder / "generations"
        preparation = Preparation(self._source(spec), self.streams(spec), self._packages, generations)
        return preparation.prepare(spec, lock, self.home / "dags", self._container(spec))

    def launch(self, spec: EnvironmentSpec, prepared: Prepared, beside: str | None) -> tuple[int, Launch]:
        """Return how a generation starts, and the port of its web server.

        Args:
            spec: The environment.
            prepared: What was prepared for it.
            beside: How it is going to replace the one that runs; None if none does.
        """
        port, database = _free_port(), self._databases().url(self._name)
        env = self.variables(spec, prepared, port)
        if beside is not None:
            env["scheduler"] |= scheduler_beside_another(beside)
        apart = parses_apart(spec.airflow_major, database)
        return port, Launch(
            spec,
            components(spec.airflow_major, port, dag_processor=apart),
            prepared.python,
            env,
            self.home,
            prepared.folder / "logs",
            f"http://127.0.0.1:{port}",
            lambda since: self._databases().started_jobs(self._name, since),
        )

    def dag_sync(self, spec: EnvironmentSpec) -> DagSync:
        """Return what keeps the DAGs folder in step with the bucket."""
        return DagSync(self._source(spec), spec.source_bucket, spec.dags_path, self.home / "dags")

    def _source(self, spec: EnvironmentSpec) -> Any:  # noqa: ANN401 - boto3's S3 client
        """Return what reads the source bucket: on MWAA the environment does, as its execution role."""
        role, on_behalf = spec.execution_role_arn, OnBehalf(_PRINCIPAL, spec.arn)
        return role_client("s3", self._credentials, spec.region, role, _SESSION_NAME, on_behalf)

    def variables(self, spec: EnvironmentSpec, prepared: Prepared, port: int) -> dict[str, dict[str, str]]:
        """Return the environment of the scheduler's and the web server's processes.

        Tasks are children of the scheduler here, so it also has what the startup script exported for workers.
        """
        essential = essential_variables(spec, self.keys(), self._databases().url(self._name), port)
        essential |= self.metering.variables(spec.config_options)
        exports = {
            "scheduler": {**prepared.exports["scheduler"], **prepared.exports["worker"]},
            "webserver": prepared.exports["webserver"],
        }
        resolved = {
            container: precedence.resolve(
                {**self._container(spec, prepared.python), "MWAA_AIRFLOW_COMPONENT": container},
                exported,
                spec.config_options,
                essential,
                TABLES[spec.airflow_major],
            )
            for container, exported in exports.items()
        }
        for each in resolved.values():
            each[VARIABLE] = plugins_folder(each.get(VARIABLE), self.home, prepared.plugins)
        return resolved

    def _container(self, spec: EnvironmentSpec, python: Path | None = None) -> dict[str, str]:
        on_behalf = OnBehalf(_PRINCIPAL, spec.arn)
        role = self._credentials.environment_for(spec.execution_role_arn, _SESSION_NAME, on_behalf)
        variables = container_variables(spec, self.home, role)
        return variables if python is None else {**variables, "PATH": f"{python / 'bin'}:{variables['PATH']}"}

    def streams(self, spec: EnvironmentSpec) -> LogStreams:
        """Return the environment's log groups."""
        return LogStreams(loopback.client("logs", self._settings, spec.region), spec.name)

    def keys(self) -> EnvironmentKeys:
        """Return the environment's secrets."""
        return read_or_create_keys(self.folder / "keys.json")


def lock_for(spec: EnvironmentSpec) -> RuntimeLock:
    """Return the packages of the environment's Airflow version.

    Raises:
        HostFailure: The emulator has none for it.
    """
    if spec.airflow_version not in locks.locked_versions():
        known = ", ".join(locks.locked_versions())
        message = f"the emulator has no packages for Airflow {spec.airflow_version}; it has {known}"
        raise HostFailure(INCORRECT_CONFIGURATION, message)
    return locks.read_lock(spec.airflow_version)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
