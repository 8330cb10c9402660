"""The test kit for authors of DAGs; its pytest plugin is `typed_assets.testing.plugin`."""

from typing import TYPE_CHECKING

from typed_assets.lazy_names import lazy_names

if TYPE_CHECKING:
    from typed_assets.testing.dag_runs import DagRunResult, EmittedEvent, run_dag
    from typed_assets.testing.materializing import AssetOutcome, Materialization, materialize
    from typed_assets.testing.memory import memory_services
    from typed_assets.testing.memory_s3 import MemoryS3
    from typed_assets.testing.parsing import Parsed, Reach, assert_no_effects, assert_parse_cost, parse
    from typed_assets.testing.structures import assert_structure, structure

_PLACES = {
    "dag_runs": ("DagRunResult", "EmittedEvent", "run_dag"),
    "materializing": ("AssetOutcome", "Materialization", "materialize"),
    "memory": ("memory_services",),
    "memory_s3": ("MemoryS3",),
    "parsing": ("Parsed", "Reach", "assert_no_effects", "assert_parse_cost", "parse"),
    "structures": ("assert_structure", "structure"),
}
_MODULES = {name: f"{__name__}.{module}" for module, names in _PLACES.items() for name in names}

__all__ = [
    "AssetOutcome",
    "DagRunResult",
    "EmittedEvent",
    "Materialization",
    "MemoryS3",
    "Parsed",
    "Reach",
    "assert_no_effects",
    "assert_parse_cost",
    "assert_structure",
    "materialize",
    "memory_services",
    "parse",
    "run_dag",
    "structure",
]


__getattr__ = lazy_names(__name__, _MODULES)
