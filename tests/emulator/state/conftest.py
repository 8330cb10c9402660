"""moto's services in this process, around a state on disk."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.emulator_process import EmulatorProcess
from tests.fakes.moto_account import MotoAccount


@pytest.fixture
def account(tmp_path: Path) -> Iterator[MotoAccount]:
    account = MotoAccount(tmp_path)
    yield account
    account.close()


@pytest.fixture
def own_emulator(tmp_path: Path) -> Iterator[EmulatorProcess]:
    process = EmulatorProcess.below(tmp_path)
    yield process
    process.down()
