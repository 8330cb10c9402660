"""Typed data in and out: rows and SELECTs are staged, published, read and discarded by asset.

staged = stage_rows(asset, rows, services=services, token=token)
found = typed_assets.audit.audit(asset, staged, services=services)
publish(asset, staged, services=services)
rows = read(asset, services=services)
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, assert_never

from typed_assets.io import loading, redshift_tables, s3_datasets
from typed_assets.io.errors import DataError, NotPublishedError, NotStagedError
from typed_assets.io.files import Form, Row
from typed_assets.io.places import place_of
from typed_assets.io.statements import StatementError
from typed_assets.services import Services
from typed_assets.spec.assets import Asset
from typed_assets.spec.locations import RedshiftTable, S3Prefix
from typed_assets.staging import Staged

__all__ = [
    "DataError",
    "Form",
    "NotPublishedError",
    "NotStagedError",
    "StatementError",
    "discard",
    "publish",
    "read",
    "stage_files",
    "stage_load",
    "stage_rows",
    "stage_sql",
]


def stage_rows(
    asset: Asset,
    rows: Iterable[Mapping[str, Any]],
    *,
    services: Services,
    token: str,
    partition: str | None = None,
    form: Form = s3_datasets.DEFAULT_FORM,
) -> Staged:
    """Write rows where no reader looks.

    Args:
        asset: what they shall become.
        rows: with Python values; a column that a row has not is missing. They are never all in memory.
        services: of the environment.
        token: names this attempt; the same token overwrites what it left before.
        partition: the key, or None.
        form: of files on S3.

    Returns:
        What to check and to publish.

    Raises:
        DataError: a row has a column that the contract has not, or a value that no column holds.
    """
    place = place_of(asset, services)
    match place:
        case S3Prefix():
            return s3_datasets.stage(
                asset, place, rows, services=services, token=token, partition=partition, form=form
            )
        case RedshiftTable():
            return loading.stage_rows(asset, place, rows, services=services, token=token, partition=partition)
        case _:
            assert_never(place)


def stage_sql(
    asset: Asset, select: str, *, services: Services, token: str, partition: str | None = None
) -> Staged:
    """Make a staging table of what a SELECT gives.

    Args:
        asset: what it shall become; a table.
        select: one SELECT; the columns are those of the contract, and their names count, not their order.
        services: of the environment.
        token: names this attempt; the same token replaces what it left before.
        partition: the key, or None.

    Returns:
        What to check and to publish.

    Raises:
        DataError: the asset is no table.
        StatementError: the warehouse refuses the SELECT.
    """
    place = _table(asset, services)
    return redshift_tables.stage_select(
        asset, place, select, services=services, token=token, partition=partition
    )


def stage_load(
    asset: Asset, source: Asset, *, services: Services, token: str, partition: str | None = None
) -> Staged:
    """Load what is published of an asset on S3 into a staging table, by COPY with a manifest and a role.

    Args:
        asset: the table, with a contract.
        source: the data set on S3; of one with partitions, the partition with the same key, or all of them.
        services: of the environment; options `data_bucket` and `warehouse_copy_role_arn`, without which the
            namespace's default role is used.
        token: names this attempt; the same token replaces what it left before.
        partition: the key, or None.

    Returns:
        What to check and to publish.

    Raises:
        NotPublishedError: the source has not been published.
        DataError: its files do not suit the contract.
        StatementError: the warehouse refuses the COPY.
    """
    place, files = _table(asset, services), place_of(source, services)
    if not isinstance(files, S3Prefix):
        message = f"{source.name} is not a data set on S3"
        raise DataError(message, hint="read a table with `stage_sql`")
    return loading.stage_asset(
        asset, place, source, files, services=services, token=token, partition=partition
    )


def _table(asset: Asset, services: Services) -> RedshiftTable:
    place = place_of(asset, services)
    if isinstance(place, RedshiftTable):
        return place
    message = f"{asset.name} is not a table"
    raise DataError(message, hint="stage rows with `stage_rows`")


def stage_files(
    asset: Asset, keys: Iterable[str], *, services: Services, token: str, partition: str | None = None
) -> Staged:
    """Return files that something else has written to the asset's bucket as staged, where they are.

    Raises:
        DataError: the asset is no data set on S3, or a file's name tells no form.
    """
    place = place_of(asset, services)
    if not isinstance(place, S3Prefix):
        message = f"{asset.name} is not a data set on S3"
        raise DataError(message, hint="load files into a table with `typed_assets.io.stage_load`")
    return s3_datasets.stage_files(asset, place, keys, services=services, token=token, partition=partition)


def publish(asset: Asset, staged: Staged, *, services: Services) -> None:
    """Make what was staged the data that readers see, at once.

    On S3 the files are copied to a folder that their content names, then the manifest is put, which readers
    follow; the files of the publication before stay for those who read them, older ones go. In Redshift one
    transaction makes the table if it is missing, and replaces the partition, merges by the first key of the
    contract, or replaces all rows where there is neither. Publishing the same again leaves the same.

    Raises:
        NotStagedError: what was staged, or checked, is no longer there.
    """
    place = place_of(asset, services)
    match place:
        case S3Prefix():
            s3_datasets.publish(place, staged, services=services)
        case RedshiftTable():
            redshift_tables.publish(asset, place, staged, services=services)
        case _:
            assert_never(place)


def discard(asset: Asset, staged: Staged, *, services: Services) -> None:
    """Delete what was staged; nothing happens where it is gone already."""
    place = place_of(asset, services)
    match place:
        case S3Prefix():
            s3_datasets.discard(place, staged, services=services)
        case RedshiftTable():
            redshift_tables.discard(asset, place, staged, services=services)
        case _:
            assert_never(place)


def read(asset: Asset, *, services: Services, partition: str | None = None) -> Iterator[Row]:
    """Yield the published rows of an asset, or of one partition, with values of the contract's types.

    Raises:
        NotPublishedError: it has not been published.
        DataError: a row cannot be read, or a value is not of its type.
    """
    place = place_of(asset, services)
    match place:
        case S3Prefix():
            return s3_datasets.read(asset, place, services=services, partition=partition)
        case RedshiftTable():
            return redshift_tables.read(asset, place, services=services, partition=partition)
        case _:
            assert_never(place)
