"""Assets with contracts, checks and partitions, as plain Airflow.

What an author writes becomes frozen values (`typed_assets.spec`, which imports no Airflow), and those become
ordinary operators with Airflow assets. Airflow must not load these files as plugins: it would put each of
them under its bare name into `sys.modules`. `plugins/.airflowignore` keeps it away; what Airflow shall load
stands beside this package.

The names below are what DAG files need. Each is imported when it is used first: importing this package costs
next to nothing.
"""

from typing import TYPE_CHECKING

from typed_assets.lazy_names import lazy_names

if TYPE_CHECKING:
    from typed_assets.authoring.decorators import asset, multi_asset
    from typed_assets.authoring.drafts import operator, pipeline
    from typed_assets.authoring.made import Files, Load, Sql
    from typed_assets.building import build
    from typed_assets.context import AssetContext, Run
    from typed_assets.scheduling.freshness import freshness
    from typed_assets.scheduling.router import router
    from typed_assets.spec.assets import Asset, Check, Dependency, FreshnessPolicy, Quarantine, Watcher
    from typed_assets.spec.automation import AllOf, AnyOf, Eager, Not, OnCron, OnMissing, Updated
    from typed_assets.spec.contracts import (
        Column,
        ColumnType,
        Contract,
        FreshData,
        RowCount,
        Severity,
        SqlRule,
    )
    from typed_assets.spec.errors import SpecError
    from typed_assets.spec.partitions import (
        AllPartitions,
        Daily,
        Hourly,
        Identity,
        LastPartition,
        Product,
        Rollup,
        Static,
    )
    from typed_assets.spec.pipelines import Pipeline, Retries
    from typed_assets.spec.publication import CheckResult, Record

_PLACES = {
    "authoring.decorators": ("asset", "multi_asset"),
    "authoring.drafts": ("operator", "pipeline"),
    "authoring.made": ("Files", "Load", "Sql"),
    "building": ("build",),
    "context": ("AssetContext", "Run"),
    "scheduling.freshness": ("freshness",),
    "scheduling.router": ("router",),
    "spec.assets": ("Asset", "Check", "Dependency", "FreshnessPolicy", "Quarantine", "Watcher"),
    "spec.automation": ("AllOf", "AnyOf", "Eager", "Not", "OnCron", "OnMissing", "Updated"),
    "spec.contracts": ("Column", "ColumnType", "Contract", "FreshData", "RowCount", "Severity", "SqlRule"),
    "spec.errors": ("SpecError",),
    "spec.partitions": (
        "AllPartitions",
        "Daily",
        "Hourly",
        "Identity",
        "LastPartition",
        "Product",
        "Rollup",
        "Static",
    ),
    "spec.pipelines": ("Pipeline", "Retries"),
    "spec.publication": ("CheckResult", "Record"),
}
_MODULES = {name: f"{__name__}.{module}" for module, names in _PLACES.items() for name in names}

__all__ = [
    "AllOf",
    "AllPartitions",
    "AnyOf",
    "Asset",
    "AssetContext",
    "Check",
    "CheckResult",
    "Column",
    "ColumnType",
    "Contract",
    "Daily",
    "Dependency",
    "Eager",
    "Files",
    "FreshData",
    "FreshnessPolicy",
    "Hourly",
    "Identity",
    "LastPartition",
    "Load",
    "Not",
    "OnCron",
    "OnMissing",
    "Pipeline",
    "Product",
    "Quarantine",
    "Record",
    "Retries",
    "Rollup",
    "RowCount",
    "Run",
    "Severity",
    "SpecError",
    "Sql",
    "SqlRule",
    "Static",
    "Updated",
    "Watcher",
    "asset",
    "build",
    "freshness",
    "multi_asset",
    "operator",
    "pipeline",
    "router",
]


__getattr__ = lazy_names(__name__, _MODULES)


def __dir__() -> list[str]:
    return sorted(_MODULES)
