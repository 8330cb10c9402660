"""Which columns tables have, from Redshift's catalogue."""

from typed_assets.io.redshift_types import FoundColumn
from typed_assets.io.statements import Warehouse
from typed_assets.spec.locations import RedshiftTable

_COLUMNS = (
    "SELECT table_name, column_name, data_type, character_maximum_length, numeric_precision, numeric_scale "
    "FROM svv_columns WHERE LOWER(table_schema) = :schema AND LOWER(table_name) IN (:one, :other) "
    "ORDER BY table_name, ordinal_position"
)


def columns_of(
    warehouse: Warehouse, table: RedshiftTable, other: RedshiftTable | None = None
) -> tuple[tuple[FoundColumn, ...], tuple[FoundColumn, ...]]:
    """Return the columns of a table, and of another one in the same schema; none where it is not there.

    Names of tables are compared without case, because Redshift folds them.
    """
    one, two = table.table.lower(), (other or table).table.lower()
    parameters = {"schema": table.schema.lower(), "one": one, "other": two}
    rows = list(warehouse.rows(_COLUMNS, parameters))
    found = {name: tuple(_column(row) for row in rows if str(row[0]).lower() == name) for name in (one, two)}
    return found[one], found[two] if other else ()


def _column(row: list[str | int | float | bool | None]) -> FoundColumn:
    length, precision, scale = (None if value is None else int(value) for value in row[3:])
    return FoundColumn(str(row[1]), str(row[2]), length, precision, scale)
