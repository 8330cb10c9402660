"""Moves many tables from one schema of the warehouse to another, goes on where it stopped, and proves it.

- `move` is mapped over the tables of `reference_pipelines/warehouse_migration/tables.py`: each is unloaded
  to `lake/migration/` as Parquet and copied into its new place in one transaction. A table whose rows and
  checksum are the same on both sides is left alone, so a second run, and a run after a failure, moves only
  what is missing or has changed since.
- `migration.reconciliation` counts rows and takes checksums on both sides once more. Its contract demands
  that they agree for every table: where they do not, the run fails and nothing downstream may trust the new
  tables.

Checksums are sums over the MD5 of each row, so that neither the order of rows nor where they lie matters.
"""

from reference_pipelines.settings import ARGUMENTS, DEFAULTS, OWNERS, Rows
from reference_pipelines.warehouse_migration.reconciliation import RECONCILIATION
from reference_pipelines.warehouse_migration.steps import move_table
from reference_pipelines.warehouse_migration.tables import TABLES
from typed_assets import AssetContext, asset, build, operator, pipeline

with pipeline(
    "warehouse_migration",
    description="Tables from one schema to another, reconciled by counts and checksums",
    documentation=__doc__,
    tags=("reference", "migration"),
    owners=OWNERS,
    arguments=ARGUMENTS,
    default_arguments=DEFAULTS,
) as migration:
    move = operator(
        "move",
        "airflow.providers.standard.operators.python.PythonOperator",
        python_callable=move_table,
        max_active_tis_per_dag=4,
        map_index_template="{{ task.op_args[0] }}",
        expand={"op_args": [[table] for table in TABLES]},
    )

    @asset(
        name="migration.reconciliation",
        uri="s3://{data_bucket}/lake/migration_reconciliation/",
        owners=OWNERS,
        group="flights",
        contract=RECONCILIATION,
        after=[move],
    )
    def reconciliation(context: AssetContext) -> Rows:
        """Rows and checksums of every table on both sides."""
        from reference_pipelines.warehouse_migration.steps import reconciled

        return reconciled(context.services)


warehouse_migration = build(migration)
