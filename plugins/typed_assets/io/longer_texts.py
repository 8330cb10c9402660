"""Columns of text that have become longer than a table has them.

Redshift changes the length of a VARCHAR only outside of a transaction block, and no other type at all:
https://docs.aws.amazon.com/redshift/latest/dg/r_ALTER_TABLE.html
"""

from collections.abc import Iterator

from typed_assets.io.redshift_types import MAX_TEXT, FoundColumn, bounded_length
from typed_assets.io.sql_text import identifier, table_name
from typed_assets.spec.assets import Asset
from typed_assets.spec.contracts import ColumnType
from typed_assets.spec.locations import RedshiftTable

_VARCHAR = "character varying"


def longer_texts(
    asset: Asset, place: RedshiftTable, staged: tuple[FoundColumn, ...], there: tuple[FoundColumn, ...]
) -> Iterator[str]:
    """Yield the statements that make columns of a table as long as they shall be; each runs by itself.

    Args:
        asset: that the table is made of.
        place: the table.
        staged: the columns of what is to be published.
        there: those of the table; none where it is not there.
    """
    present = {column.name.lower(): column for column in there if column.data_type == _VARCHAR}
    for column in staged:
        length, known = _length(asset, column), present.get(column.name.lower())
        if known is not None and length is not None and length > (known.length or MAX_TEXT):
            change = f"ALTER COLUMN {identifier(known.name)} TYPE VARCHAR({length})"
            yield f"ALTER TABLE {table_name(place)} {change}"


def _length(asset: Asset, staged: FoundColumn) -> int | None:
    """The bytes of a column of text: as its contract says, else as it is staged; None of another type."""
    for column in asset.contract.columns if asset.contract else ():
        if column.name.lower() == staged.name.lower():
            return bounded_length(column) if column.type is ColumnType.TEXT else None
    return staged.length if staged.data_type == _VARCHAR else None
