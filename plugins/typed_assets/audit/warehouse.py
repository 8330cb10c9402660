"""Checks a staging table against a contract: its columns by the catalogue, all rules in one SELECT.

With a quarantine it is parted before, and the SELECT reads what may be published.
"""

import sys
from dataclasses import replace
from pathlib import Path

from typed_assets.audit.aggregate import NEWEST, aggregates
from typed_assets.audit.measured import Measured, results, schema_hash
from typed_assets.audit.quarantine_table import part, quarantine_table
from typed_assets.io.errors import NotStagedError
from typed_assets.io.redshift_catalogue import columns_of
from typed_assets.io.redshift_tables import accepted_table, staging_table, uri
from typed_assets.io.redshift_types import FoundColumn
from typed_assets.io.sql_text import table_name
from typed_assets.io.statements import Field, as_date, warehouse_of
from typed_assets.services import Services
from typed_assets.spec.assets import Asset
from typed_assets.spec.contracts import Contract, SqlRule
from typed_assets.spec.errors import SpecError
from typed_assets.spec.locations import RedshiftTable
from typed_assets.staging import Audit, Staged


def audit_table(asset: Asset, place: RedshiftTable, staged: Staged, *, services: Services) -> Audit:
    """Check a staging table; see `typed_assets.audit.audit`."""
    quarantine = quarantine_table(asset, place, services)
    warehouse, staging = warehouse_of(place, services), staging_table(place, staged.token)
    contract = _with_checks(asset)
    found, _ = columns_of(warehouse, staging)
    if not found:
        raise NotStagedError(uri(staging))
    measured = _schema(contract, found)
    usable = contract.names - measured.absent - measured.wrong_types.keys()
    checked = staging
    if quarantine:
        parted = part(asset, place, quarantine, staged, found, usable, services=services)
        measured = replace(measured, quarantined=parted.quarantined, moved=parted.moved)
        checked = accepted_table(place, staged.token)
    for query in aggregates(contract, table_name(checked), usable):
        (row,) = warehouse.rows(query.sql, query.parameters)
        measured = _counted(measured, query.names, row)
    share = asset.quarantine.max_share if asset.quarantine else None
    told = asset.contract or contract.rules
    return Audit(
        checks=results(contract, measured, services.now(), max_share=share) if told else (),
        rows=measured.rows,
        schema_hash=schema_hash(measured.columns),
        quarantined=measured.quarantined,
    )


def _with_checks(asset: Asset) -> Contract:
    """The contract with the asset's checks that are SQL files, as rules."""
    contract = asset.contract or Contract(columns=())
    own = (
        SqlRule(name=check.name, sql=sql_text(check.run), severity=check.severity)
        for check in asset.checks
        if check.run.endswith(".sql")
    )
    return replace(contract, rules=(*contract.rules, *own))


def sql_text(path: str) -> str:
    """Return the SQL of a file; one that is not absolute is looked for where modules of DAGs are.

    Raises:
        SpecError: there is no such file.
    """
    folders = [Path(), *(Path(folder) for folder in sys.path if folder)]
    for folder in folders:
        file = folder / path
        if file.is_file():
            return file.read_text(encoding="utf-8")
    message = f"there is no file `{path}`"
    raise SpecError(message, hint="name it as it stands below the DAG folder")


def _schema(contract: Contract, found: tuple[FoundColumn, ...]) -> Measured:
    """Compare names without case: Redshift folds them."""
    by_name = {column.name.lower(): column for column in found}
    own = {column.name.lower(): column.name for column in contract.columns}
    wrong = {
        column.name: there.data_type
        for column in contract.columns
        if (there := by_name.get(column.name.lower())) and not there.suits(column.type)
    }
    kinds = {column.name: column.type.value for column in contract.columns}
    columns = {
        own.get(name, there.name): kinds[own[name]]
        if name in own and own[name] not in wrong
        else there.family
        for name, there in by_name.items()
    }
    absent = frozenset(column.name for column in contract.columns if column.name.lower() not in by_name)
    return Measured(rows=0, columns=columns, absent=absent, wrong_types=wrong)


def _counted(measured: Measured, names: tuple[str, ...], row: list[Field]) -> Measured:
    rows, *values = row
    counts, newest = dict(measured.violations), measured.newest
    for name, value in zip(names, values, strict=True):
        if name == NEWEST:
            newest = as_date(value)
        else:
            counts[name] = int(value or 0)
    return replace(measured, rows=int(rows or 0), violations=counts, newest=newest)
