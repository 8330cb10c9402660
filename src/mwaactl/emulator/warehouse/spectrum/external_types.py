"""The types of the Data Catalog, Hive's, as Redshift's.

https://docs.aws.amazon.com/redshift/latest/dg/r_CREATE_EXTERNAL_TABLE.html
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mwaactl.emulator.warehouse.faults import Refused
from mwaactl.emulator.warehouse.types import MAX_VARCHAR, parse_declared

if TYPE_CHECKING:
    from mwaactl.emulator.warehouse.types import RedshiftType

_DECLARED = {
    "bigint": "bigint",
    "binary": "varbyte",
    "boolean": "boolean",
    "char": "char(1)",
    "date": "date",
    "decimal": "numeric(10,0)",  # Hive's
    "double": "double precision",
    "float": "real",
    "int": "integer",
    "integer": "integer",
    "smallint": "smallint",
    "string": f"varchar({MAX_VARCHAR})",
    "timestamp": "timestamp",
    "tinyint": "smallint",
    "varchar": f"varchar({MAX_VARCHAR})",
}
_SIZED = re.compile(r"(char|varchar|decimal|numeric)\s*\(([\d,\s]+)\)")


def external_type(table: str, column: str, written: str) -> RedshiftType:
    """Return the type that a catalog's column has in queries.

    Args:
        table: The table, for the message.
        column: The column, for the message.
        written: Its type in the catalog, such as `string` or `decimal(10,2)`.

    Raises:
        Refused: If the type is not modelled: arrays, maps, structures.
    """
    name = written.strip().lower()
    sized = _SIZED.fullmatch(name)
    if sized:
        return parse_declared(f"{sized[1].replace('decimal', 'numeric')}({sized[2]})")
    if name not in _DECLARED:
        msg = f"the type {written} of column {column} of external table {table}"
        raise Refused(msg, "nested data is not modelled: give the column a simple type")
    return parse_declared(_DECLARED[name])


def catalog_type(declared: str) -> str:
    """Return how the catalog writes a type of CREATE EXTERNAL TABLE."""
    name = " ".join(declared.lower().split())
    known = {
        "integer": "int",
        "double precision": "double",
        "real": "float",
        "bool": "boolean",
        "int2": "smallint",
        "int4": "int",
        "int8": "bigint",
    }
    name = re.sub(r"^(character varying|nvarchar)\b", "varchar", name)
    name = re.sub(r"^numeric\b", "decimal", name)
    return known.get(name, name)
