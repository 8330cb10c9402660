"""What the MWAA emulator asks of the thing that runs Airflow: values, failures and one protocol."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime  # noqa: TC003 - pydantic reads it
from enum import Enum
from typing import TYPE_CHECKING, Protocol

from mwaactl.errors import MwaactlError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence


@dataclass(frozen=True, slots=True)
class ArtifactRef:
    """One object in the source bucket; `version_id` is None where the bucket's newest version is meant."""

    key: str
    version_id: str | None


@dataclass(frozen=True, slots=True)
class EnvironmentSpec:
    """Everything of an MWAA environment that decides how its Airflow runs.

    Attributes:
        config_options: Airflow options as MWAA takes them: `section.option` to value.
        log_levels: Kind (DAGProcessing, Scheduler, Task, WebServer, Worker) to level; absent is disabled.
        web_url: Where users reach the UI, with scheme and port and without a trailing slash.
    """

    name: str
    arn: str
    airflow_version: str
    region: str
    account_id: str
    source_bucket: str
    dags_path: str
    plugins: ArtifactRef | None
    requirements: ArtifactRef | None
    startup_script: ArtifactRef | None
    config_options: Mapping[str, str]
    execution_role_arn: str
    environment_class: str
    log_levels: Mapping[str, str]
    web_url: str

    @property
    def airflow_major(self) -> int:
        """Airflow's major version, 2 or 3."""
        return int(self.airflow_version.partition(".")[0])


class UpdatePhase(Enum):
    """What an update is doing."""

    APPLYING = "applying what is new"
    SNAPSHOT = "keeping a copy of the metadata database"
    ROLLBACK = "bringing back what ran before"


type OnPhase = Callable[[UpdatePhase], None]


@dataclass(frozen=True, slots=True)
class CliResult:
    """What one run of Airflow's own command line printed, and its exit code."""

    stdout: bytes
    stderr: bytes
    returncode: int


@dataclass(frozen=True, slots=True)
class ComponentState:
    """One process of an Airflow.

    Attributes:
        name: Airflow's name of it, such as `scheduler`.
        pid: Its process id; None while it is down.
        restarts: How often it was started again since Airflow was last launched.
        exit_code: How it ended last, negative for a signal; None if it never did.
    """

    name: str
    pid: int | None = None
    restarts: int = 0
    exit_code: int | None = None


@dataclass(frozen=True, slots=True)
class RequirementsState:
    """What became of a requirements.txt; MWAA shows it in the log only.

    Attributes:
        installed: Whether Airflow runs with the packages.
        error: Why they could not be installed, in pip's words.
    """

    installed: bool
    error: str | None = None


@dataclass(frozen=True, slots=True)
class HostState:
    """What is known of an Airflow at one moment; None is what does not exist then.

    Attributes:
        metadata_database: `postgresql` or `sqlite`.
        requirements: What became of the requirements; None if nothing was asked for.
        dags_synced_at: When the DAGs folder was last in step with the bucket.
        dag_sync_error: Why the latest look at the bucket failed.
        components: Its processes.
    """

    metadata_database: str | None = None
    requirements: RequirementsState | None = None
    dags_synced_at: datetime | None = None
    dag_sync_error: str | None = None
    components: tuple[ComponentState, ...] = ()


class HostFailure(MwaactlError):  # noqa: N818 - it is what MWAA reports as a failure, not a programming error
    """Airflow could not be started or updated.

    Args:
        code: MWAA's error code for `LastUpdate.Error`, such as `INCORRECT_CONFIGURATION`.
        message: The cause, as the user shall read it.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message, code=code)


class NothingRunsFailure(HostFailure):
    """An update failed, and what ran before it does not run either."""


class AirflowHost(Protocol):
    """One environment's Airflow. Calls block; the caller serialises start, update and stop.

    A host that failed to start can be started again.
    """

    @property
    def api_url(self) -> str:
        """Base address of the running api-server (Airflow 2: webserver), such as `http://127.0.0.1:PORT`."""

    def start(self, spec: EnvironmentSpec) -> None:
        """Return once Airflow's own health says that every component is healthy.

        Raises:
            HostFailure: Airflow does not run; nothing is left behind.
        """

    def resume(self, spec: EnvironmentSpec) -> None:
        """Start what an earlier emulator ran, with its metadata database and keys; else as `start`.

        Raises:
            HostFailure: Airflow does not run.
        """

    def update(self, spec: EnvironmentSpec, strategy: str, on_phase: OnPhase) -> None:
        """Apply `spec` and return once every new component is healthy and nothing old runs any more.

        Args:
            spec: What Airflow shall be.
            strategy: `FORCED` ends running tasks, `GRACEFUL` lets them end.
            on_phase: Called when an update other than the usual one goes on to another phase.

        Raises:
            HostFailure: `spec` could not be applied; what ran before runs again.
            NothingRunsFailure: Neither does.
        """

    def stop(self) -> None:
        """End every process of this Airflow; stopping twice is no failure.

        May be called while `start` or `update` runs in another thread: the emulator is going down then.
        """

    def state(self) -> HostState:
        """Return what is known without waiting; may be called at any time."""

    def token(self, user: str, role: str) -> str:
        """Return what signs `user` in as `role` (Admin, Op, User, Viewer, Public).

        Airflow 3: a JWT, good as bearer token of the REST API and as the UI's `_token` cookie.
        Airflow 2, which has no such JWT: the value of Flask's `session` cookie, good for both as well.

        Raises:
            HostFailure: Airflow 2 did not make a session; it may be down.
        """

    def run_cli(self, arguments: Sequence[str]) -> CliResult:
        """Run `airflow ARGUMENTS` in the environment's own Python and settings.

        Raises:
            HostFailure: The command could not be run to its end.
        """


class AirflowHostFactory(Protocol):
    """Makes the host of one environment; starts nothing."""

    def __call__(self, name: str) -> AirflowHost:
        """Return the host for the environment `name`."""
