"""One MWAA environment's Airflow on this machine: the emulator's `AirflowHost`."""

from __future__ import annotations

import shutil
import socket
import subprocess
from typing import TYPE_CHECKING, Any

from mwaactl.emulator import loopback
from mwaactl.emulator.credentials import OnBehalf
from mwaactl.emulator.mwaa.host import CliResult, HostFailure, HostState, UpdatePhase
from mwaactl.emulator.role_clients import role_client
from mwaactl.emulator.runtime import locks, precedence
from mwaactl.emulator.runtime.components import components
from mwaactl.emulator.runtime.dag_sync import DagSync
from mwaactl.emulator.runtime.environment_keys import read_or_create_keys
from mwaactl.emulator.runtime.failure_codes import (
    INCORRECT_CONFIGURATION,
    INTERNAL_ERROR,
    reported_as_host_failures,
)
from mwaactl.emulator.runtime.log_streams import LogStreams
from mwaactl.emulator.runtime.metering import Metering
from mwaactl.emulator.runtime.migration import migrate
from mwaactl.emulator.runtime.preparation import Preparation, Prepared
from mwaactl.emulator.runtime.running_environment import Launch, RunningEnvironment
from mwaactl.emulator.runtime.settings_of_airflow import (
    container_variables,
    essential_variables,
    parses_apart,
)
from mwaactl.emulator.runtime.sign_in import sign_in
from mwaactl.emulator.runtime.variable_tables import TABLES

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from mwaactl.emulator.credentials import RoleCredentials
    from mwaactl.emulator.guardian import Guardian
    from mwaactl.emulator.mwaa.host import EnvironmentSpec, OnPhase
    from mwaactl.emulator.runtime.environment_keys import EnvironmentKeys
    from mwaactl.emulator.runtime.locks import RuntimeLock
    from mwaactl.emulator.runtime.metadata_database import MetadataDatabases
    from mwaactl.emulator.runtime.packages import PackageStore
    from mwaactl.emulator.settings import EmulatorSettings

_SESSION_NAME = "AmazonMWAA-airflow"
# https://docs.aws.amazon.com/mwaa/latest/userguide/mwaa-create-role.html#mwaa-create-role-attach-json-policy
_PRINCIPAL = "airflow-env.amazonaws.com"
_CLI_LIMIT = 120.0


class LocalAirflowHost:
    """Runs one environment's Airflow; `mwaactl.emulator.mwaa.host.AirflowHost` says what its methods promise.

    Args:
        name: The environment's name.
        settings: The emulator.
        guardian: Who ends the processes if the emulator dies.
        credentials: Where processes get the execution role's credentials.
        packages: Where Python environments come from.
        databases: Gives the metadata databases when first asked.
    """

    def __init__(
        self,
        name: str,
        settings: EmulatorSettings,
        guardian: Guardian,
        credentials: RoleCredentials,
        packages: PackageStore,
        databases: Callable[[], MetadataDatabases],
    ) -> None:
        self._settings = settings
        self._guardian = guardian
        self._credentials = credentials
        self._packages = packages
        self._databases = databases
        self._name = name
        self._folder = settings.state_dir / "environments" / name
        self._home = self._folder / "airflow"
        self._port = _free_port()
        self._current: tuple[EnvironmentSpec, Prepared] | None = None
        self._running: RunningEnvironment | None = None
        self._launched: Prepared | None = None
        self._major: int | None = None
        self._sync: DagSync | None = None
        self._metering = Metering()

    @property
    def api_url(self) -> str:
        """Base address of the web server."""
        return f"http://127.0.0.1:{self._port}"

    def start(self, spec: EnvironmentSpec) -> None:
        """Start from nothing: fresh folders, fresh metadata database."""
        lock = _lock_for(spec)
        self.stop()
        shutil.rmtree(self._folder, ignore_errors=True)
        self._begin(spec, lock, keeps_history=False)

    def resume(self, spec: EnvironmentSpec) -> None:
        """Start again with the keys, the metadata database and the task logs that are there."""
        lock = _lock_for(spec)
        self.stop()
        shutil.rmtree(self._folder / "generations", ignore_errors=True)
        self._begin(spec, lock, keeps_history=True)

    def _begin(self, spec: EnvironmentSpec, lock: RuntimeLock, *, keeps_history: bool) -> None:
        try:
            with reported_as_host_failures():
                self._home.mkdir(parents=True, exist_ok=True)
                self._dag_sync(spec).sync()
                prepared = self._prepare(spec, lock)
                python, major = self._packages.base(lock), spec.airflow_major
                databases = self._databases()
                provide = databases.open if keeps_history else databases.create
                provide(self._name, lock.name, lambda url: migrate(python, major, url))
                self._launch(spec, prepared)
        except BaseException:
            self.stop()
            raise

    def update(self, spec: EnvironmentSpec, strategy: str, on_phase: OnPhase) -> None:  # noqa: ARG002
        """Prepare the new while the old runs, then swap; swap back if the new does not become healthy."""
        if self._current is None:
            self.start(spec)
            return
        before = self._current
        if spec.airflow_version != before[0].airflow_version:
            message = "the emulator can't change the Airflow version; delete the environment and create it"
            raise HostFailure(INCORRECT_CONFIGURATION, message)
        with reported_as_host_failures():
            prepared = self._prepare(spec, _lock_for(spec))
        self.stop()
        try:
            with reported_as_host_failures():
                self._launch(spec, prepared)
        except HostFailure:
            on_phase(UpdatePhase.ROLLBACK)
            self._return_to(*before)
            shutil.rmtree(prepared.folder, ignore_errors=True)
            raise
        shutil.rmtree(before[1].folder, ignore_errors=True)

    def _return_to(self, spec: EnvironmentSpec, prepared: Prepared) -> None:
        """Start what ran before; it needs nothing that it did not have then."""
        self.stop()
        try:
            self._launch(spec, prepared)
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """End DAG sync and every process."""
        if self._sync is not None:
            self._sync.stop()
            self._sync = None
        if self._running is not None:
            self._running.stop()
            self._running = None
        self._metering.close()
        self._current = self._launched = None

    def publish_metrics(self) -> None:
        """Send what was measured in the last minute to CloudWatch, if anything runs."""
        running, current = self._running, self._current
        if running is not None and current is not None:
            self._metering.publish(current[0], running.states())

    def state(self) -> HostState:
        """Return what is known of this Airflow; the databases are not asked for before something runs."""
        running, sync, launched = self._running, self._sync, self._launched
        return HostState(
            metadata_database=self._databases().kind if running else None,
            requirements=launched.requirements if launched else None,
            dags_synced_at=sync.synced_at if sync else None,
            dag_sync_error=sync.error if sync else None,
            components=running.states() if running else (),
        )

    def token(self, user: str, role: str) -> str:
        """See `AirflowHost.token`.

        Raises:
            HostFailure: Nothing was ever started, or Airflow 2's web server does not answer.
        """
        if self._major is None:
            raise HostFailure(INTERNAL_ERROR, f"environment {self._name} is not running")
        return sign_in(self._major, self.api_url, self._keys().jwt, user, role)

    def run_cli(self, arguments: Sequence[str]) -> CliResult:
        """Run `airflow ARGUMENTS` as MWAA's web server would.

        Raises:
            HostFailure: Nothing runs, or the command does not end within two minutes.
        """
        if self._current is None:
            raise HostFailure(INTERNAL_ERROR, f"environment {self._name} is not running")
        spec, prepared = self._current
        command = [str(prepared.python / "bin" / "python"), "-m", "airflow", *arguments]
        env = self._variables(spec, prepared)["webserver"]
        try:
            done = subprocess.run(
                command,
                check=False,
                env={**env, **self._guardian.mark},
                cwd=self._home,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=_CLI_LIMIT,
            )
        except subprocess.TimeoutExpired as error:
            msg = "INTERNAL_ERROR"
            raise HostFailure(msg, f"`airflow {arguments[0]}` took over {_CLI_LIMIT:.0f} s") from error
        return CliResult(done.stdout, done.stderr, done.returncode)

    def _prepare(self, spec: EnvironmentSpec, lock: RuntimeLock) -> Prepared:
        s3 = self._source(spec)
        preparation = Preparation(s3, self._streams(spec), self._packages, self._folder / "generations")
        return preparation.prepare(spec, lock, self._home / "dags", self._container(spec))

    def _launch(self, spec: EnvironmentSpec, prepared: Prepared) -> None:
        self._launched, self._major = prepared, spec.airflow_major
        _point_to(self._home / "plugins", prepared.plugins)
        self._sync = self._dag_sync(spec)
        self._sync.sync()
        self._metering.open()
        env = self._variables(spec, prepared)
        database = self._databases().url(self._name)
        parts = components(
            spec.airflow_major, self._port, dag_processor=parses_apart(spec.airflow_major, database)
        )
        logs = self._folder / "logs"
        launch = Launch(spec, parts, prepared.python, env, self._home, logs, self.api_url)
        self._running = RunningEnvironment(launch, self._streams(spec), self._guardian)
        self._sync.start(self._settings.sync_interval)
        self._running.await_health()
        self._current = (spec, prepared)

    def _dag_sync(self, spec: EnvironmentSpec) -> DagSync:
        return DagSync(self._source(spec), spec.source_bucket, spec.dags_path, self._home / "dags")

    def _source(self, spec: EnvironmentSpec) -> Any:  # noqa: ANN401 - boto3's S3 client
        """Return what reads the source bucket: on MWAA the environment does, as its execution role."""
        role, on_behalf = spec.execution_role_arn, OnBehalf(_PRINCIPAL, spec.arn)
        return role_client("s3", self._credentials, spec.region, role, _SESSION_NAME, on_behalf)

    def _variables(self, spec: EnvironmentSpec, prepared: Prepared) -> dict[str, dict[str, str]]:
        """Return the environment of the scheduler's and the web server's processes.

        Tasks are children of the scheduler here, so it also has what the startup script exported for workers.
        """
        essential = essential_variables(spec, self._keys(), self._databases().url(self._name), self._port)
        essential |= self._metering.variables(spec.config_options)
        exports = {
            "scheduler": {**prepared.exports["scheduler"], **prepared.exports["worker"]},
            "webserver": prepared.exports["webserver"],
        }
        return {
            container: precedence.resolve(
                {**self._container(spec, prepared.python), "MWAA_AIRFLOW_COMPONENT": container},
                exported,
                spec.config_options,
                essential,
                TABLES[spec.airflow_major],
            )
            for container, exported in exports.items()
        }

    def _container(self, spec: EnvironmentSpec, python: Path | None = None) -> dict[str, str]:
        on_behalf = OnBehalf(_PRINCIPAL, spec.arn)
        role = self._credentials.environment_for(spec.execution_role_arn, _SESSION_NAME, on_behalf)
        variables = container_variables(spec, self._home, role)
        return variables if python is None else {**variables, "PATH": f"{python / 'bin'}:{variables['PATH']}"}

    def _streams(self, spec: EnvironmentSpec) -> LogStreams:
        return LogStreams(loopback.client("logs", self._settings, spec.region), spec.name)

    def _keys(self) -> EnvironmentKeys:
        return read_or_create_keys(self._folder / "keys.json")


def _lock_for(spec: EnvironmentSpec) -> RuntimeLock:
    if spec.airflow_version not in locks.locked_versions():
        known = ", ".join(locks.locked_versions())
        message = f"the emulator has no packages for Airflow {spec.airflow_version}; it has {known}"
        raise HostFailure(INCORRECT_CONFIGURATION, message)
    return locks.read_lock(spec.airflow_version)


def _point_to(link: Path, target: Path) -> None:
    fresh = link.with_name(f".{link.name}.next")
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(target, target_is_directory=True)
    fresh.replace(link)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
