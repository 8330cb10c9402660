"""An XCom backend that keeps big values on S3, and in Airflow's database what says where they are.

    core.xcom_backend = typed_assets.xcom.S3XCom

It needs boto3 only; the backend of Airflow's common-io provider needs s3fs, which MWAA's images lack. S3 is
asked as tasks ask it, with the connection of `aws_conn_id`. Options of section `pipelines`: `xcom_threshold`
in bytes (16,384 without it; smaller values stay in the database), `xcom_bucket` (`data_bucket` without it),
`xcom_prefix` (`_xcom/` without it).
"""

import gzip
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from functools import cache
from hashlib import sha256
from types import SimpleNamespace
from typing import Any, cast
from urllib.parse import quote

from airflow.sdk.bases.xcom import BaseXCom

from typed_assets.building.options import AirflowOptions
from typed_assets.building.services import CONNECTION_OPTION, airflow_services

MARK = "typed_assets.xcom"
"""The only key of a reference, as it stands in the database."""
DEFAULT_THRESHOLD = 16_384
DEFAULT_PREFIX = "_xcom/"
_MOST_ELEMENTS = 1000

type Value = Any
"""What Airflow passes: a value of a task, a row of XCom."""


class XComStoreError(Exception):
    """A value cannot be kept on S3, or not be read from there; says which one, and where."""


class XComChangedError(XComStoreError):
    """The object is no longer the one that the reference was made for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """Where a value is.

    Attributes:
        bucket: of the object.
        key: of the object: DAG, run, task, map index and XCom key, so that a second try writes it anew.
        etag: of the object; another content is not this value.
        schema_hash: of the names and types in the value, so that a change shows.
        bytes: of the value as JSON.
    """

    bucket: str
    key: str
    etag: str
    schema_hash: str
    bytes: int

    def to_json(self) -> dict[str, dict[str, Any]]:
        """Return it as it stands in the database."""
        return {MARK: asdict(self)}

    @classmethod
    def from_json(cls, value: object) -> "Reference | None":
        """Return the reference that stands in the database, or None for a value of its own.

        A task may return a mapping with our mark: a reference has all of its parts, and no others.
        """
        parts = value[MARK] if isinstance(value, dict) and set(value) == {MARK} else None
        if not isinstance(parts, dict) or {name: type(part) for name, part in parts.items()} != _PARTS:
            return None
        return cls(**parts)


_PARTS: Mapping[str, type] = {each.name: int if each.name == "bytes" else str for each in fields(Reference)}


class S3XCom(BaseXCom):
    """The backend. XCom.set and XCom.get_one of Airflow call it."""

    @staticmethod
    def serialize_value(
        value: Value,
        *,
        key: str | None = None,
        task_id: str | None = None,
        dag_id: str | None = None,
        run_id: str | None = None,
        map_index: int | None = None,
    ) -> Value:
        """Return what is written to the database: a small value, or the reference to a big one.

        Raises:
            XComStoreError: an option is missing or wrong, or S3 does not take the value.
        """
        plain = BaseXCom.serialize_value(value)
        content = json.dumps(plain).encode()
        if len(content) < _threshold() and Reference.from_json(plain) is None:
            return plain
        path = _object_key(dag_id, run_id, task_id, map_index, key)
        bucket = _bucket()
        return Reference(
            bucket=bucket,
            key=path,
            etag=_write(bucket, path, content),
            schema_hash=schema_hash(plain),
            bytes=len(content),
        ).to_json()

    @staticmethod
    def deserialize_value(result: Value) -> Value:
        """Return the value, from S3 where the database has a reference.

        Raises:
            XComChangedError: the object is gone, or another's: the task ran again since.
            XComStoreError: S3 does not give it.
        """
        reference = Reference.from_json(result.value)
        if reference is None:
            return BaseXCom.deserialize_value(result)
        plain = json.loads(gzip.decompress(_read(reference)))
        return BaseXCom.deserialize_value(SimpleNamespace(key=getattr(result, "key", None), value=plain))

    @staticmethod
    def purge(xcom: Value, *args: Value) -> None:
        """Delete the object of a value that is deleted."""
        del args  # 2.x passed a session
        reference = Reference.from_json(xcom.value)
        if reference is not None:
            _client().delete_object(Bucket=reference.bucket, Key=reference.key)


def _object_key(
    dag_id: str | None, run_id: str | None, task_id: str | None, map_index: int | None, key: str | None
) -> str:
    index = [] if map_index is None or map_index < 0 else [str(map_index)]
    names = [quote(part or "-", safe="") for part in (dag_id, run_id, task_id, *index, key)]
    prefix = _option("xcom_prefix", DEFAULT_PREFIX).strip("/")
    return f"{f'{prefix}/' if prefix else ''}{'/'.join(names)}.json.gz"


def schema_hash(value: object) -> str:
    """Return the SHA-256 of the names and types in a value; of a list, those of its first 1,000 elements."""
    return sha256(json.dumps(_shape(value), sort_keys=True).encode()).hexdigest()


def _shape(value: object) -> Value:
    match value:
        case Mapping():
            return {str(name): _shape(part) for name, part in value.items()}
        case list() | tuple():
            shapes = {json.dumps(_shape(part), sort_keys=True) for part in value[:_MOST_ELEMENTS]}
            return [json.loads(shape) for shape in sorted(shapes)]
        case _:
            return type(value).__name__


def _write(bucket: str, key: str, content: bytes) -> str:
    """Write a value and return the ETag of its object."""
    from botocore.exceptions import BotoCoreError, ClientError

    # Without a time in it, equal values have equal ETags.
    body = gzip.compress(content, compresslevel=5, mtime=0)
    try:
        answer = _client().put_object(
            Bucket=bucket, Key=key, Body=body, ContentType="application/json", ContentEncoding="gzip"
        )
    except (BotoCoreError, ClientError) as error:
        message = f"an XCom of {len(content)} bytes cannot be written to s3://{bucket}/{key}: {error}"
        raise XComStoreError(message) from error
    return cast(str, answer["ETag"])


def _read(reference: Reference) -> bytes:
    from botocore.exceptions import BotoCoreError, ClientError

    place = f"s3://{reference.bucket}/{reference.key}"
    try:
        answer = _client().get_object(Bucket=reference.bucket, Key=reference.key, IfMatch=reference.etag)
        return cast(bytes, answer["Body"].read())
    except ClientError as error:
        if error.response["Error"]["Code"] in {"NoSuchKey", "PreconditionFailed"}:
            message = f"{place} is not the XCom that was written there; clear the task that wrote it"
            raise XComChangedError(message) from error
        message = f"the XCom at {place} cannot be read: {error}"
        raise XComStoreError(message) from error
    except BotoCoreError as error:
        message = f"the XCom at {place} cannot be read: {error}"
        raise XComStoreError(message) from error


def _option(name: str, otherwise: str = "") -> str:
    return AirflowOptions().get(name, otherwise)


def _threshold() -> int:
    text = _option("xcom_threshold", str(DEFAULT_THRESHOLD))
    if not text.isdecimal():
        message = f"the option `pipelines.xcom_threshold` is a number of bytes, and `{text}` is none"
        raise XComStoreError(message)
    return int(text)


def _bucket() -> str:
    found = _option("xcom_bucket") or _option("data_bucket")
    if not found:
        message = "the XCom backend needs the option `pipelines.xcom_bucket` or `pipelines.data_bucket`"
        raise XComStoreError(message)
    return found


def _client() -> Value:
    return _client_of(_option(CONNECTION_OPTION))


@cache
def _client_of(conn_id: str) -> Value:
    del conn_id  # the services read it
    return airflow_services().client("s3")
