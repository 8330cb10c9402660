"""The Lambda function's modules, imported as Lambda imports them: from their own directory."""

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[3]
SOURCE = ROOT / "functions" / "normalise"


@pytest.fixture(scope="session")
def function() -> Iterator[dict[str, ModuleType]]:
    """The function's modules by name."""
    names = ["row_contract", "csv_rows", "landed_table", "handler"]
    sys.path.insert(0, str(SOURCE))
    yield {name: importlib.import_module(name) for name in names}
    sys.path.remove(str(SOURCE))
    for name in names:
        del sys.modules[name]
