"""The DAGs' own modules, imported as Airflow imports them: from the DAG folder."""

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

DAGS = Path(__file__).parents[3] / "dags"


@pytest.fixture(scope="session")
def nyc_flights() -> Iterator[dict[str, ModuleType]]:
    """The modules that need no Airflow, by name."""
    sys.path.insert(0, str(DAGS))
    yield {name: importlib.import_module(f"nyc_flights.{name}") for name in ("audit", "landing")}
    sys.path.remove(str(DAGS))
    for name in [name for name in sys.modules if name.partition(".")[0] == "nyc_flights"]:
        del sys.modules[name]
