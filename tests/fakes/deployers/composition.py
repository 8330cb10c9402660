"""Real gateways to a server on this machine; only the waiting and the checks of the project are left out."""

from __future__ import annotations

import http.client
import json
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, override

from botocore.retries import quota, standard

from mwaactl.aws.cloudformation import Stacks
from mwaactl.aws.logs import LogGroups
from mwaactl.aws.mwaa import Environments
from mwaactl.aws.s3 import SourceBucket
from mwaactl.aws.session import AwsSession
from mwaactl.aws.sts import Identity
from mwaactl.cli.compose import Composition
from mwaactl.executor.gateways import Gateways
from mwaactl.executor.lock.process import is_dead, this_process
from mwaactl.executor.lock.repeating import repeat
from tests.fakes.in_memory_gate import InMemoryGate

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from mwaactl.cli.steps import Steps
    from mwaactl.config.environment import EnvironmentConfig
    from mwaactl.project.gate import Gate

SERVICES = ("s3", "cloudformation", "mwaa", "logs", "sts")
ATTEMPTS = 5


@cache
def clients(endpoint: str, read_timeout: float) -> dict[str, Any]:
    """Return clients as production makes them, except that a repeated request does not wait."""
    session = AwsSession("us-east-1", endpoint, read_timeout)
    made = {service: session.client(service) for service in SERVICES}
    for each in made.values():
        _repeat_at_once(each)
    return made


def _repeat_at_once(client: Any) -> None:
    name = client.meta.service_model.service_id.hyphenize()
    event, unique_id = f"needs-retry.{name}", f"retry-config-{name}"
    client.meta.events.unregister(event, unique_id=unique_id)
    adapter: Any = standard.RetryEventAdapter()
    allowed: Any = standard.RetryQuotaChecker(quota.RetryQuota(), standard.ThrottlingErrorDetector(adapter))
    handler = standard.RetryHandler(
        retry_policy=standard.RetryPolicy(
            retry_checker=standard.StandardRetryConditions(max_attempts=ATTEMPTS),
            retry_backoff=standard.ExponentialBackoff(max_backoff=0),
        ),
        retry_event_adapter=adapter,
        retry_quota=allowed,
        service_name=name,
    )
    client.meta.events.register(event, handler.needs_retry, unique_id=unique_id)


def sign(name: str, *made: Any) -> None:
    """Let each request say whose it is."""

    def note(request: Any, **_: object) -> None:
        request.headers["x-deployer"] = name

    for each in made:
        each.meta.events.register("before-send", note)


@dataclass(frozen=True, slots=True)
class RemoteCdk:
    """Lets the server do what `cdk deploy` would do."""

    endpoint: str

    def deploy(
        self,
        stacks: tuple[str, ...],
        parameters: Mapping[str, Mapping[str, str]],
        on_line: Callable[[str], None],
    ) -> None:
        connection = http.client.HTTPConnection(self.endpoint.removeprefix("http://"))
        given = {key: dict(each) for key, each in parameters.items()}
        body = json.dumps({"stacks": stacks, "parameters": given})
        scope = "Credential=x/20261123/us-east-1/cdk/aws4_request"
        connection.request("POST", "/deploy", body, {"Authorization": scope})
        assert connection.getresponse().status == 200
        connection.close()
        on_line("deployed")


@dataclass(slots=True)
class SkippingClock:
    """The clock on the wall, wrong by some seconds, on which a wait takes no time."""

    error: timedelta

    def now(self) -> datetime:
        return datetime.now(UTC) + self.error

    def sleep(self, seconds: float) -> None:
        self.error += timedelta(seconds=seconds)


@dataclass(frozen=True, slots=True)
class JumpingClock:
    """Seconds of the monotonic clock, and those that a file adds."""

    file: str

    def __call__(self) -> float:
        added = float(Path(self.file).read_text(encoding="ascii")) if self.file else 0.0
        return time.monotonic() + added


@dataclass(frozen=True, slots=True)
class WireComposition(Composition):
    """Composes real gateways to `endpoint`."""

    endpoint: str = field(kw_only=True)
    read_timeout: float = 5.0

    @override
    def gateways(self, root: Path, environment: EnvironmentConfig) -> Gateways:
        made, names = clients(self.endpoint, self.read_timeout), environment.names
        return Gateways(
            bucket=SourceBucket(made["s3"], names.source_bucket, names.account),
            stacks=Stacks(made["cloudformation"]),
            environments=Environments(made["mwaa"]),
            logs=LogGroups(made["logs"]),
            identity=Identity(made["sts"]),
            cdk=RemoteCdk(self.endpoint),
            now=self.now,
            sleep=self.sleep,
            elapsed=self.elapsed,
            repeat=repeat,
            process=this_process(),
            is_dead=is_dead,
        )

    @override
    def gate(
        self,
        root: Path,
        airflow_version: str,
        steps: Steps,
        *,
        budget: float | None = None,
        keep: bool = True,
    ) -> Gate:
        assert budget is None
        return InMemoryGate().gate(root, airflow_version, self.environ, steps, keep=keep)
