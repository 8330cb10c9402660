"""One MWAA environment as a value: what GetEnvironment says of it, and what its Airflow needs of it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Self

from mwaactl.catalog.versions import version_key
from mwaactl.emulator.mwaa.defaults import LOG_MEMBERS
from mwaactl.emulator.mwaa.host import ArtifactRef, EnvironmentSpec

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

ERROR_MESSAGE_LENGTH = 1024


class Status(StrEnum):
    """The statuses of MWAA."""

    PENDING = "PENDING"
    CREATING = "CREATING"
    CREATE_FAILED = "CREATE_FAILED"
    AVAILABLE = "AVAILABLE"
    UPDATING = "UPDATING"
    CREATING_SNAPSHOT = "CREATING_SNAPSHOT"
    ROLLING_BACK = "ROLLING_BACK"
    UPDATE_FAILED = "UPDATE_FAILED"
    DELETING = "DELETING"
    DELETED = "DELETED"
    MAINTENANCE = "MAINTENANCE"
    UNAVAILABLE = "UNAVAILABLE"

    @property
    def serves(self) -> bool:
        """Whether an Airflow stands behind the environment's web server, if only in between restarts."""
        return self.updating or self in {Status.AVAILABLE, Status.UPDATE_FAILED}

    @property
    def updating(self) -> bool:
        """Whether an update is under way."""
        return self in {Status.UPDATING, Status.CREATING_SNAPSHOT, Status.ROLLING_BACK}

    @property
    def settled(self) -> bool:
        """Whether nothing is under way, so that the status stays until somebody does something."""
        return self in {Status.AVAILABLE, Status.CREATE_FAILED, Status.UPDATE_FAILED, Status.UNAVAILABLE}


@dataclass(frozen=True, slots=True)
class LastUpdate:
    """How the latest creation or update went; `error` is code and message."""

    status: str
    created_at: datetime
    error: tuple[str, str] | None = None
    strategy: str | None = None

    def describe(self) -> dict[str, Any]:
        """Return it as GetEnvironment shows it."""
        shown: dict[str, Any] = {"Status": self.status, "CreatedAt": self.created_at}
        if self.strategy:
            shown["WorkerReplacementStrategy"] = self.strategy
        if self.error:
            code, message = self.error
            shown["Error"] = {"ErrorCode": code, "ErrorMessage": message[:ERROR_MESSAGE_LENGTH]}
        return shown


@dataclass(frozen=True, slots=True)
class Environment:
    """An environment at one moment.

    Attributes:
        members: Its settings by their API names, complete, as the API set them.
        web_host: Host and port of its front door, without a scheme, as MWAA gives them.
        queue_arn: The Celery queue; None until it exists.
        service_role_arn: MWAA's service-linked role; None until it exists.
    """

    name: str
    region: str
    account_id: str
    created_at: datetime
    members: Mapping[str, Any]
    web_host: str
    status: Status
    last_update: LastUpdate
    queue_arn: str | None = None
    service_role_arn: str | None = None
    tags: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def arn(self) -> str:
        """The environment's ARN."""
        return f"arn:aws:airflow:{self.region}:{self.account_id}:environment/{self.name}"

    @property
    def airflow_major(self) -> int:
        """2 or 3."""
        return version_key(self.members["AirflowVersion"])[0]

    def changed(self, **fields: Any) -> Self:  # noqa: ANN401 - passed on to dataclasses.replace
        """Return a copy with some fields replaced."""
        return replace(self, **fields)

    def describe(self) -> dict[str, Any]:
        """Return the members of GetEnvironment's answer; what does not exist is absent."""
        shown = dict(self.members) | {
            "Name": self.name,
            "Arn": self.arn,
            "Status": self.status.value,
            "CreatedAt": self.created_at,
            "WebserverUrl": self.web_host,
            "LastUpdate": self.last_update.describe(),
            "LoggingConfiguration": self._described_logging(),
            "CeleryExecutorQueue": self.queue_arn,
            "ServiceRoleArn": self.service_role_arn,
            "Tags": dict(self.tags) or None,
        }
        return {name: value for name, value in shown.items() if value is not None}

    def _described_logging(self) -> dict[str, Any]:
        described = {name: dict(module) for name, module in self.members["LoggingConfiguration"].items()}
        for kind in self.log_levels():
            described[LOG_MEMBERS[kind]]["CloudWatchLogGroupArn"] = self._log_group_arn(kind)
        return described

    def _log_group_arn(self, kind: str) -> str:
        return f"arn:aws:logs:{self.region}:{self.account_id}:log-group:{self.log_group(kind)}"

    def log_group(self, kind: str) -> str:
        """Return the name of the log group for a kind of log; MWAA lets nobody choose it."""
        return f"airflow-{self.name}-{kind}"

    def log_levels(self) -> dict[str, str]:
        """Return the level of every enabled kind of log."""
        modules = self.members["LoggingConfiguration"]
        enabled = [
            (kind, modules[member]) for kind, member in LOG_MEMBERS.items() if modules[member]["Enabled"]
        ]
        return {kind: module["LogLevel"] for kind, module in enabled}

    def spec(self, scheme: str = "http") -> EnvironmentSpec:
        """Return what this environment's Airflow must be."""
        members = self.members
        return EnvironmentSpec(
            name=self.name,
            arn=self.arn,
            airflow_version=members["AirflowVersion"],
            region=self.region,
            account_id=self.account_id,
            source_bucket=members["SourceBucketArn"].rpartition(":::")[2],
            dags_path=members["DagS3Path"],
            plugins=self._artifact("Plugins"),
            requirements=self._artifact("Requirements"),
            startup_script=self._artifact("StartupScript"),
            config_options=MappingProxyType(dict(members["AirflowConfigurationOptions"])),
            execution_role_arn=members["ExecutionRoleArn"],
            environment_class=members["EnvironmentClass"],
            log_levels=MappingProxyType(self.log_levels()),
            web_url=f"{scheme}://{self.web_host}",
        )

    def _artifact(self, kind: str) -> ArtifactRef | None:
        key = self.members.get(f"{kind}S3Path")
        return ArtifactRef(key, self.members.get(f"{kind}S3ObjectVersion")) if key else None
