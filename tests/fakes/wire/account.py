"""An AWS account on a loopback port whose state outlives its deployers: the AWS in memory, over the wire."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, override

from mwaactl.config.names import Names
from tests.fakes.in_memory_aws import FakeClock, InMemoryAws
from tests.fakes.parsing_airflow import ParsingAirflow
from tests.fakes.wire.s3 import WireS3
from tests.fakes.wire.server import WireServer
from tests.fakes.wire.services import WireCdk, WireCloudFormation, WireLogs, WireMwaa, WireSts

if TYPE_CHECKING:
    from pathlib import Path

    from tests.fakes.wire.requests import WireAnswer, WireRequest
    from tests.fakes.wire.server import Handler

CURRENT = "releases/current.json"
LOCK = "releases/lock.json"
# Airflow is asked again and again until it has parsed; here each question comes so many seconds later.
AIRFLOW_STEP = timedelta(seconds=16)
AIRFLOW_LAG = 20.0


@dataclass(slots=True)
class WallClock(FakeClock):
    """The clock on the wall, which a test may put ahead."""

    ahead: timedelta = timedelta()

    @override
    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead


@dataclass(slots=True)
class WireAccount:
    """One account with one environment.

    Attributes:
        names: Of the environment.
        aws: The state.
        parsed: Release id to the files that Airflow had not parsed when it was promoted.
    """

    names: Names = field(default_factory=lambda: Names("flights", "local", "123456789012", "us-east-1"))
    clock: WallClock = field(default_factory=WallClock)
    airflow_clock: WallClock = field(default_factory=WallClock)
    promoted: dict[str, list[str]] = field(default_factory=dict)
    aws: InMemoryAws = field(init=False)
    server: WireServer = field(init=False)
    _s3: WireS3 = field(init=False)

    def __post_init__(self) -> None:
        self.aws = InMemoryAws(clock=self.clock)
        self.aws.airflow = ParsingAirflow(self.aws.bucket, self.airflow_clock, lag=AIRFLOW_LAG)
        self.aws.stacks.on_update = self._update_environment
        self._s3 = WireS3(self.aws.bucket, self.names.source_bucket, self.names.account)
        handlers: dict[str, Handler] = {
            "s3": self._answer_s3,
            "cloudformation": WireCloudFormation(self.aws.stacks),
            "airflow": WireMwaa(self.aws.environments, self._let_airflow_work),
            "logs": WireLogs(self.aws.logs),
            "sts": WireSts(self.names.account),
            "cdk": self._answer_cdk,
        }
        self.server = WireServer(handlers, self.clock.now)

    def tree(self) -> dict[str, str]:
        """Return the SHA-256 of every DAG file by its key."""
        contents = self.aws.bucket.contents
        return {key: _sha256(content) for key, content in contents.items() if key.startswith("dags/")}

    def current(self) -> dict[str, Any] | None:
        """Return the record of the current release."""
        found = self.aws.bucket.contents.get(CURRENT)
        return json.loads(found) if found else None

    def running_artifacts(self) -> dict[str, str]:
        """Return the SHA-256 of every artifact that the environment runs, by its key."""
        environment = self.aws.environments.environment
        given = (environment.artifacts if environment else None) or {}
        pairs = ((given.get(f"{kind}Key"), given.get(f"{kind}Version")) for kind in KINDS)
        history = self.aws.bucket.history
        return {key: _sha256(history[key, version][1]) for key, version in pairs if key}

    def locked(self) -> bool:
        return LOCK in self.aws.bucket.objects

    def let_lease_run_out(self) -> None:
        """Make the lock look as if nobody had renewed it for long."""
        bucket = self.aws.bucket
        stored = bucket.objects[LOCK]
        _, content, moment = bucket.history[LOCK, stored.version_id]
        bucket.history[LOCK, stored.version_id] = (stored, content, moment - timedelta(minutes=2))

    def keep(self) -> Kept:
        """Return the present state, to come back to."""
        aws, bucket, airflow = self.aws, self.aws.bucket, self.aws.airflow
        return Kept(
            {name: _copy(getattr(bucket, name)) for name in BUCKET_STATE},
            dict(aws.stacks.stacks),
            {"environment": aws.environments.environment, "airflow": aws.environments.airflow},
            {"contents": dict(aws.logs.contents), "created": aws.logs.created},
            {"_seen": dict(airflow._seen), "_visible": dict(airflow._visible)},
        )

    def restore(self, kept: Kept) -> None:
        """Come back to a state that was kept."""
        aws = self.aws
        aws.stacks.stacks = dict(kept.stacks)
        self.promoted.clear()
        self.airflow_clock.ahead = timedelta()
        for target, state in (
            (aws.bucket, kept.bucket),
            (aws.environments, kept.environments),
            (aws.logs, kept.logs),
            (aws.airflow, kept.airflow),
        ):
            for name, value in state.items():
                setattr(target, name, _copy(value))

    def close(self) -> None:
        self.server.close()

    def _answer_s3(self, request: WireRequest) -> WireAnswer:
        answer = self._s3(request)
        if request.method == "PUT" and request.key == CURRENT and answer.status == 200:
            self._note_promotion(json.loads(request.body))
        return answer

    def _answer_cdk(self, request: WireRequest) -> WireAnswer:
        answer = WireCdk(self.aws.cdk)(request)
        if self.names.environment_stack in request.json["stacks"]:
            self._update_environment()
        return answer

    def _note_promotion(self, release: dict[str, Any]) -> None:
        seen = {key: _sha256(content) for key, content in self.aws.airflow._visible.items()}
        files = (each for each in release["files"] if each["defines_dag"])
        self.promoted[release["id"]] = [
            each["key"] for each in files if seen.get(each["key"]) != each["sha256"]
        ]

    def _let_airflow_work(self, path: str) -> None:
        if path == "/dags":
            # MWAA copies the bucket whether anybody asks Airflow or not.
            self.aws.airflow.copy_bucket()
            self.airflow_clock.ahead += AIRFLOW_STEP

    def _update_environment(self) -> None:
        stack = self.aws.stacks.stacks[self.names.environment_stack]
        environment = self.aws.environments.environment
        assert environment is not None
        now = self.clock.now()
        self.aws.environments.environment = replace(
            environment, artifacts=dict(stack.parameters), changed_at=now
        )
        self.aws.logs.created = now


@dataclass(frozen=True, slots=True)
class Kept:
    """A state of the account, attribute by attribute."""

    bucket: dict[str, Any]
    stacks: dict[str, Any]
    environments: dict[str, Any]
    logs: dict[str, Any]
    airflow: dict[str, Any]


KINDS = ("Plugins", "Requirements", "StartupScript")
BUCKET_STATE = ("present", "contents", "objects", "versions", "history")


def project_tree(root: Path) -> dict[str, str]:
    """Return the SHA-256 of every file that a project has in its DAG folder, by its key."""
    files = (each for each in (root / "dags").rglob("*") if each.is_file())
    return {each.relative_to(root).as_posix(): _sha256(each.read_bytes()) for each in files}


def _copy(value: Any) -> Any:
    return dict(value) if isinstance(value, dict) else value


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
