"""Moves a table and compares both sides, through the warehouse's Data API."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from reference_pipelines import warehouse
from reference_pipelines.warehouse_migration.tables import (
    SOURCE_SCHEMA,
    TABLES,
    TARGET_SCHEMA,
    Fingerprint,
    fingerprint_sql,
    move_sql,
)

if TYPE_CHECKING:
    from typed_assets.services import Services


def move_table(table: str) -> str:
    """Move a table, as a task of Airflow; return what was done."""
    from typed_assets.building.services import airflow_services

    return move(airflow_services(), table)


def move(services: "Services", table: str) -> str:
    """Move a table unless it has arrived already; return `moved` or `was there`."""
    if fingerprint(services, TARGET_SCHEMA, table) == fingerprint(services, SOURCE_SCHEMA, table):
        return "was there"
    prefix = f"s3://{services.option('data_bucket')}/lake/migration/{table}/"
    unload, load = move_sql(table, prefix, services.option("warehouse_copy_role_arn"))
    warehouse.run(services, unload)
    warehouse.run(services, *load)
    return "moved"


def reconciled(services: "Services") -> Iterator[dict[str, Any]]:
    """Yield for every table what stands on each side and whether it is the same."""
    return (compared(services, table) for table in TABLES)


def compared(services: "Services", table: str) -> dict[str, Any]:
    """Return what stands on each side of a table and whether it is the same."""
    source = fingerprint(services, SOURCE_SCHEMA, table) or Fingerprint(0, "")
    target = fingerprint(services, TARGET_SCHEMA, table) or Fingerprint(0, "")
    return {
        "table_name": table,
        "source_rows": source.rows,
        "target_rows": target.rows,
        "source_checksum": source.checksum,
        "target_checksum": target.checksum,
        "agrees": source == target,
    }


def fingerprint(services: "Services", schema: str, table: str) -> Fingerprint | None:
    """Return a table's fingerprint, or None where the target does not exist yet.

    Raises:
        StatementError: the source cannot be read.
    """
    if schema == TARGET_SCHEMA and not _exists(services, schema, table):
        return None
    [[row]] = warehouse.run(services, fingerprint_sql(schema, table))
    return Fingerprint.of(row)


def _exists(services: "Services", schema: str, table: str) -> bool:
    [[found]] = warehouse.run(
        services,
        "SELECT COUNT(*) AS found FROM information_schema.tables "  # noqa: S608 - names of our own
        f"WHERE table_schema = '{schema}' AND table_name = '{table}'",
    )
    return bool(int(found["found"]))
