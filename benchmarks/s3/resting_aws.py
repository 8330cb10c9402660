"""Stacks, MWAA, Airflow and logs that answer from memory, at once, that all is well; S3 is real."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from glob import glob
from pathlib import Path
from typing import TYPE_CHECKING, Any, override

from benchmarks.s3.tree import DAG_FILES
from mwaactl.aws.s3 import SourceBucket
from mwaactl.aws.session import AwsSession
from mwaactl.executor.lock.process import is_dead, this_process
from mwaactl.executor.lock.repeating import repeat
from mwaactl.observed import ObservedEnvironment, ObservedStack
from tests.fakes.in_memory_aws import InMemoryAws, InMemoryEnvironments, InMemoryStacks

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from mwaactl.config.environment import EnvironmentConfig
    from mwaactl.executor.gateways import Gateways


@dataclass(slots=True)
class SkippingClock:
    """The wall clock, on which a wait takes no time."""

    skipped: timedelta = timedelta()

    def now(self) -> datetime:
        """Return the present moment."""
        return datetime.now(UTC) + self.skipped

    def sleep(self, seconds: float) -> None:
        """Move on."""
        self.skipped += timedelta(seconds=seconds)


@dataclass(slots=True)
class EagerEnvironments(InMemoryEnvironments):
    """MWAA with an Airflow that has parsed every DAG file of a folder an hour from now.

    Attributes:
        folder: The DAG folder.
    """

    folder: Path = Path()
    _files: dict[str, str] = field(default_factory=dict)

    @override
    def invoke(
        self,
        name: str,
        method: str,
        path: str,
        query: Mapping[str, Any] | None = None,
        body: Mapping[str, Any] | None = None,
    ) -> Any:
        if path == "/importErrors":
            return {"import_errors": [], "total_entries": 0}
        self._files = self._files or self._dag_files()
        if path == "/dags":
            page = query or {}
            some = list(self._files.values())[page["offset"] : page["offset"] + page["limit"]]
            return {"dags": [_dag(each) for each in some], "total_entries": len(self._files)}
        file = self.folder / self._files[path.removeprefix("/dagSources/")]
        return {"content": file.read_text(encoding="utf-8")}

    def _dag_files(self) -> dict[str, str]:
        """Return ids and places; a Path for each would count as time of the deployment's."""
        found = glob(f"**/{DAG_FILES}", root_dir=self.folder, recursive=True)  # noqa: PTH207
        return {each.rpartition("/")[2].removesuffix(".py"): each for each in found}


def _dag(location: str) -> dict[str, Any]:
    parsed = datetime.now(UTC) + timedelta(hours=1)
    dag_id = location.rpartition("/")[2].removesuffix(".py")
    return {"dag_id": dag_id, "relative_fileloc": location, "last_parsed_time": parsed.isoformat()}


def resting_gateways(root: Path, environment: EnvironmentConfig, elapsed: Callable[[], float]) -> Gateways:
    """Return a real bucket beside stacks, environment and logs that rest.

    Args:
        root: The project's root.
        environment: Its environment.
        elapsed: Seconds of a clock that nobody sets.
    """
    names, clock = environment.names, SkippingClock()
    stacks = (
        names.storage_stack,
        names.network_stack,
        names.warehouse_stack,
        names.functions_stack,
        names.environment_stack,
    )
    session = AwsSession(environment.region, environment.endpoint_url)
    return replace(
        InMemoryAws().gateways(),
        bucket=SourceBucket(session.client("s3"), names.source_bucket, names.account),
        stacks=InMemoryStacks({name: ObservedStack(name, "CREATE_COMPLETE") for name in stacks}),
        environments=EagerEnvironments(
            ObservedEnvironment(names.environment_name, "AVAILABLE", environment.airflow_version),
            folder=root / "dags",
        ),
        now=clock.now,
        sleep=clock.sleep,
        elapsed=elapsed,
        repeat=repeat,
        process=this_process(),
        is_dead=is_dead,
    )
