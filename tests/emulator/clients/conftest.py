"""CloudFormation and MWAA in this process, small HTTP servers in Airflow's place, and the AWS CLI."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from mwaactl.emulator.cloudformation.application import cloudformation_app
from mwaactl.emulator.cloudformation.responses import Engines
from mwaactl.emulator.loopback import client
from mwaactl.emulator.loopback_services import LoopbackServices
from mwaactl.emulator.mwaa.application import MwaaService
from mwaactl.emulator.settings import EmulatorSettings
from tests.fakes.aws_command_line import AwsCommandLine, aws_command_line
from tests.fakes.emulator_process import EmulatorProcess
from tests.fakes.fake_airflow_host import FakeAirflowHosts
from tests.fakes.stack_driver import StackDriver


@dataclass(frozen=True, slots=True)
class World:
    settings: EmulatorSettings
    cli: AwsCommandLine

    def aws(self, service: str) -> Any:
        return client(service, self.settings)

    def settled(self, stack: str) -> dict[str, Any]:
        return StackDriver(self.aws("cloudformation"), "").settled(stack)


@pytest.fixture(scope="session")
def emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmulatorProcess]:
    """A whole emulator, for the clients that need more than CloudFormation and MWAA."""
    process = EmulatorProcess.below(tmp_path_factory.mktemp("clients"))
    process.up()
    yield process
    process.down()


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    root, aws = tmp_path_factory.mktemp("world"), LoopbackServices()
    settings = EmulatorSettings(root, root / "emulator", root / "runtimes", port=aws.port)
    service = MwaaService(settings, FakeAirflowHosts())
    aws.apps["airflow"] = service.app
    aws.apps["cloudformation"] = cloudformation_app(Engines(settings))
    with aws_command_line(settings) as cli:
        yield World(settings, cli)
    service.shutdown()
    aws.close()
