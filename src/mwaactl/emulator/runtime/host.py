"""One MWAA environment's Airflow on this machine: the emulator's `AirflowHost`."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

from mwaactl.catalog.limits import limits
from mwaactl.catalog.versions import version_key
from mwaactl.emulator.mwaa.host import CliResult, HostFailure, HostState, NothingRunsFailure, UpdatePhase
from mwaactl.emulator.runtime.environment_parts import EnvironmentParts, lock_for
from mwaactl.emulator.runtime.failure_codes import INTERNAL_ERROR, reported_as_host_failures
from mwaactl.emulator.runtime.generation import GRACEFUL, Generation
from mwaactl.emulator.runtime.migration import downgrade, migrate
from mwaactl.emulator.runtime.running_environment import RunningEnvironment
from mwaactl.emulator.runtime.sign_in import sign_in

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from mwaactl.emulator.credentials import RoleCredentials
    from mwaactl.emulator.guardian import Guardian
    from mwaactl.emulator.mwaa.host import EnvironmentSpec, OnPhase
    from mwaactl.emulator.runtime.dag_sync import DagSync
    from mwaactl.emulator.runtime.locks import RuntimeLock
    from mwaactl.emulator.runtime.metadata_database import MetadataDatabases
    from mwaactl.emulator.runtime.packages import PackageStore
    from mwaactl.emulator.runtime.preparation import Prepared
    from mwaactl.emulator.settings import EmulatorSettings

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
        self._packages = packages
        self._databases = databases
        self._name = name
        self._parts = EnvironmentParts(name, settings, credentials, packages, databases)
        self._current: Generation | None = None
        self._others: list[Generation] = []
        self._sync: DagSync | None = None
        self._synced: tuple[str, ...] = ()

    @property
    def api_url(self) -> str:
        """Base address of the web server."""
        leading = self._leading()
        return f"http://127.0.0.1:{leading.port if leading else 0}"

    def start(self, spec: EnvironmentSpec) -> None:
        """Start from nothing: fresh folders, fresh metadata database."""
        lock = lock_for(spec)
        self.stop()
        shutil.rmtree(self._parts.folder, ignore_errors=True)
        self._begin(spec, lock, keeps_history=False)

    def resume(self, spec: EnvironmentSpec) -> None:
        """Start again with the keys, the metadata database and the task logs that are there."""
        lock = lock_for(spec)
        self.stop()
        shutil.rmtree(self._parts.folder / "generations", ignore_errors=True)
        self._begin(spec, lock, keeps_history=True)

    def _begin(self, spec: EnvironmentSpec, lock: RuntimeLock, *, keeps_history: bool) -> None:
        try:
            with reported_as_host_failures():
                self._parts.home.mkdir(parents=True, exist_ok=True)
                self._follow_bucket(spec)
                prepared = self._parts.prepare(spec, lock)
                python, major = self._packages.base(lock), spec.airflow_major
                databases = self._databases()
                provide = databases.open if keeps_history else databases.create
                provide(self._name, lock.name, lambda url: migrate(python, major, url))
                self._lead(self._launch(spec, prepared))
        except BaseException:
            self.stop()
            raise

    def update(self, spec: EnvironmentSpec, strategy: str, on_phase: OnPhase) -> None:
        """Start the new beside the old; the old ends when the new is healthy, or else goes on."""
        before = self._current
        if before is None:
            self.start(spec)
        elif spec.airflow_version == before.spec.airflow_version:
            self._replace(before, spec, strategy, on_phase)
        else:
            self._change_version(before, spec, on_phase)

    def _replace(self, before: Generation, spec: EnvironmentSpec, strategy: str, on_phase: OnPhase) -> None:
        try:
            with reported_as_host_failures():
                prepared = self._parts.prepare(spec, lock_for(spec))
                after = self._launch(spec, prepared, beside=strategy)
                self._follow_bucket(spec)
        except HostFailure:
            on_phase(UpdatePhase.ROLLBACK)
            self._discard_all_but(before)
            self._follow_bucket(before.spec)
            raise
        self._lead(after)
        self._others.append(before)
        if strategy == GRACEFUL:
            before.running.drain(limits().graceful_update_seconds)
        else:
            before.running.end_tasks()
        before.running.stop()
        after.running.lead()
        self._discard_all_but(after)

    def _change_version(self, before: Generation, spec: EnvironmentSpec, on_phase: OnPhase) -> None:
        """Move the metadata database to another Airflow version, while nothing runs; back if that fails."""
        databases, stopped, kept = self._databases(), False, False
        try:
            with reported_as_host_failures():
                prepared = self._parts.prepare(spec, lock_for(spec))
                on_phase(UpdatePhase.SNAPSHOT)
                before.running.stop()
                stopped = True
                databases.snapshot(self._name)
                kept = True
                on_phase(UpdatePhase.APPLYING)
                self._migrate(before.spec, spec)
                after = self._launch(spec, prepared)
        except HostFailure:
            on_phase(UpdatePhase.ROLLBACK)
            if kept:
                databases.restore(self._name)
            if stopped:
                before = self._run_again(before)
            self._discard_all_but(before)
            raise
        databases.drop_snapshot(self._name)
        self._lead(after)
        self._discard_all_but(after)

    def _run_again(self, before: Generation) -> Generation:
        try:
            with reported_as_host_failures():
                again = self._launch(before.spec, before.prepared)
                self._lead(again)
        except HostFailure as failure:
            self.stop()
            raise NothingRunsFailure(str(failure.code), failure.message) from failure
        return again

    def _migrate(self, before: EnvironmentSpec, after: EnvironmentSpec) -> None:
        url = self._databases().url(self._name)
        if version_key(after.airflow_version) > version_key(before.airflow_version):
            migrate(self._packages.base(lock_for(after)), after.airflow_major, url)
        else:
            python = self._packages.base(lock_for(before))
            downgrade(python, before.airflow_major, url, after.airflow_version)

    def _lead(self, generation: Generation) -> None:
        """Let users, new files and the plugins folder go to this generation."""
        _point_to(self._parts.home / "plugins", generation.prepared.plugins)
        self._follow_bucket(generation.spec)
        self._current = generation
        self._others = [other for other in self._others if other is not generation]

    def _discard_all_but(self, kept: Generation | None) -> None:
        """End every other generation and remove what was prepared for it, started or not."""
        for other in self._others:
            if other is not kept:
                other.running.stop()
        self._others = []
        folder = kept.prepared.folder if kept else None
        for prepared in (self._parts.folder / "generations").iterdir():
            if prepared != folder:
                shutil.rmtree(prepared, ignore_errors=True)

    def stop(self) -> None:
        """End DAG sync and every process."""
        if self._sync is not None:
            self._sync.stop()
            self._sync = None
        for generation in (*self._others, *([self._current] if self._current else [])):
            generation.running.stop()
        self._parts.metering.close()
        self._others, self._current = [], None

    def publish_metrics(self) -> None:
        """Send what was measured in the last minute to CloudWatch, if anything runs."""
        current = self._current
        if current is not None:
            self._parts.metering.publish(current.spec, current.running.states())

    def state(self) -> HostState:
        """Return what is known of this Airflow; the databases are not asked for before something runs."""
        leading, sync = self._leading(), self._sync
        return HostState(
            metadata_database=self._databases().kind if leading else None,
            requirements=leading.prepared.requirements if leading else None,
            dags_synced_at=sync.synced_at if sync else None,
            dag_sync_error=sync.error if sync else None,
            components=leading.running.states() if leading else (),
        )

    def _leading(self) -> Generation | None:
        """Return the generation that users see: the first one as soon as it starts."""
        return self._current or next(iter(self._others), None)

    def token(self, user: str, role: str) -> str:
        """See `AirflowHost.token`.

        Raises:
            HostFailure: Nothing was ever started, or Airflow 2's web server does not answer.
        """
        leading = self._leading()
        if leading is None:
            raise HostFailure(INTERNAL_ERROR, f"environment {self._name} is not running")
        return sign_in(leading.spec.airflow_major, self.api_url, self._parts.keys().jwt, user, role)

    def run_cli(self, arguments: Sequence[str]) -> CliResult:
        """Run `airflow ARGUMENTS` as MWAA's web server would.

        Raises:
            HostFailure: Nothing runs, or the command does not end within two minutes.
        """
        if self._current is None:
            raise HostFailure(INTERNAL_ERROR, f"environment {self._name} is not running")
        spec, prepared, port = self._current.spec, self._current.prepared, self._current.port
        command = [str(prepared.python / "bin" / "python"), "-m", "airflow", *arguments]
        env = self._parts.variables(spec, prepared, port)["webserver"]
        try:
            done = subprocess.run(
                command,
                check=False,
                env={**env, **self._guardian.mark},
                cwd=self._parts.home,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=_CLI_LIMIT,
            )
        except subprocess.TimeoutExpired as error:
            msg = "INTERNAL_ERROR"
            raise HostFailure(msg, f"`airflow {arguments[0]}` took over {_CLI_LIMIT:.0f} s") from error
        return CliResult(done.stdout, done.stderr, done.returncode)

    def _launch(self, spec: EnvironmentSpec, prepared: Prepared, beside: str | None = None) -> Generation:
        """Start a generation and return it once it is healthy; one that is not is ended.

        Args:
            spec: The environment.
            prepared: What was prepared for it.
            beside: How it is going to replace the one that runs; None if none does.
        """
        if beside is None:
            self._parts.metering.open()
        port, launch = self._parts.launch(spec, prepared, beside)
        if beside is None:
            self._follow_bucket(spec)
        running = RunningEnvironment(launch, self._parts.streams(spec), self._guardian, leads=beside is None)
        generation = Generation(spec, prepared, port, running)
        self._others.append(generation)
        try:
            running.await_health()
        except BaseException:
            running.stop()
            raise
        return generation

    def _follow_bucket(self, spec: EnvironmentSpec) -> None:
        """Keep the DAGs folder in step with the bucket; go on if that is being done already."""
        source = (spec.source_bucket, spec.dags_path, spec.execution_role_arn)
        if self._sync is not None and self._synced == source:
            return
        if self._sync is not None:
            self._sync.stop()
        self._sync, self._synced = self._parts.dag_sync(spec), source
        self._sync.sync()
        self._sync.start(self._settings.sync_interval)


def _point_to(link: Path, target: Path) -> None:
    fresh = link.with_name(f".{link.name}.next")
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(target, target_is_directory=True)
    fresh.replace(link)
