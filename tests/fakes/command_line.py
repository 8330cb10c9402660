"""Runs `mwaactl` in this process, against a project on disk and an AWS in memory."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, override

from mwaactl.cli.compose import Composition
from mwaactl.cli.console import Console
from mwaactl.cli.invocation import Invocation
from mwaactl.cli.main import run
from tests.fakes.in_memory_aws import InMemoryAws
from tests.fakes.in_memory_gate import InMemoryGate

if TYPE_CHECKING:
    from pathlib import Path

    from mwaactl.cli.steps import Steps
    from mwaactl.config.environment import EnvironmentConfig
    from mwaactl.executor.gateways import Gateways
    from mwaactl.project.gate import Gate

CONFIGURATION = """
project = "flights"
default_environment = "local"

[environments.local]
account = "123456789012"
region = "us-east-1"
endpoint_url = "http://127.0.0.1:4577"
max_workers = 2
"""


@dataclass(frozen=True, slots=True)
class InMemoryComposition(Composition):
    aws: InMemoryAws = field(default_factory=InMemoryAws)
    checks: InMemoryGate = field(default_factory=InMemoryGate)

    @override
    def gateways(self, root: Path, environment: EnvironmentConfig) -> Gateways:
        assert (root / "mwaactl.toml").is_file()
        assert environment.environment == "local"
        return self.aws.gateways()

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
        options = {} if budget is None else {"budget": budget}
        return self.checks.gate(root, airflow_version, self.environ, steps, keep=keep, **options)


@dataclass(frozen=True, slots=True)
class Result:
    code: int
    stdout: str
    stderr: str


@dataclass(slots=True)
class CommandLine:
    """A project at `root` and what `mwaactl` says about it.

    Attributes:
        compose: Makes the composition root.
    """

    root: Path
    compose: type[InMemoryComposition] = InMemoryComposition
    aws: InMemoryAws = field(default_factory=InMemoryAws)
    checks: InMemoryGate = field(default_factory=InMemoryGate)
    environ: dict[str, str] = field(default_factory=lambda: {"NO_COLOR": "1", "COLUMNS": "80"})

    def write(self, path: str, content: str) -> None:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content, encoding="utf-8")

    def __call__(self, *arguments: str) -> Result:
        stdout, stderr = io.StringIO(), io.StringIO()
        composition = self.compose(
            environ=self.environ,
            directory=self.root,
            now=self.aws.clock.now,
            sleep=self.aws.clock.sleep,
            aws=self.aws,
            checks=self.checks,
        )
        console = Console(environ=self.environ, stdout=stdout, stderr=stderr)
        code = run(arguments, Invocation(composition=composition, console=console))
        return Result(code, stdout.getvalue(), stderr.getvalue())
