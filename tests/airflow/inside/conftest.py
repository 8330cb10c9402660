"""What tests inside Airflow may ask for."""

import os
from collections.abc import Callable
from typing import Any

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave out what takes long, unless all is asked for."""
    if os.environ.get("MWAACTL_WHOLE"):
        return
    for item in items:
        if item.get_closest_marker("whole"):
            item.add_marker(pytest.mark.skip(reason="takes long: `make test-all` runs it"))


@pytest.fixture(scope="session")
def airflow_version() -> tuple[int, int]:
    """The running version, such as (3, 0)."""
    import airflow

    major, minor = airflow.__version__.split(".")[:2]
    return int(major), int(minor)


@pytest.fixture(scope="session")
def aws() -> Callable[[str], Any]:
    """boto3's client of an emulated service."""
    import boto3

    session: Any = boto3.session.Session()
    client: Callable[[str], Any] = session.client
    return client
