"""What applying a plan needs from the outside, as protocols: AWS in production, memory in tests."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import datetime

    from mwaactl.aws.logs import LogStream
    from mwaactl.aws.mwaa import WebLogin
    from mwaactl.aws.sts import Caller
    from mwaactl.executor.lock.holder import Process
    from mwaactl.observed import ObservedEnvironment, ObservedStack, StoredContent, StoredObject

# https://docs.aws.amazon.com/mwaa/latest/userguide/configuring-dag-folder.html
COPY_INTERVAL = timedelta(seconds=30)


class Bucket(Protocol):
    """The source bucket; `mwaactl.aws.s3.SourceBucket`."""

    @property
    def name(self) -> str: ...  # noqa: D102
    def exists(self) -> bool: ...  # noqa: D102
    def list(self, prefix: str, *, after: str = "") -> Iterator[StoredObject]: ...  # noqa: D102
    def describe(self, key: str, version_id: str | None = None) -> StoredObject | None: ...  # noqa: D102
    def read(self, key: str, version_id: str | None = None) -> StoredContent | None: ...  # noqa: D102
    def put(self, key: str, content: bytes) -> StoredObject: ...  # noqa: D102
    def put_if(self, key: str, content: bytes, etag: str | None) -> StoredObject: ...  # noqa: D102
    def delete(self, key: str) -> None: ...  # noqa: D102
    def delete_if(self, key: str, etag: str) -> None: ...  # noqa: D102
    def throttled(self) -> int: ...  # noqa: D102


class StackService(Protocol):
    """CloudFormation; `mwaactl.aws.cloudformation.Stacks`."""

    def find(self, name: str) -> ObservedStack | None: ...  # noqa: D102
    def update_parameters(self, name: str, values: Mapping[str, str]) -> bool: ...  # noqa: D102
    def failures(self, name: str, since: datetime) -> tuple[str, ...]: ...  # noqa: D102


class EnvironmentService(Protocol):
    """MWAA; `mwaactl.aws.mwaa.Environments`."""

    def find(self, name: str) -> ObservedEnvironment | None: ...  # noqa: D102
    def give_artifacts(self, name: str, values: Mapping[str, str]) -> None: ...  # noqa: D102
    def web_login(self, name: str) -> WebLogin: ...  # noqa: D102
    def invoke(  # noqa: D102
        self,
        name: str,
        method: str,
        path: str,
        query: Mapping[str, Any] | None = None,
        body: Mapping[str, Any] | None = None,
    ) -> Any: ...  # noqa: ANN401  any JSON value


class LogService(Protocol):
    """CloudWatch Logs; `mwaactl.aws.logs.LogGroups`."""

    def streams(self, group: str, prefix: str, *, since: datetime | None = None) -> tuple[LogStream, ...]: ...  # noqa: D102
    def lines(self, group: str, stream: str, *, last: int = 1000) -> tuple[str, ...]: ...  # noqa: D102


class StackDeployer(Protocol):
    """Deploys stacks from their source; `mwaactl.executor.cdk.CdkCli`."""

    def deploy(  # noqa: D102
        self,
        stacks: tuple[str, ...],
        parameters: Mapping[str, Mapping[str, str]],
        on_line: Callable[[str], None],
    ) -> None: ...


class IdentityService(Protocol):
    """STS; `mwaactl.aws.sts.Identity`."""

    def caller(self) -> Caller: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class Gateways:
    """Every way out of the process, for one environment.

    Attributes:
        now: The clock on the wall, in UTC.
        elapsed: Seconds of a clock that nobody sets.
        repeat: Calls a function every so many seconds, until what it returns is called.
        process: This process.
        is_dead: Tells of a process whether it has certainly ended.
        copied_within: After what time an object of the bucket is in Airflow's folder for certain.
    """

    bucket: Bucket
    stacks: StackService
    environments: EnvironmentService
    logs: LogService
    identity: IdentityService
    cdk: StackDeployer
    now: Callable[[], datetime]
    sleep: Callable[[float], None]
    elapsed: Callable[[], float]
    repeat: Callable[[float, Callable[[], None]], Callable[[], None]]
    process: Process
    is_dead: Callable[[Process], bool]
    copied_within: timedelta = COPY_INTERVAL
