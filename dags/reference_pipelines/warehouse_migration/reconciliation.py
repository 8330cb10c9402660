"""What the proof of a migration is: every table once, and the same on both sides."""

from reference_pipelines.warehouse_migration.tables import TABLES
from typed_assets import Column, ColumnType, Contract, RowCount

RECONCILIATION = Contract(
    columns=(
        Column(name="table_name", type=ColumnType.TEXT, unique=True, allowed=tuple(TABLES)),
        Column(name="source_rows", type=ColumnType.INTEGER, minimum=0),
        Column(name="target_rows", type=ColumnType.INTEGER, minimum=0),
        Column(name="source_checksum", type=ColumnType.TEXT),
        Column(name="target_checksum", type=ColumnType.TEXT),
        Column(name="agrees", type=ColumnType.BOOLEAN, allowed=(True,)),
    ),
    rows=RowCount(minimum=len(TABLES), maximum=len(TABLES)),
    closed=True,
)
