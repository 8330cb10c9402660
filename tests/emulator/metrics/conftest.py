"""A moto server whose alarms are evaluated, when a test says so."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from moto.cloudwatch.models import CloudWatchBackend, cloudwatch_backends

from mwaactl.emulator.metrics import models
from tests.fakes.moto_account import MotoAccount

type Evaluate = Callable[..., None]


@pytest.fixture
def account(tmp_path: Path) -> Iterator[MotoAccount]:
    account = MotoAccount(tmp_path)
    models.install()
    yield account
    cloudwatch_backends.backend = CloudWatchBackend
    account.close()


@pytest.fixture
def cloudwatch(account: MotoAccount) -> Any:
    return account.client("cloudwatch")


@pytest.fixture
def evaluate(cloudwatch: Any) -> Evaluate:
    """Evaluate the alarms some minutes from now, when the present one has ended."""
    del cloudwatch

    def at(minutes: int = 1) -> None:
        backend: Any = cloudwatch_backends["123456789012"]["us-east-1"]
        backend.evaluate_alarms(datetime.now(UTC) + timedelta(minutes=minutes))

    return at
