"""Tables of Redshift: staged beside the table that readers see, published in one transaction.

A staging table stands in the same schema, under a name that the attempt determines. The table of an asset
with partitions has a column more, `_partition`, which tells what a later publication replaces.
"""

import time
from collections.abc import Iterator
from dataclasses import replace

from typed_assets.io.errors import NotPublishedError, NotStagedError
from typed_assets.io.files import Row
from typed_assets.io.longer_texts import longer_texts
from typed_assets.io.places import digest
from typed_assets.io.redshift_catalogue import columns_of
from typed_assets.io.redshift_types import FoundColumn, staging_type, target_type
from typed_assets.io.shared_tables import TableChange, run_beside_others
from typed_assets.io.sql_text import identifier, identifiers, literal, table_name
from typed_assets.io.statements import Field, warehouse_of
from typed_assets.services import Services
from typed_assets.spec.asset_rules import PARTITION_COLUMN
from typed_assets.spec.assets import Asset
from typed_assets.spec.contracts import Contract
from typed_assets.spec.errors import SpecError
from typed_assets.spec.locations import RedshiftTable
from typed_assets.spec.values import parse
from typed_assets.staging import Staged

# ruff: noqa: S608 - names and values are quoted by `sql_text`

_PARTITION_TYPE = "VARCHAR(512)"
_LONGEST_STEM = 90


def staging_table(place: RedshiftTable, token: str) -> RedshiftTable:
    """Return the staging table of one attempt."""
    stem = place.table.encode()[:_LONGEST_STEM].decode(errors="ignore")
    return replace(place, table=f"{stem}__staged_{digest(token)}")


def accepted_table(place: RedshiftTable, token: str) -> RedshiftTable:
    """Return the table of what may be published of one attempt, where bad rows are put aside."""
    stem = place.table.encode()[:_LONGEST_STEM].decode(errors="ignore")
    return replace(place, table=f"{stem}__accepted_{digest(token)}")


def uri(table: RedshiftTable) -> str:
    """Return a table as a URI."""
    return f"redshift://{table.workgroup}/{table.database}/{table.schema}/{table.table}"


def contract_of(asset: Asset) -> Contract:
    """Return the contract that a table is made from.

    Raises:
        SpecError: there is none.
    """
    if asset.contract is None or not asset.contract.columns:
        message = f"asset `{asset.name}` needs a contract: a table is made of its columns"
        raise SpecError(message)
    return asset.contract


def fresh_table(asset: Asset, staging: RedshiftTable, names: tuple[str, ...]) -> list[str]:
    """Return the statements that make an empty staging table of columns of a contract, in this order."""
    types = {column.name: staging_type(column) for column in contract_of(asset).columns}
    columns = ", ".join(f"{identifier(name)} {types[name]}" for name in names)
    return [*room(staging), f"CREATE TABLE {table_name(staging)} ({columns})"]


def room(staging: RedshiftTable) -> list[str]:
    """Return the statements that make room for a staging table."""
    schema = f"CREATE SCHEMA IF NOT EXISTS {identifier(staging.schema)}"
    return [schema, f"DROP TABLE IF EXISTS {table_name(staging)}"]


def stage_select(
    asset: Asset, place: RedshiftTable, select: str, *, services: Services, token: str, partition: str | None
) -> Staged:
    """Make a staging table of what a SELECT gives; see `typed_assets.io.stage_sql`."""
    began = time.monotonic()
    staging = staging_table(place, token)
    query = select.strip().rstrip(";").rstrip()
    made = f"CREATE TABLE {table_name(staging)} AS\n{query}"
    warehouse_of(place, services).batch([*room(staging), made], token)
    return staged_table(asset, staging, token, partition, began)


def staged_table(
    asset: Asset,
    staging: RedshiftTable,
    token: str,
    partition: str | None,
    began: float,
    *,
    rows: int | None = None,
    size: int | None = None,
) -> Staged:
    """Return a staging table as what is staged; `began` is the monotonic time when writing did."""
    return Staged(
        asset=asset.name,
        partition=partition,
        token=token,
        place=uri(staging),
        rows=rows,
        bytes=size,
        seconds=round(time.monotonic() - began, 3),
    )


def publish(asset: Asset, place: RedshiftTable, staged: Staged, *, services: Services) -> None:
    """Bring a staging table into the table that readers see; see `typed_assets.io.publish`."""
    named = accepted_table if asset.quarantine else staging_table
    warehouse, staging = warehouse_of(place, services), named(place, staged.token)
    found, before = columns_of(warehouse, staging, place)
    if not found:
        raise NotStagedError(uri(staging))
    filled = _filled(asset, place, staging, [column.name for column in found], staged)

    def look() -> tuple[FoundColumn, ...]:
        return columns_of(warehouse, place)[0]

    def change(there: tuple[FoundColumn, ...]) -> TableChange:
        longer = longer_texts(asset, place, found, there)
        return TableChange(_target(asset, place, found, there, staged.partition), filled, tuple(longer))

    run_beside_others(warehouse, before, look, change, staged.token)


def _target(
    asset: Asset,
    place: RedshiftTable,
    found: tuple[FoundColumn, ...],
    there: tuple[FoundColumn, ...],
    partition: str | None,
) -> list[str]:
    """The statements that make the table, or add the columns that it has not yet."""
    types = (
        {column.name.lower(): target_type(column) for column in asset.contract.columns}
        if asset.contract
        else {}
    )
    wanted = {column.name: types.get(column.name.lower(), column.sql) for column in found}
    if partition is not None:
        wanted[PARTITION_COLUMN] = _PARTITION_TYPE
    columns = ", ".join(f"{identifier(name)} {kind}" for name, kind in wanted.items())
    known = {column.name.lower() for column in there} if there else {name.lower() for name in wanted}
    return [
        f"CREATE TABLE IF NOT EXISTS {table_name(place)} ({columns})",
        *(
            f"ALTER TABLE {table_name(place)} ADD COLUMN {identifier(name)} {kind}"
            for name, kind in wanted.items()
            if name.lower() not in known
        ),
    ]


def _filled(
    asset: Asset, place: RedshiftTable, staging: RedshiftTable, names: list[str], staged: Staged
) -> list[str]:
    target, source, columns = table_name(place), table_name(staging), identifiers(names)
    if staged.partition is not None:
        key, marker = literal(staged.partition), identifier(PARTITION_COLUMN)
        return [
            f"DELETE FROM {target} WHERE {marker} = {key}",
            f"INSERT INTO {target} ({columns}, {marker}) SELECT {columns}, {key} FROM {source}",
        ]
    if asset.contract and asset.contract.keys:
        return [_merge(asset.contract, place, staging, names)]
    return [f"DELETE FROM {target}", f"INSERT INTO {target} ({columns}) SELECT {columns} FROM {source}"]


def _merge(contract: Contract, place: RedshiftTable, staging: RedshiftTable, names: list[str]) -> str:
    """MERGE by the first key; see https://docs.aws.amazon.com/redshift/latest/dg/r_MERGE.html."""
    keys = contract.keys[0]
    for column in contract.columns:
        if column.name in keys and column.nullable:
            message = f"key column `{column.name}` may be missing, so that MERGE would not find its row again"
            raise SpecError(message, hint="set `nullable` to false, or put another key first")
    target, own = table_name(place), identifier(place.table)
    matched = " AND ".join(f"{own}.{identifier(key)} = s.{identifier(key)}" for key in keys)
    lowered = {key.lower() for key in keys}
    others = [name for name in names if name.lower() not in lowered] or [keys[0]]
    values = ", ".join(f"{identifier(name)} = s.{identifier(name)}" for name in others)
    new = ", ".join(f"s.{identifier(name)}" for name in names)
    return (
        f"MERGE INTO {target} USING {table_name(staging)} s ON {matched} "
        f"WHEN MATCHED THEN UPDATE SET {values} "
        f"WHEN NOT MATCHED THEN INSERT ({identifiers(names)}) VALUES ({new})"
    )


def discard(asset: Asset, place: RedshiftTable, staged: Staged, *, services: Services) -> None:
    """Drop the staging table of an attempt, and what was accepted of it, if they are there."""
    tables = [staging_table(place, staged.token)]
    tables += [accepted_table(place, staged.token)] if asset.quarantine else []
    sqls = [f"DROP TABLE IF EXISTS {table_name(table)}" for table in tables]
    warehouse_of(place, services).batch(sqls, staged.token)


def read(asset: Asset, place: RedshiftTable, *, services: Services, partition: str | None) -> Iterator[Row]:
    """Yield the rows of a table, or of one partition in it; see `typed_assets.io.read`."""
    warehouse = warehouse_of(place, services)
    found, _ = columns_of(warehouse, place)
    names = [column.name for column in found if column.name != PARTITION_COLUMN]
    if not names or (partition is not None and len(names) == len(found)):
        what = asset.name if partition is None else f"partition {partition} of {asset.name}"
        message = f"{what} has not been published"
        raise NotPublishedError(message, hint=f"its place is {uri(place)}")
    where, parameters = "", {}
    if partition is not None:
        where, parameters = f" WHERE {identifier(PARTITION_COLUMN)} = :key", {"key": partition}
    sql = f"SELECT {identifiers(names)} FROM {table_name(place)}{where}"
    yield from _typed(asset, names, warehouse.rows(sql, parameters))


def _typed(asset: Asset, names: list[str], rows: Iterator[list[Field]]) -> Iterator[Row]:
    columns = {column.name.lower(): column for column in asset.contract.columns} if asset.contract else {}
    known = [columns.get(name.lower()) for name in names]
    keys = [name if column is None else column.name for name, column in zip(names, known, strict=True)]
    for values in rows:
        yield {
            key: value if value is None or column is None else parse(column.type, value)
            for key, column, value in zip(keys, known, values, strict=True)
        }
