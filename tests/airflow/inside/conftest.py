"""What tests inside Airflow may ask for."""

import os
from collections.abc import Callable
from typing import Any

import pytest

NEWEST = "3.3.1"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave out what takes long, and on older versions what each does alike, unless all is asked for."""
    if os.environ.get("MWAACTL_WHOLE"):
        return
    older = os.environ["AIRFLOW_UNDER_TEST"] != NEWEST
    for item in items:
        if item.get_closest_marker("whole"):
            item.add_marker(pytest.mark.skip(reason="takes long: `make test-all` runs it"))
        elif older and item.get_closest_marker("newest"):
            item.add_marker(pytest.mark.skip(reason=f"runs on {NEWEST}: `make test-all` runs it here too"))


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
