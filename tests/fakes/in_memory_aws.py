"""The AWS that a deployment sees, in memory: bucket, stacks, environment, logs, caller, CDK and clock."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Protocol

from mwaactl.aws.logs import LogStream
from mwaactl.aws.mwaa import WebLogin
from mwaactl.aws.sts import Caller
from mwaactl.errors import ApplyError, Conflict, NotFound
from mwaactl.executor.gateways import COPY_INTERVAL, Gateways
from mwaactl.executor.lock.holder import Process
from mwaactl.observed import ObservedEnvironment, ObservedStack, StoredContent, StoredObject

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from tests.fakes.parsing_airflow import ParsingAirflow

START = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


@dataclass(slots=True)
class FakeClock:
    """A clock that moves only when someone sleeps."""

    moment: datetime = START
    slept: list[float] = field(default_factory=list)
    due: dict[int, tuple[datetime, float, Callable[[], None]]] = field(default_factory=dict)
    repetitions: int = 0

    def now(self) -> datetime:
        return self.moment

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        end = self.moment + timedelta(seconds=seconds)
        while self.due and (first := min(self.due, key=lambda number: self.due[number][0])) is not None:
            moment, pause, work = self.due[first]
            if moment > end:
                break
            self.moment = max(self.moment, moment)
            self.due[first] = (self.moment + timedelta(seconds=pause), pause, work)
            work()
        self.moment = end

    def repeat(self, seconds: float, work: Callable[[], None]) -> Callable[[], None]:
        self.repetitions += 1
        number = self.repetitions
        self.due[number] = (self.moment + timedelta(seconds=seconds), seconds, work)
        return lambda: self.due.pop(number, None) and None

    def elapsed(self) -> float:
        return self.moment.timestamp()


@dataclass(slots=True)
class InMemoryBucket:
    """A versioned bucket that remembers every write, in order."""

    clock: FakeClock
    name: str = "flights-local-source"
    present: bool = True
    versioned: bool = True
    contents: dict[str, bytes] = field(default_factory=dict)
    objects: dict[str, StoredObject] = field(default_factory=dict)
    writes: list[str] = field(default_factory=list)
    described: list[str] = field(default_factory=list)
    versions: int = 0
    history: dict[tuple[str, str | None], tuple[StoredObject, bytes, datetime]] = field(default_factory=dict)
    slow_downs: int = 0

    def throttled(self) -> int:
        return self.slow_downs

    def exists(self) -> bool:
        return self.present

    def list(self, prefix: str, *, after: str = "") -> Iterator[StoredObject]:
        for key in sorted(self.objects):
            if key.startswith(prefix) and key > after:
                stored = self.objects[key]
                yield StoredObject(key, stored.etag, archived=stored.archived)

    def describe(self, key: str, version_id: str | None = None) -> StoredObject | None:
        self.described.append(key)
        if version_id is None:
            return self.objects.get(key)
        return self.history[key, version_id][0] if (key, version_id) in self.history else None

    def read(self, key: str, version_id: str | None = None) -> StoredContent | None:
        present = self.objects.get(key)
        wanted = version_id or (present.version_id if present else None)
        if (key, wanted) not in self.history:
            return None
        stored, content, moment = self.history[key, wanted]
        return StoredContent(content, stored.etag, self.clock.now() - moment)

    def put(self, key: str, content: bytes) -> StoredObject:
        if not self.present:
            message = "there is no such bucket"
            raise NotFound(message, service="s3", operation="PutObject", error_code="NoSuchBucket")
        self.versions += 1
        digest = hashlib.sha256(content).hexdigest()
        stored = StoredObject(
            key, f'"e{self.versions}"', f"v{self.versions}" if self.versioned else "null", digest
        )
        self.contents[key], self.objects[key] = content, stored
        self.history[key, stored.version_id] = (stored, content, self.clock.now())
        self.writes.append(f"put {key}")
        return stored

    def put_if(self, key: str, content: bytes, etag: str | None) -> StoredObject:
        present = self.objects[key].etag if key in self.objects else None
        if present != etag:
            message = "the condition does not hold"
            raise Conflict(message, service="s3", operation="PutObject", error_code="PreconditionFailed")
        return self.put(key, content)

    def delete(self, key: str) -> None:
        del self.contents[key], self.objects[key]
        self.writes.append(f"delete {key}")

    def delete_if(self, key: str, etag: str) -> None:
        if key not in self.objects:
            message = "there is no such object"
            raise NotFound(message, service="s3", operation="DeleteObject", error_code="NoSuchKey")
        if self.objects[key].etag != etag:
            message = "the condition does not hold"
            raise Conflict(message, service="s3", operation="DeleteObject", error_code="PreconditionFailed")
        self.delete(key)


@dataclass(slots=True)
class InMemoryStacks:
    stacks: dict[str, ObservedStack] = field(default_factory=dict)
    updates: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    reasons: tuple[str, ...] = ()
    on_update: Callable[[], None] = lambda: None

    def find(self, name: str) -> ObservedStack | None:
        return self.stacks.get(name)

    def update_parameters(self, name: str, values: Mapping[str, str]) -> bool:
        before = self.stacks[name]
        merged = {**before.parameters, **values}
        self.updates.append((name, dict(values)))
        self.stacks[name] = replace(before, status="UPDATE_COMPLETE", parameters=merged)
        self.on_update()
        return merged != before.parameters

    def failures(self, name: str, since: datetime) -> tuple[str, ...]:
        assert since >= START
        return self.reasons if name in self.stacks else ()


class AnsweringAirflow(Protocol):
    """Answers Airflow's REST API."""

    def answer(self, method: str, path: str, query: dict[str, Any], body: dict[str, Any]) -> Any: ...


@dataclass(slots=True)
class InMemoryEnvironments:
    """MWAA with one environment at most.

    Attributes:
        next_statuses: What `find` reports one after the other, before the environment's own status holds.
    """

    environment: ObservedEnvironment | None = None
    airflow: AnsweringAirflow | None = None
    next_statuses: list[str] = field(default_factory=list)
    given: list[dict[str, str]] = field(default_factory=list)

    def find(self, name: str) -> ObservedEnvironment | None:
        if self.environment is None or self.environment.name != name:
            return None
        status = self.next_statuses.pop(0) if self.next_statuses else self.environment.status
        return replace(self.environment, status=status)

    def give_artifacts(self, name: str, values: Mapping[str, str]) -> None:
        assert self.environment is not None
        assert self.environment.name == name
        self.given.append(dict(values))
        artifacts = {**(self.environment.artifacts or {}), **values}
        self.environment = replace(self.environment, artifacts=artifacts)

    def web_login(self, name: str) -> WebLogin:
        assert self.environment is not None
        assert self.environment.name == name
        return WebLogin(self.environment.webserver_hostname or "", "t0k3n")

    def invoke(
        self,
        name: str,
        method: str,
        path: str,
        query: Mapping[str, Any] | None = None,
        body: Mapping[str, Any] | None = None,
    ) -> Any:
        assert self.environment is not None
        assert self.environment.name == name
        assert self.airflow is not None
        return self.airflow.answer(method, path, dict(query or {}), dict(body or {}))


@dataclass(slots=True)
class InMemoryLogs:
    """Log groups: (group, stream) to lines, all created at one moment."""

    contents: dict[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    created: datetime = START

    def streams(self, group: str, prefix: str, *, since: datetime | None = None) -> tuple[LogStream, ...]:
        if since is not None and self.created < since:
            return ()
        milliseconds = int(self.created.timestamp() * 1000)
        names = (stream for of, stream in self.contents if of == group and stream.startswith(prefix))
        return tuple(LogStream(name, milliseconds) for name in sorted(names))

    def lines(self, group: str, stream: str, *, last: int = 1000) -> tuple[str, ...]:
        return self.contents.get((group, stream), ())[-last:]


@dataclass(frozen=True, slots=True)
class FixedIdentity:
    account: str = "123456789012"

    def caller(self) -> Caller:
        return Caller(self.account, f"arn:aws:iam::{self.account}:user/dora")


@dataclass(slots=True)
class FakeCdk:
    """Creates stacks at once; storage brings the bucket, and the environment stack the environment."""

    world: InMemoryAws
    deployed: list[tuple[str, ...]] = field(default_factory=list)
    failure: str | None = None

    def deploy(
        self,
        stacks: tuple[str, ...],
        parameters: Mapping[str, Mapping[str, str]],
        on_line: Callable[[str], None],
    ) -> None:
        self.deployed.append(stacks)
        if self.failure:
            raise ApplyError(self.failure)
        for name in stacks:
            on_line(f"{name}: deploying... [1/1]")
            given = dict(parameters.get(name, {}))
            self.world.stacks.stacks[name] = ObservedStack(name, "CREATE_COMPLETE", given)
            if name.endswith("-storage"):
                self.world.bucket.present = True
            if name.endswith("-environment"):
                self.world.start_environment(name.removesuffix("-environment"))


@dataclass(slots=True)
class InMemoryAws:
    """Everything together; begins as an empty account."""

    clock: FakeClock = field(default_factory=FakeClock)
    bucket: InMemoryBucket = field(init=False)
    stacks: InMemoryStacks = field(default_factory=InMemoryStacks)
    environments: InMemoryEnvironments = field(default_factory=InMemoryEnvironments)
    logs: InMemoryLogs = field(default_factory=InMemoryLogs)
    identity: FixedIdentity = field(default_factory=FixedIdentity)
    process: Process = field(default_factory=lambda: Process("laptop", "boot-1", 4711))
    dead: set[Process] = field(default_factory=set)
    copied_within: timedelta = COPY_INTERVAL
    cdk: FakeCdk = field(init=False)
    airflow: ParsingAirflow = field(init=False)

    def __post_init__(self) -> None:
        from tests.fakes.parsing_airflow import ParsingAirflow

        self.bucket = InMemoryBucket(self.clock, present=False)
        self.cdk = FakeCdk(self)
        self.airflow = ParsingAirflow(self.bucket, self.clock)

    def start_environment(self, name: str) -> None:
        self.environments.environment = ObservedEnvironment(
            name=name,
            status="AVAILABLE",
            airflow_version="3.3.1",
            environment_class="mw1.small",
            arn=f"arn:aws:airflow:us-east-1:123456789012:environment/{name}",
            webserver_hostname="localhost:4578",
            webserver_access_mode="PUBLIC_ONLY",
        )
        self.environments.airflow = self.airflow
        stream = "requirements_install_host_1.log"
        self.logs.contents[f"airflow-{name}-Scheduler", stream] = ("Successfully installed",)

    def gateways(self) -> Gateways:
        return Gateways(
            bucket=self.bucket,
            stacks=self.stacks,
            environments=self.environments,
            logs=self.logs,
            identity=self.identity,
            cdk=self.cdk,
            now=self.clock.now,
            sleep=self.clock.sleep,
            elapsed=self.clock.elapsed,
            repeat=self.clock.repeat,
            process=self.process,
            is_dead=lambda process: process in self.dead,
            copied_within=self.copied_within,
        )
