"""The pytest plugin: `pytest -p typed_assets.testing.plugin`, or `pytest_plugins` in conftest.py.

Tests get an Airflow home of their own before Airflow is imported, so that none writes to a real database.
"""

import os
import shutil
from pathlib import Path
from tempfile import mkdtemp

import pytest

from typed_assets.services import Services
from typed_assets.testing.airflow_home import HOME, variables
from typed_assets.testing.memory import memory_services
from typed_assets.testing.structures import UPDATE

_KEEP = "--keep-airflow-home"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options."""
    group = parser.getgroup("typed_assets", "assets and DAGs")
    group.addoption(
        "--update-structures", action="store_true", help="write the files of assert_structure anew"
    )
    group.addoption(
        _KEEP, action="store_true", help="use the AIRFLOW_HOME and the database of the environment"
    )


def pytest_configure(config: pytest.Config) -> None:
    """Set the environment, before tests import Airflow."""
    if config.getoption("--update-structures", default=False):
        os.environ[UPDATE] = "1"
    if not config.getoption(_KEEP, default=False) and HOME not in os.environ:
        home = Path(mkdtemp(prefix="typed-assets-airflow-"))
        os.environ |= variables(home)
        config.add_cleanup(lambda: _forget(home))


def _forget(home: Path) -> None:
    os.environ.pop(HOME, None)
    shutil.rmtree(home, ignore_errors=True)


@pytest.fixture
def services() -> Services:
    """Services in memory, empty for each test."""
    return memory_services()
