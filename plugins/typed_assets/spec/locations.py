"""Where the data of an asset stands, as its URI says.

`s3://BUCKET/PREFIX/` is a data set of files, `redshift://WORKGROUP/DATABASE/SCHEMA/TABLE` a table. `{option}`
in a URI stands for an option of section `pipelines` of Airflow's configuration, because buckets and
workgroups have other names in each environment; the names of assets are the same in all.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from typed_assets.spec.errors import SpecError, nearest

_PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}")
_TABLE_PARTS = 3


@dataclass(frozen=True, slots=True)
class S3Prefix:
    """Files below a prefix of a bucket; the prefix ends with `/`."""

    bucket: str
    prefix: str


@dataclass(frozen=True, slots=True)
class RedshiftTable:
    """A table of a Redshift Serverless workgroup."""

    workgroup: str
    database: str
    schema: str
    table: str


type Location = S3Prefix | RedshiftTable


def placeholders(uri: str) -> frozenset[str]:
    """Return the names of the options that a URI has holes for."""
    return frozenset(_PLACEHOLDER.findall(uri))


def filled(uri: str, options: Mapping[str, str]) -> str:
    """Return a URI with the values of options in its holes.

    Raises:
        SpecError: an option is not set.
    """
    for name in sorted(placeholders(uri)):
        if name not in options:
            message = f"`{uri}` needs the option `pipelines.{name}`, which is not set"
            raise SpecError(message, hint=nearest(name, options))
    return _PLACEHOLDER.sub(lambda hole: options[hole[1]], uri)


def location(uri: str) -> Location:
    """Return where a URI points to; holes may stand in it.

    Raises:
        SpecError: the scheme is neither `s3` nor `redshift`, or a part is missing.
    """
    parts = urlsplit(uri)
    if parts.scheme == "s3" and parts.netloc and parts.path.strip("/"):
        return S3Prefix(parts.netloc, parts.path.strip("/") + "/")
    path = tuple(part for part in parts.path.split("/") if part)
    if parts.scheme == "redshift" and parts.netloc and len(path) == _TABLE_PARTS:
        return RedshiftTable(parts.netloc, *path)
    hint = "write `s3://BUCKET/PREFIX/` or `redshift://WORKGROUP/DATABASE/SCHEMA/TABLE`"
    message = f"`{uri}` is not the place of an asset"
    raise SpecError(message, hint=hint)
