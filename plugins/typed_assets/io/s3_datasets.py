"""Data sets of files on S3: staged below a prefix of each attempt, published by a manifest that is put last.

Published files stand in a folder that their content names, with the manifest that they replace. So publishing
the same again changes nothing, and publishing other content writes other keys, which nobody reads before the
manifest points to them, and which nobody who publishes at the same time can take for leftovers.
"""

import re
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from itertools import chain
from typing import Any

from typed_assets.io.accepted import accepted, staging_key
from typed_assets.io.errors import DataError, NotPublishedError, NotStagedError
from typed_assets.io.files import FileRow, Form, Row, form_of, rows_of
from typed_assets.io.manifests import Manifest, read_manifest, replace_manifest
from typed_assets.io.objects import Bucket, FoundObject
from typed_assets.io.places import (
    MANIFEST,
    PARTITION,
    digest,
    partition_folder,
    staging_beside,
    staging_prefix,
)
from typed_assets.io.writing import parts
from typed_assets.services import Services
from typed_assets.spec.assets import Asset
from typed_assets.spec.contracts import ColumnType
from typed_assets.spec.locations import S3Prefix
from typed_assets.spec.values import parse
from typed_assets.staging import Staged

DEFAULT_FORM = Form("jsonl", gzipped=True)
_MOST_TRIES = 20
_GENERATION = re.compile(r"[0-9a-f]{16}/part-[0-9]{5}\.[a-z.]+")


def bucket_of(place: S3Prefix, services: Services) -> Bucket:
    """Return the bucket of a data set."""
    return Bucket(services.client("s3"), place.bucket)


def stage_files(
    asset: Asset,
    place: S3Prefix,
    files: Iterable[str],
    *,
    services: Services,
    token: str,
    partition: str | None,
) -> Staged:
    """Return files that something else has written, as staged; they stay where they are.

    Args:
        asset: what they shall become.
        place: of the asset; the files stand in the same bucket.
        files: keys.
        services: of the environment.
        token: names this attempt.
        partition: the key, or None.
    """
    keys = tuple(files)
    for key in keys:
        form_of(key)
    staging = f"s3://{place.bucket}/{staging_prefix(place, token, services)}"
    return Staged(asset=asset.name, partition=partition, token=token, place=staging, files=keys)


def stage(
    asset: Asset,
    place: S3Prefix,
    rows: Iterable[Mapping[str, Any]],
    *,
    services: Services,
    token: str,
    partition: str | None,
    form: Form,
) -> Staged:
    """Write rows to files that no reader looks at.

    Raises:
        DataError: a row has a column that the contract has not, or a value that no file holds.
    """
    began = time.monotonic()
    bucket, prefix = bucket_of(place, services), staging_prefix(place, token, services)
    left = {file.key for file in bucket.list(prefix)}
    keys, etags, count, size = list[str](), list[str](), 0, 0
    columns, all_rows = _columns(asset, rows)
    for number, part in enumerate(parts(all_rows, form, columns)):
        key = f"{prefix}part-{number:05}{form.ending}"
        etags.append(bucket.put_part(key, part))
        keys.append(key)
        count, size = count + part.rows, size + part.size
    bucket.delete(sorted(left - set(keys)))
    return Staged(
        asset=asset.name,
        partition=partition,
        token=token,
        place=f"s3://{place.bucket}/{prefix}",
        files=tuple(keys),
        etags=tuple(etags),
        rows=count,
        bytes=size,
        seconds=round(time.monotonic() - began, 3),
    )


def _columns(
    asset: Asset, rows: Iterable[Mapping[str, Any]]
) -> tuple[tuple[str, ...], Iterable[Mapping[str, Any]]]:
    """The contract's columns, or where there is none those of the first row."""
    if asset.contract:
        return tuple(column.name for column in asset.contract.columns), rows
    remaining = iter(rows)
    first = next(remaining, None)
    if first is None:
        return (), ()
    return tuple(first) if isinstance(first, Mapping) else (), chain([first], remaining)


def publish(place: S3Prefix, staged: Staged, *, services: Services) -> None:
    """Make what was staged and checked the data that readers see; see `typed_assets.io.publish`."""
    bucket = bucket_of(place, services)
    folder = place.prefix + partition_folder(staged.partition)
    files, rows = accepted(bucket, staged)
    content = digest("\n".join(f"{file.etag} {file.size}" for file in files))
    for _ in range(_MOST_TRIES):
        before = read_manifest(bucket, folder + MANIFEST)
        # Listed before the manifest is replaced: files that come later may be those of the next one.
        left = _left_over(bucket, folder, before) if before and before.content != content else []
        published = _copied(bucket, files, _generation(folder, before, content), staged)
        words: dict[str, Any] = {"content": content, "token": staged.token, "rows": rows}
        if replace_manifest(bucket, folder + MANIFEST, before, published, **words):
            keys = {file.key for file in published}
            bucket.delete([key for key in left if key not in keys])
            return
    message = f"others publish to s3://{bucket.name}/{folder} all the time"
    raise DataError(message, hint="let one run publish it")


def _generation(folder: str, before: Manifest | None, content: str) -> str:
    """Return the folder of files: where this very content stands already, or a new one."""
    if before and before.keys and before.content == content:
        return before.keys[0].rpartition("/")[0] + "/"
    return f"{folder}{digest(f'{content} {before.etag if before else None}')}/"


def _copied(
    bucket: Bucket, files: tuple[FoundObject, ...], folder: str, staged: Staged
) -> tuple[FoundObject, ...]:
    copies = []
    for number, file in enumerate(files):
        copy = FoundObject(f"{folder}part-{number:05}{form_of(file.key).ending}", file.etag, file.size)
        if not bucket.copy(file, copy.key):
            gone = f"s3://{bucket.name}/{file.key} as it was checked for {staged.asset}"
            raise NotStagedError(gone)
        copies.append(copy)
    return tuple(copies)


def _left_over(bucket: Bucket, folder: str, before: Manifest) -> list[str]:
    """Return older files, but for those that readers of the manifest before may still be reading."""
    old = (file.key for file in bucket.list(folder) if _GENERATION.fullmatch(file.key.removeprefix(folder)))
    return [key for key in old if key not in before.keys]


def discard(place: S3Prefix, staged: Staged, *, services: Services) -> None:
    """Delete what was staged below the prefix of the attempt; files that others wrote stay."""
    bucket, prefix = bucket_of(place, services), staging_key(staged)
    own = staging_prefix(place, staged.token, services)
    # An earlier version of this library may have staged it, beside what is published.
    if prefix not in (own, staging_beside(place, staged.token)):
        message = f"`{staged.place}` is not where {staged.asset} stages"
        raise DataError(message)
    bucket.delete([file.key for file in bucket.list(prefix)])


def published_keys(
    asset: Asset, place: S3Prefix, *, services: Services, partition: str | None
) -> Iterator[str]:
    """Yield the keys of what is published: of a partition, or of all.

    Files that lie under the prefix without any manifest are what somebody else landed; they count too.

    Raises:
        NotPublishedError: nothing is.
    """
    bucket = bucket_of(place, services)
    whole = asset.partitions is not None and partition is None
    one = place.prefix + partition_folder(partition) + MANIFEST
    names = _manifest_keys(bucket, place) if whole else [one]
    manifests = [manifest for name in names if (manifest := read_manifest(bucket, name))]
    if manifests:
        yield from (key for manifest in manifests for key in manifest.keys)
        return
    landed = list(_landed(bucket, place, partition))
    if not landed:
        what = f"{asset.name}" if partition is None else f"partition {partition} of {asset.name}"
        message = f"{what} has not been published"
        raise NotPublishedError(message, hint=f"its place is s3://{place.bucket}/{place.prefix}")
    yield from landed


def _manifest_keys(bucket: Bucket, place: S3Prefix) -> list[str]:
    found = (file.key for file in bucket.list(f"{place.prefix}{PARTITION}"))
    return [key for key in found if key.removeprefix(place.prefix).split("/")[1:] == [MANIFEST]]


def _landed(bucket: Bucket, place: S3Prefix, partition: str | None) -> Iterator[str]:
    folder = place.prefix + partition_folder(partition)
    for file in bucket.list(folder):
        name = file.key.removeprefix(folder)
        if name and "/" not in name and not name.startswith(("_", ".")):
            yield file.key


def read(asset: Asset, place: S3Prefix, *, services: Services, partition: str | None) -> Iterator[Row]:
    """Yield the published rows with values of the contract's types; see `typed_assets.io.read`."""
    bucket = bucket_of(place, services)
    for key in published_keys(asset, place, services=services, partition=partition):
        yield from typed_rows(asset, bucket, key)


def typed_rows(asset: Asset, bucket: Bucket, key: str) -> Iterator[Row]:
    """Yield the rows of one file with values of the contract's types.

    Raises:
        DataError: a row cannot be read, or a value is not of its type.
    """
    kinds = {column.name: column.type for column in asset.contract.columns} if asset.contract else {}
    with closing(bucket.open(key)) as body:
        source = rows_of(body, form_of(key), f"s3://{bucket.name}/{key}")
        for found in source:
            yield _typed(found, kinds, source.name)


def _typed(found: FileRow, kinds: Mapping[str, ColumnType], name: str) -> Row:
    if found.problem:
        message = f"{name}:{found.line} {found.problem}"
        raise DataError(message)
    for column, kind in kinds.items():
        value = found.row.get(column)
        try:
            found.row[column] = None if value is None else parse(kind, value)
        except ValueError as error:
            message = f"{name}:{found.line} column `{column}`: {error}"
            raise DataError(message) from None
    return found.row
