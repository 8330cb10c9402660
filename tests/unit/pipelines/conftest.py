"""The DAGs' own modules, imported as Airflow imports them: from the DAG folder."""

import importlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

DAGS = Path(__file__).parents[3] / "dags"
PACKAGES = {"nyc_flights", "reference_pipelines"}


@pytest.fixture(scope="session")
def dag_folder() -> Iterator[None]:
    """Have the DAG folder on the path, as Airflow has it."""
    sys.path.insert(0, str(DAGS))
    yield
    sys.path.remove(str(DAGS))
    for name in [name for name in sys.modules if name.partition(".")[0] in PACKAGES]:
        del sys.modules[name]


@pytest.fixture(scope="session")
def nyc_flights(dag_folder: None) -> dict[str, ModuleType]:
    """The modules that need no Airflow, by name."""
    del dag_folder
    return {
        name: importlib.import_module(f"nyc_flights.{name}") for name in ("checks", "distances", "landing")
    }


@pytest.fixture(scope="session")
def reference(dag_folder: None) -> Callable[[str], Any]:
    """Give a module of the reference pipelines by its name below their package."""
    del dag_folder
    return lambda name: importlib.import_module(f"reference_pipelines.{name}")
