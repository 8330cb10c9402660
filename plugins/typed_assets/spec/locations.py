"""Where the data of an asset stands, as its URI says.

`s3://BUCKET/PREFIX/` is a data set of files, `redshift://WORKGROUP/DATABASE/SCHEMA/TABLE` a table. `{option}`
in a URI stands for an option of section `pipelines` of Airflow's configuration, because buckets and
workgroups have other names in each environment; the names of assets are the same in all.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from typed_assets.spec.errors import SpecError, nearest

REDSHIFT = "redshift://"
_PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}")
_FORM = re.compile(r"(?P<scheme>[a-z0-9]+)://(?P<owner>[^/]+)/(?P<below>.+)")
_OWNER = re.compile(r"[A-Za-z0-9._-]*")
_SPOILS_A_PATH = re.compile(r"[?#{}\x00-\x1f\x7f]|(^|/)\.\.?(/|$)")
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
        SpecError: the scheme is neither `s3` nor `redshift`, a part is missing, or what stands there would
            mean something else, as `?` and a brace that is no hole do.
    """
    form = _FORM.fullmatch(uri)
    scheme, owner, below = form.groups() if form and _stands(form["owner"], form["below"]) else ("", "", "")
    if scheme == "s3" and below.strip("/"):
        return S3Prefix(owner, below.strip("/") + "/")
    path = tuple(part for part in below.split("/") if part)
    if scheme == "redshift" and len(path) == _TABLE_PARTS:
        return RedshiftTable(owner, *path)
    hint = "write `s3://BUCKET/PREFIX/` or `redshift://WORKGROUP/DATABASE/SCHEMA/TABLE`"
    message = f"`{uri}` is not the place of an asset"
    raise SpecError(message, hint=hint)


def _stands(owner: str, path: str) -> bool:
    """Whether a bucket or workgroup, and what is below, are such beside their holes."""
    plain_owner, plain_path = _PLACEHOLDER.sub("", owner), _PLACEHOLDER.sub("", path)
    return _OWNER.fullmatch(plain_owner) is not None and _SPOILS_A_PATH.search(plain_path) is None
