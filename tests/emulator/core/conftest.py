"""One emulator for the tests that only talk to it; those that kill it start their own."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from tests.fakes.emulator_process import EmulatorProcess
from tests.fakes.stack_driver import StackDriver


@pytest.fixture(scope="session")
def emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmulatorProcess]:
    process = EmulatorProcess.below(tmp_path_factory.mktemp("emulator"))
    process.up()
    yield process
    process.down()


@pytest.fixture
def aws(emulator: EmulatorProcess) -> Callable[[str], Any]:
    return emulator.aws


@pytest.fixture
def unique() -> str:
    return f"t{uuid4().hex[:10]}"


@pytest.fixture
def stacks(emulator: EmulatorProcess, unique: str) -> StackDriver:
    return StackDriver(emulator.aws("cloudformation"), unique)


@pytest.fixture
def own_emulator(tmp_path: Path) -> Iterator[EmulatorProcess]:
    process = EmulatorProcess.below(tmp_path)
    yield process
    process.down()
