"""A staging table parted in two: rows that break a blocking rule go to the quarantine, with the reason.

The staging table stays as it was, so that checking the same attempt again gives the same. What may be
published stands in a table beside it.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC

from typed_assets.audit.long_words import words_of
from typed_assets.audit.marks import BLOCKING, MARKS, WARNING, Marks
from typed_assets.io.errors import DataError
from typed_assets.io.places import digest
from typed_assets.io.redshift_catalogue import columns_of
from typed_assets.io.redshift_tables import accepted_table, staging_table, uri
from typed_assets.io.redshift_types import MAX_TEXT, FoundColumn
from typed_assets.io.shared_tables import TableChange, run_beside_others
from typed_assets.io.sql_text import identifier, identifiers, literal, table_name
from typed_assets.io.statements import Warehouse, warehouse_of
from typed_assets.services import Services
from typed_assets.spec.assets import Asset
from typed_assets.spec.contracts import ColumnType, Contract
from typed_assets.spec.errors import SpecError
from typed_assets.spec.locations import RedshiftTable, filled, location
from typed_assets.staging import Staged

# ruff: noqa: S608 - names and values are quoted by `sql_text`

_OWN: Mapping[str, str] = {
    "_asset": "VARCHAR(512)",
    "_partition": "VARCHAR(512)",
    "_attempt": "VARCHAR(16)",
    "_at": "TIMESTAMP",
    "_rules": f"VARCHAR({MAX_TEXT})",
    "_reasons": f"VARCHAR({MAX_TEXT})",
}
"""The columns that a quarantine has beside those of the rows."""


@dataclass(frozen=True, slots=True)
class Parted:
    """What parting has counted: the bad rows, and how many break each rule, by its name."""

    quarantined: int
    moved: Mapping[str, int]


def quarantine_table(asset: Asset, place: RedshiftTable, services: Services) -> RedshiftTable | None:
    """Return where bad rows of a table go, or None without a quarantine.

    Raises:
        SpecError: it is not another table of the same database, so that one transaction could fill both.
    """
    if asset.quarantine is None:
        return None
    found = location(filled(asset.quarantine.uri, services.options))
    same = isinstance(found, RedshiftTable) and (found.workgroup, found.database) == (
        place.workgroup,
        place.database,
    )
    if not same or found == place or not isinstance(found, RedshiftTable):
        message = f"the quarantine of asset `{asset.name}` must be another table of the same database"
        raise SpecError(message, hint=f"its own table is {uri(place)}")
    return found


def part(
    asset: Asset,
    place: RedshiftTable,
    quarantine: RedshiftTable,
    staged: Staged,
    found: tuple[FoundColumn, ...],
    usable: Collection[str],
    *,
    services: Services,
) -> Parted:
    """Part what is staged, and put what is bad into the quarantine; parting again replaces what was put.

    Args:
        asset: with the contract.
        place: of its table.
        quarantine: where bad rows go.
        staged: what a writer has left.
        found: the columns of the staging table.
        usable: names of the contract's columns that are there and of their type.
        services: of the environment.

    Raises:
        SpecError: a column has a name that the quarantine needs for itself.
        DataError: the quarantine is there and is none, or has a column of another type.
    """
    warehouse = warehouse_of(place, services)
    _refuse_own_names(asset, found)
    marks = Marks.of(asset.contract or Contract(columns=()), usable)
    names = [column.name for column in found]
    accepted = table_name(accepted_table(place, staged.token))
    select = marks.select(table_name(staging_table(place, staged.token)), names, usable)
    warehouse.batch([*_empty(accepted, found), f"INSERT INTO {accepted}\n{select}"], staged.token)
    parted = _counted(warehouse, marks, accepted)
    moved, own = list[str](), tuple[str, ...]()
    if parted.quarantined:
        rules, reasons, own = words_of(marks, warehouse, accepted, staged.token)
        values = f"{_attempt(asset, staged, services)}, {rules}, {reasons}"
        moved = [
            _filled(quarantine, names, accepted, values),
            f"DELETE FROM {accepted} WHERE {BLOCKING} <> ''",
        ]
    dropped = [f"ALTER TABLE {accepted} DROP COLUMN {name}" for name in (BLOCKING, WARNING, *own)]

    def look() -> tuple[FoundColumn, ...]:
        return columns_of(warehouse, quarantine)[0]

    def change(there: tuple[FoundColumn, ...]) -> TableChange:
        _refuse_other_tables(quarantine, there)
        replaced = _replaced(warehouse, asset, quarantine, staged, there, always=parted.quarantined > 0)
        if not parted.quarantined:
            return TableChange([], [*replaced, *dropped])
        return TableChange(_room(quarantine, found, there), [*replaced, *moved, *dropped])

    run_beside_others(warehouse, look(), look, change, staged.token)
    return parted


def _empty(table: str, found: tuple[FoundColumn, ...]) -> list[str]:
    """What makes the table of all rows with their marks.

    CREATE TABLE AS might distribute or sort it by the marks, which could not be dropped then.
    https://docs.aws.amazon.com/redshift/latest/dg/r_CTAS_usage_notes.html
    """
    kinds = {identifier(column.name): column.sql for column in found} | dict.fromkeys(
        (BLOCKING, WARNING), MARKS
    )
    columns = ", ".join(f"{name} {kind}" for name, kind in kinds.items())
    return [f"DROP TABLE IF EXISTS {table}", f"CREATE TABLE {table} ({columns}) DISTSTYLE EVEN"]


def _refuse_own_names(asset: Asset, found: tuple[FoundColumn, ...]) -> None:
    for column in found:
        if column.name.lower() in _OWN:
            message = f"asset `{asset.name}` has the column `{column.name}`, which its quarantine needs"
            raise SpecError(message, hint="rename the column, or take the quarantine away")


def _refuse_other_tables(quarantine: RedshiftTable, there: tuple[FoundColumn, ...]) -> None:
    if there and not _OWN.keys() <= {column.name.lower() for column in there}:
        message = f"{uri(quarantine)} is there already, and is no quarantine"
        raise DataError(message, hint="name a table of the quarantine's own: it is made")


def _counted(warehouse: Warehouse, marks: Marks, table: str) -> Parted:
    (row,) = warehouse.rows(marks.counts(table))
    rows, *counts = (int(value or 0) for value in row)
    moved = {rule.name: count for rule, count in zip(marks.rules, counts, strict=True)}
    return Parted(rows, moved)


def _replaced(
    warehouse: Warehouse,
    asset: Asset,
    quarantine: RedshiftTable,
    staged: Staged,
    there: tuple[FoundColumn, ...],
    *,
    always: bool,
) -> list[str]:
    """What takes away the rows that the same attempt put there before.

    Where it puts none itself it looks first, and does not wait for the lock of a table that others fill:
    https://docs.aws.amazon.com/redshift/latest/dg/c_serial_isolation.html
    """
    if not there:
        return []
    attempt = f"_asset = {literal(asset.name)} AND _attempt = {literal(digest(staged.token))}"
    rows = f"FROM {table_name(quarantine)} WHERE {attempt}"
    if not always and not next(warehouse.rows(f"SELECT COUNT(*) {rows}"))[0]:
        return []
    return [f"DELETE {rows}"]


def _room(
    quarantine: RedshiftTable, found: tuple[FoundColumn, ...], there: tuple[FoundColumn, ...]
) -> list[str]:
    """What makes the quarantine, or gives it the columns that it has not yet."""
    wanted = {**_OWN, **{column.name: _kept_type(column) for column in found}}
    known = {column.name.lower(): column for column in there}
    _refuse_other_types(quarantine, found, known)
    if there:
        return [
            f"ALTER TABLE {table_name(quarantine)} ADD COLUMN {identifier(name)} {kind}"
            for name, kind in wanted.items()
            if name.lower() not in known
        ]
    columns = ", ".join(f"{identifier(name)} {kind}" for name, kind in wanted.items())
    return [
        f"CREATE SCHEMA IF NOT EXISTS {identifier(quarantine.schema)}",
        f"CREATE TABLE IF NOT EXISTS {table_name(quarantine)} ({columns})",
    ]


def _kept_type(column: FoundColumn) -> str:
    """The type in which nothing of a column's values is lost, nor of those that come later."""
    return f"VARCHAR({MAX_TEXT})" if _is_text(column) else column.sql


def _is_text(column: FoundColumn) -> bool:
    return column.family == ColumnType.TEXT.value


def _refuse_other_types(
    quarantine: RedshiftTable, found: tuple[FoundColumn, ...], known: Mapping[str, FoundColumn]
) -> None:
    for column in found:
        there = known.get(column.name.lower())
        if there is None or there.sql == column.sql or (_is_text(there) and _is_text(column)):
            continue
        message = (
            f"the quarantine {uri(quarantine)} has `{there.name}` as {there.sql}, and the rows have it as "
            f"{column.sql}"
        )
        raise DataError(message, hint="rename the quarantine: it is made anew")


def _attempt(asset: Asset, staged: Staged, services: Services) -> str:
    """The values of the first four columns of the quarantine's own."""
    partition = "NULL" if staged.partition is None else literal(staged.partition)
    at = services.now().astimezone(UTC).replace(tzinfo=None).isoformat(sep=" ", timespec="seconds")
    return f"{literal(asset.name)}, {partition}, {literal(digest(staged.token))}, TIMESTAMP '{at}'"


def _filled(quarantine: RedshiftTable, names: list[str], accepted: str, values: str) -> str:
    columns = identifiers(names)
    return (
        f"INSERT INTO {table_name(quarantine)} ({', '.join(_OWN)}, {columns}) "
        f"SELECT {values}, {columns} FROM {accepted} WHERE {BLOCKING} <> ''"
    )
