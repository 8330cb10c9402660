"""The function that cleans landed files, called in this process as Lambda calls it."""

import importlib
import json
import sys
from collections.abc import Iterable
from typing import Any

from nyc_data import ROOT

SOURCE = ROOT / "functions" / "normalise"
MODULES = ("handler", "landed_table", "csv_rows", "row_contract")


def normalised(payloads: Iterable[str]) -> list[str]:
    """Return what the function answers to each payload, as the operator that invokes it returns it."""
    sys.path.insert(0, str(SOURCE))
    try:
        handle: Any = importlib.import_module("handler").handle
        return [json.dumps(handle(json.loads(payload), None)) for payload in payloads]
    finally:
        sys.path.remove(str(SOURCE))
        for name in MODULES:
            sys.modules.pop(name, None)
