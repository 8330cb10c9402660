"""Files on S3 into tables of Redshift, by COPY with a manifest and a role."""

import time
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import replace
from functools import partial
from itertools import chain
from typing import Any

from typed_assets.io import s3_datasets
from typed_assets.io.errors import DataError
from typed_assets.io.files import Form, form_of, rows_of
from typed_assets.io.load_errors import load_error
from typed_assets.io.manifests import manifest_body
from typed_assets.io.objects import Bucket, FoundObject
from typed_assets.io.parquet_schema import parquet_columns
from typed_assets.io.places import MANIFEST, staging_prefix
from typed_assets.io.redshift_tables import contract_of, fresh_table, staged_table, staging_table
from typed_assets.io.sql_text import copy_role, identifiers, literal, table_name
from typed_assets.io.statements import StatementError, warehouse_of
from typed_assets.io.values import type_of
from typed_assets.services import Services
from typed_assets.spec.assets import Asset
from typed_assets.spec.contracts import Column, Contract
from typed_assets.spec.history import PREFIX
from typed_assets.spec.locations import RedshiftTable, S3Prefix
from typed_assets.staging import Staged

_FORM = Form("jsonl", gzipped=True)
_FORMATS = {
    "jsonl": "FORMAT AS JSON 'auto ignorecase'",
    "csv": "FORMAT AS CSV IGNOREHEADER 1 EMPTYASNULL",
    "parquet": "FORMAT AS PARQUET",
}


def _files_place(asset: Asset, services: Services) -> S3Prefix:
    """Where files stand that COPY reads: below the data bucket.

    Raises:
        SpecError: the option `data_bucket` is not set.
    """
    bucket = services.option("data_bucket")
    return S3Prefix(bucket, f"{PREFIX}loads/{asset.name}/")


def stage_rows(
    asset: Asset,
    place: RedshiftTable,
    rows: Iterable[Mapping[str, Any]],
    *,
    services: Services,
    token: str,
    partition: str | None,
) -> Staged:
    """Write rows to files and COPY them into a staging table; the files go when they are in it."""
    began = time.monotonic()
    asset, rows = _with_columns(asset, rows)
    files = _files_place(asset, services)
    written = s3_datasets.stage(
        asset, files, rows, services=services, token=token, partition=partition, form=_FORM
    )
    bucket = s3_datasets.bucket_of(files, services)
    listed = bucket.list(staging_prefix(files, token, services))
    put = dict(zip(written.files, written.etags, strict=True))
    found = tuple(file for file in listed if put.get(file.key) == file.etag)
    if len(found) != len(put):
        message = f"what was written for {asset.name} has gone, or is other, before it could be loaded"
        raise DataError(message, hint="another try of the same task runs; let one of them end")
    names = tuple(column.name for column in contract_of(asset).columns)
    staging = _copied(asset, place, bucket, found, names, services=services, token=token)
    s3_datasets.discard(files, written, services=services)
    return staged_table(asset, staging, token, partition, began, rows=written.rows, size=written.bytes)


def _with_columns(
    asset: Asset, rows: Iterable[Mapping[str, Any]]
) -> tuple[Asset, Iterable[Mapping[str, Any]]]:
    """The asset as it is, or without a contract one with the columns and types of the first row."""
    if asset.contract:
        return asset, rows
    remaining = iter(rows)
    first = next(remaining, None)
    if first is None:
        return asset, ()
    columns = tuple(Column(name=name, type=type_of(value), nullable=True) for name, value in first.items())
    return replace(asset, contract=Contract(columns=columns)), chain([first], remaining)


def stage_asset(
    asset: Asset,
    place: RedshiftTable,
    source: Asset,
    source_place: S3Prefix,
    *,
    services: Services,
    token: str,
    partition: str | None,
) -> Staged:
    """COPY what is published of an asset on S3 into a staging table; see `typed_assets.io.stage_load`."""
    began = time.monotonic()
    bucket = s3_datasets.bucket_of(source_place, services)
    of = partition if source.partitions is not None else None
    keys = s3_datasets.published_keys(source, source_place, services=services, partition=of)
    found = tuple(_published(source, bucket, key) for key in keys)
    if not found:
        return _empty(asset, place, services=services, token=token, partition=partition)
    names = _columns(asset, bucket, found)
    staging = _copied(asset, place, bucket, found, names, services=services, token=token)
    size = sum(file.size for file in found)
    files = _files_place(asset, services)
    s3_datasets.bucket_of(files, services).delete([staging_prefix(files, token, services) + MANIFEST])
    return staged_table(asset, staging, token, partition, began, size=size)


def _published(source: Asset, bucket: Bucket, key: str) -> FoundObject:
    """The file of a key.

    Raises:
        DataError: it is gone, and what is left would be loaded as if it were all.
    """
    file = bucket.find(key)
    if file is None:
        message = f"s3://{bucket.name}/{key}, which is published for {source.name}, is gone"
        raise DataError(message, hint=f"publish {source.name} again")
    return file


def _empty(
    asset: Asset, place: RedshiftTable, *, services: Services, token: str, partition: str | None
) -> Staged:
    """Make the staging table of a publication without any file."""
    began, staging = time.monotonic(), staging_table(place, token)
    names = tuple(column.name for column in contract_of(asset).columns)
    warehouse_of(place, services).batch(fresh_table(asset, staging, names), token)
    return staged_table(asset, staging, token, partition, began, rows=0, size=0)


def _columns(asset: Asset, bucket: Bucket, files: tuple[FoundObject, ...]) -> tuple[str, ...]:
    """The columns that files have, in their order; for JSON those of the contract, which COPY takes by name.

    A column of the contract that a file has not is then not in the staging table either, and is found there.

    Raises:
        DataError: a file has a column that the contract has not, or two files have different ones.
    """
    wanted = tuple(column.name for column in contract_of(asset).columns)
    if form_of(files[0].key).kind == "jsonl":
        return wanted
    headers = {_header(bucket, file.key) for file in files}
    if len(headers) > 1:
        message = f"the files for {asset.name} have different columns, or in another order"
        raise DataError(message)
    (header,) = headers
    strange = sorted(set(header) - set(wanted))
    if strange:
        message = f"the files for {asset.name} have the column `{strange[0]}`, which is not in the contract"
        raise DataError(message)
    return header


def _header(bucket: Bucket, key: str) -> tuple[str, ...]:
    if form_of(key).kind == "parquet":
        return parquet_columns(partial(bucket.tail, key), f"s3://{bucket.name}/{key}")
    with closing(bucket.open(key)) as body:
        rows = rows_of(body, form_of(key), f"s3://{bucket.name}/{key}")
        next(iter(rows), None)
        return tuple(rows.columns)


def _copied(
    asset: Asset,
    place: RedshiftTable,
    bucket: Bucket,
    files: tuple[FoundObject, ...],
    names: tuple[str, ...],
    *,
    services: Services,
    token: str,
) -> RedshiftTable:
    """COPY files into a staging table of the contract's columns, in one transaction."""
    staging, where = staging_table(place, token), _files_place(asset, services)
    manifest = staging_prefix(where, token, services) + MANIFEST
    own = s3_datasets.bucket_of(where, services)
    own.put(manifest, manifest_body(bucket.name, files))
    sqls = [*fresh_table(asset, staging, names), copy_statement(
        staging, f"s3://{own.name}/{manifest}", names, _one_form(asset, files),
        services.options.get("warehouse_copy_role_arn") or None,
    )]  # fmt: skip
    warehouse, began = warehouse_of(place, services), services.now()
    try:
        warehouse.batch(sqls, token)
    except StatementError as error:
        keys = [f"s3://{bucket.name}/{file.key}" for file in files]
        raise load_error(asset, error, warehouse, keys, began) from error
    return staging


def _one_form(asset: Asset, files: tuple[FoundObject, ...]) -> Form:
    forms = {form_of(file.key) for file in files}
    if len(forms) != 1:
        message = f"the files for {asset.name} have {len(forms)} forms, and one COPY reads one"
        raise DataError(message)
    return forms.pop()


def copy_statement(
    table: RedshiftTable, manifest: str, names: tuple[str, ...], form: Form, role_arn: str | None
) -> str:
    """Return the COPY of what a manifest names; the role is the only authorization that it can have."""
    columns = "" if form.kind == "parquet" else f" ({identifiers(names)})"
    packed = " GZIP" if form.gzipped else ""
    times = "" if form.kind == "parquet" else " TIMEFORMAT 'auto' DATEFORMAT 'auto'"
    return (
        f"COPY {table_name(table)}{columns} FROM {literal(manifest)} {copy_role(role_arn)} MANIFEST "
        f"{_FORMATS[form.kind]}{packed}{times}"
    )
