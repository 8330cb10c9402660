"""What of Redshift Serverless and its Data API equals AWS, and what is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mwaactl.emulator.parity.operations import others
from mwaactl.emulator.parity.row import equal, listed, refused
from mwaactl.emulator.warehouse.spectrum.catalog_views import CATALOG_VIEWS
from mwaactl.emulator.warehouse.sql.load_options import COPY, UNLOAD
from mwaactl.emulator.warehouse.sql.refusals import (
    COPY_OPTIONS,
    NODES,
    STATEMENTS,
    TYPES,
    UNLOAD_OPTIONS,
    Refusal,
)
from mwaactl.emulator.warehouse.sql.system_tables import SYSTEM_TABLES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mwaactl.emulator.parity.row import Row

DATA_API = (
    "BatchExecuteStatement",
    "CancelStatement",
    "DescribeStatement",
    "DescribeTable",
    "ExecuteStatement",
    "GetStatementResult",
    "GetStatementResultV2",
    "ListDatabases",
    "ListSchemas",
    "ListStatements",
    "ListTables",
)
"""The operations of the Data API that are answered; a test compares them with the service."""

SERVERLESS = (
    "CreateNamespace",
    "CreateWorkgroup",
    "DeleteNamespace",
    "DeleteWorkgroup",
    "GetCredentials",
    "GetNamespace",
    "GetWorkgroup",
    "ListNamespaces",
    "ListTagsForResource",
    "ListWorkgroups",
    "TagResource",
    "UntagResource",
    "UpdateNamespace",
    "UpdateWorkgroup",
)
"""The operations of Redshift Serverless that are answered; a test compares them with the service."""

# What Redshift lacks itself is refused there as well.
_LACKING_THERE = "Redshift has no"


def equal_rows() -> tuple[Row, ...]:
    """Return what a client of Redshift cannot tell from AWS."""
    return (
        equal("operations of the Data API", listed(DATA_API)),
        equal("operations of Redshift Serverless", listed(SERVERLESS)),
        equal(
            "SQL",
            "gives the rows that stand in [Redshift SQL in the emulator](../reference/redshift-sql.md)",
        ),
        equal("options of COPY", listed(COPY)),
        equal("options of UNLOAD", listed(UNLOAD)),
        equal("system tables", listed({*SYSTEM_TABLES, *CATALOG_VIEWS})),
        equal(
            "external tables",
            "of the Data Catalog: Parquet, delimited text, CSV of OpenCSVSerde, JSON; their partitions",
        ),
    )


def refused_rows() -> tuple[Row, ...]:
    """Return what Redshift takes and the emulator refuses by name."""
    unknown = "UnknownOperationException naming the operation"
    failed = "the statement fails: `the emulator does not model …`, with the reason"
    return (
        refused("other operations of the Data API", unknown, listed(others("redshift-data", DATA_API))),
        refused(
            "other operations of Redshift Serverless",
            unknown,
            listed(others("redshift-serverless", SERVERLESS)),
        ),
        refused("statements", failed, aws=_constructs(STATEMENTS.values())),
        refused("constructs of SQL", failed, aws=_constructs(NODES.values())),
        refused("data types", failed, aws=_constructs(TYPES.values())),
        refused("other options of COPY", failed, aws=listed(COPY_OPTIONS)),
        refused("other options of UNLOAD", failed, aws=listed(UNLOAD_OPTIONS)),
        refused(
            "external tables of other kinds",
            failed,
            aws="Avro, Ion, ORC, Iceberg, nested types, views of the catalog, other sources, writing, $path",
        ),
        refused("functions and system tables that are not modelled", failed),
    )


def _constructs(refusals: Iterable[Refusal]) -> str:
    names = {each.construct for each in refusals if not each.reason.startswith(_LACKING_THERE)}
    return listed(names)
