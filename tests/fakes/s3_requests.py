"""Requests to moto's S3 within this process, answered as botocore reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from uuid import uuid4

from botocore import handlers
from botocore.loaders import Loader
from botocore.model import ServiceModel
from botocore.parsers import create_parser
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.core.request import Request
from moto.s3.models import s3_backends

if TYPE_CHECKING:
    from moto.s3.models import FakeBucket, S3Backend
    from moto.s3.responses import S3Response

_MODEL = ServiceModel(Loader().load_service_model("s3", "service-2"))
_QUERIES = {"ListObjects": {}, "ListObjectsV2": {"list-type": "2"}, "ListObjectVersions": {"versions": ""}}
_DECODERS = {
    "ListObjects": handlers.decode_list_object,
    "ListObjectsV2": handlers.decode_list_object_v2,
    "ListObjectVersions": handlers.decode_list_object_versions,
}


def backend() -> S3Backend:
    """Return moto's S3 of the default account."""
    found: S3Backend = s3_backends[DEFAULT_ACCOUNT_ID]["aws"]
    return found


def new_bucket(*, versioned: bool = True) -> FakeBucket:
    """Make a bucket."""
    bucket = backend().create_bucket(f"b{uuid4().hex}", "us-east-1")
    if versioned:
        backend().put_bucket_versioning(bucket.name, "Enabled")
    return bucket


def listed(
    responses: type[S3Response], bucket: str, operation: str, *, encoding: str | None = "url", **asked: Any
) -> dict[str, Any]:
    """Return what botocore reads in the answer to a request for a list.

    Args:
        responses: What answers.
        bucket: The bucket's name.
        operation: The operation.
        encoding: How names are encoded; botocore asks for `url`.
        asked: The query's parameters, with `_` for `-`.
    """
    query = _QUERIES[operation] | {name.replace("_", "-"): str(value) for name, value in asked.items()}
    if encoding:
        query["encoding-type"] = encoding
    url = f"http://localhost/{bucket}?{urlencode(query)}"
    status, headers, body = responses.ambiguous_dispatch(Request.from_primitives("GET", url, {}), url, {})
    parser = create_parser("rest-xml")
    shape: Any = _MODEL.operation_model(operation).output_shape
    answer = {"body": body, "headers": headers, "status_code": int(status)}
    parsed: dict[str, Any] = parser.parse(answer, shape)
    _DECODERS[operation](parsed, context={"encoding_type_auto_set": encoding == "url"})
    return {name: value for name, value in parsed.items() if name != "ResponseMetadata"}
