"""Brings delays of carriers out of the warehouse: to the lake, and to the table that applications read."""

from decimal import Decimal
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from reference_pipelines import warehouse
from reference_pipelines.reverse_etl.items import put_items

if TYPE_CHECKING:
    from typed_assets.services import Services

DATASET = "delay_by_carrier"
_SQL = files(__package__) / "sql"


def unload(services: "Services") -> int:
    """Have the warehouse write the mart to the lake as Parquet; return how many rows the mart has."""
    query = _text("carriers")
    statement = _text("unload").format(query=query.replace("'", "''"), **services.options)
    count = f"SELECT COUNT(*) AS found FROM ({query}) AS mart"  # noqa: S608 - a file of our own
    [counted], _ = warehouse.run(services, count, statement)
    return int(counted["found"])


def serve(services: "Services") -> dict[str, int]:
    """Make the items of the serving table those of the mart; return how many were put and deleted."""
    [rows] = warehouse.run(services, _text("carriers"))
    items = {row["carrier"]: {name: _item_value(value) for name, value in row.items()} for row in rows}
    table = services.option("serving_table")
    return put_items(services.client("dynamodb"), table, DATASET, items)


def _text(name: str) -> str:
    return (_SQL / f"{name}.sql").read_text(encoding="utf-8").strip()


def _item_value(value: Any) -> Any:  # noqa: ANN401 - DynamoDB takes decimals and no floats
    return Decimal(str(value)) if isinstance(value, float) else value
