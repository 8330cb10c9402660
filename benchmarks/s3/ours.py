"""`mwaactl` as it is, with a real S3; the rest of AWS answers from memory, at once, that all is well.

Run as `python -m benchmarks.s3.ours ROOT deploy`, for example; the words after the project's root are
mwaactl's own. The last line on standard error is the peak of its memory in MiB.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, override

from benchmarks.s3.tree import DAG_FILES
from mwaactl.aws.s3 import SourceBucket
from mwaactl.aws.session import AwsSession
from mwaactl.cli.compose import Composition
from mwaactl.cli.console import Console
from mwaactl.cli.invocation import Invocation
from mwaactl.cli.main import run
from mwaactl.executor.lock.process import is_dead, this_process
from mwaactl.executor.lock.repeating import repeat
from mwaactl.observed import ObservedEnvironment, ObservedStack
from tests.fakes.in_memory_aws import InMemoryAws, InMemoryEnvironments, InMemoryStacks

if TYPE_CHECKING:
    from collections.abc import Mapping

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
    _files: dict[str, Path] = field(default_factory=dict)

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
        self._files = self._files or {each.stem: each for each in self.folder.rglob(DAG_FILES)}
        if path == "/dags":
            page = query or {}
            some = list(self._files.values())[page["offset"] : page["offset"] + page["limit"]]
            return {"dags": [self._dag(each) for each in some], "total_entries": len(self._files)}
        return {"content": self._files[path.removeprefix("/dagSources/")].read_text(encoding="utf-8")}

    def _dag(self, file: Path) -> dict[str, Any]:
        parsed = datetime.now(UTC) + timedelta(hours=1)
        location = file.relative_to(self.folder).as_posix()
        return {"dag_id": file.stem, "relative_fileloc": location, "last_parsed_time": parsed.isoformat()}


@dataclass(frozen=True, slots=True)
class S3Composition(Composition):
    """Hands out a real bucket beside stacks, environment and logs that rest."""

    clock: SkippingClock = field(default_factory=SkippingClock)

    @override
    def gateways(self, root: Path, environment: EnvironmentConfig) -> Gateways:
        names = environment.names
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
            now=self.clock.now,
            sleep=self.clock.sleep,
            elapsed=self.elapsed,
            repeat=repeat,
            process=this_process(),
            is_dead=is_dead,
        )


def main(root: Path, arguments: list[str]) -> int:
    """Run one command line of mwaactl."""
    composition = S3Composition(environ=os.environ, directory=root)
    code = run(arguments, Invocation(composition=composition, console=Console(environ=os.environ)))
    sys.stderr.write(f"{peak_memory():.1f}\n")
    return code


def peak_memory() -> float:
    """Return the peak of this process's resident memory in MiB; getrusage would count what began it, too."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) / 1024


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2:]))
