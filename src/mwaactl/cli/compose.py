"""The composition root: builds what a command needs from configuration; tests hand in another one."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from mwaactl.cli.steps import Steps
    from mwaactl.config.environment import EnvironmentConfig
    from mwaactl.config.load import Config
    from mwaactl.executor.gateways import Gateways
    from mwaactl.project.gate import Gate
    from mwaactl.project.infrastructure.check import InfrastructureGate
    from mwaactl.project.requirements.clean_environment import CleanEnvironments
    from mwaactl.project.requirements.uv import Uv


def utc_now() -> datetime:
    """Return the present moment, aware of its zone."""
    return datetime.now(UTC)


def seconds_awake_or_asleep() -> float:
    """Return seconds of a clock that nobody sets and that does not stand still while the machine sleeps.

    A deployment must not take a lease for fresh because its laptop was closed meanwhile.
    """
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


@dataclass(frozen=True, slots=True)
class Composition:
    """Makes collaborators out of the process environment and the configuration.

    Attributes:
        environ: The process environment.
        directory: Where the search for the configuration file begins.
        now: The clock on the wall, in UTC.
        sleep: Waits for a number of seconds.
        elapsed: Seconds of a clock that nobody sets.
    """

    environ: Mapping[str, str]
    directory: Path = field(default_factory=Path)
    now: Callable[[], datetime] = utc_now
    sleep: Callable[[float], None] = time.sleep
    elapsed: Callable[[], float] = seconds_awake_or_asleep

    def config(self, file: Path | None) -> Config:
        """Read the configuration from `file`, or from the nearest mwaactl.toml."""
        from mwaactl.config.load import load_config

        return load_config(self.config_file(file))

    def config_file(self, file: Path | None) -> Path:
        """Return `file`, or where the nearest mwaactl.toml lies.

        Raises:
            ConfigError: If there is none.
        """
        from mwaactl.config.location import find_config

        return file if file is not None else find_config(self.directory)

    def environment(self, file: Path | None, name: str | None) -> tuple[Config, EnvironmentConfig]:
        """Read the configuration and pick an environment of it."""
        from mwaactl.config.load import select_environment

        config = self.config(file)
        return config, select_environment(config, name, self.environ)

    def uv(self, root: Path) -> Uv:
        """Return what locks and tries out requirements: the same uv, with this process's environment."""
        from mwaactl.project.requirements.process import run_process
        from mwaactl.project.requirements.uv import Uv

        return Uv(run_process, self.environ, _uv_of(root))

    def clean_environments(self, root: Path, airflow_version: str) -> CleanEnvironments:
        """Return what makes environments to try requirements out in."""
        from mwaactl.project.requirements.clean_environment import CleanEnvironments, catalog_pip
        from mwaactl.project.requirements.package_set import package_set

        folder, packages = root / ".mwaactl" / "checks", package_set(airflow_version)
        return CleanEnvironments(folder, self.uv(root), packages, catalog_pip())

    def gate(
        self,
        root: Path,
        airflow_version: str,
        steps: Steps,
        *,
        budget: float | None = None,
        keep: bool = True,
    ) -> Gate:
        """Return what checks a project; its runtimes are kept with the clean environments."""
        from mwaactl.project.airflow_parsing.driver_process import run_driver
        from mwaactl.project.airflow_parsing.parser import BUDGET, Parser
        from mwaactl.project.checks.airflow_migration import AirflowMigration
        from mwaactl.project.gate import Gate
        from mwaactl.project.requirements.process import run_process

        environments = self.clean_environments(root, airflow_version)
        seconds = BUDGET if budget is None else budget
        parser = Parser(environments, run_driver, self.environ, steps.stage, steps.tick, seconds, keep=keep)
        return Gate(parser, AirflowMigration(run_process, self.environ))

    def infrastructure(
        self, root: Path, environment: EnvironmentConfig, steps: Steps, *, keep: bool = True
    ) -> InfrastructureGate:
        """Return what synthesises a project's CDK app and has scanners look at it."""
        from mwaactl.project.infrastructure.check import InfrastructureGate
        from mwaactl.project.infrastructure.program import run_program
        from mwaactl.project.infrastructure.scanners.cdk_packs import CdkPacks
        from mwaactl.project.infrastructure.scanners.cfn_guard import ControlTower
        from mwaactl.project.infrastructure.scanners.cfn_lint import CfnLint
        from mwaactl.project.infrastructure.scanners.checkov import Checkov
        from mwaactl.project.infrastructure.scanners.own_rules import OwnRules
        from mwaactl.project.infrastructure.scanners.scan import Means
        from mwaactl.project.infrastructure.synthesis import Synthesis

        folder = root / ".mwaactl" / "checks"
        running = environment.running_airflow_version
        own = OwnRules({environment.names.environment_name: running} if running else {})
        return InfrastructureGate(
            Synthesis(root, environment.environment, run_program, self.environ),
            (own, CdkPacks(), CfnLint(), ControlTower(), Checkov(self.uv(root))),
            Means(run_program, self.environ, folder, environment.region),
            steps.stage,
            keep=keep,
        )

    def gateways(self, root: Path, environment: EnvironmentConfig) -> Gateways:
        """Return every way out of the process for one environment."""
        from mwaactl.aws.clock import AwsClock
        from mwaactl.aws.cloudformation import Stacks
        from mwaactl.aws.logs import LogGroups
        from mwaactl.aws.mwaa import Environments
        from mwaactl.aws.s3 import SourceBucket
        from mwaactl.aws.session import AwsSession
        from mwaactl.aws.sts import Identity
        from mwaactl.cli.dag_copies import copied_within
        from mwaactl.executor.cdk import CdkCli
        from mwaactl.executor.gateways import Gateways
        from mwaactl.executor.lock.process import is_dead, this_process
        from mwaactl.executor.lock.repeating import repeat

        clock = AwsClock(self.now)
        session = AwsSession(environment.region, environment.endpoint_url, clock=clock)
        names = environment.names
        return Gateways(
            bucket=SourceBucket(session.client("s3"), names.source_bucket, names.account),
            stacks=Stacks(session.client("cloudformation")),
            environments=Environments(session.client("mwaa")),
            logs=LogGroups(session.client("logs")),
            identity=Identity(session.client("sts")),
            cdk=CdkCli(
                root, environment.environment, {**self.environ, **session.process_environment(self.environ)}
            ),
            now=clock.now,
            sleep=self.sleep,
            elapsed=self.elapsed,
            repeat=repeat,
            process=this_process(),
            is_dead=is_dead,
            copied_within=copied_within(root, environment.endpoint_url),
        )


def _uv_of(root: Path) -> str:
    own = root / ".tools" / "uv" / "bin" / "uv"
    return str(own) if own.is_file() else "uv"
