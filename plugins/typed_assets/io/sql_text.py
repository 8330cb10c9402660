"""Names and values as they stand in SQL: quoted, so that none of them is read as SQL."""

import re

from typed_assets.spec.errors import SpecError
from typed_assets.spec.locations import RedshiftTable

MAX_NAME = 127
"""Bytes; https://docs.aws.amazon.com/redshift/latest/dg/r_names.html"""
_ROLE = re.compile(r"arn:aws[a-z-]*:iam::\d{12}:role/[\w+=,.@/-]+")


def identifier(name: str) -> str:
    """Return a name in double quotes.

    Raises:
        SpecError: Redshift has no such names: it is empty, too long, or holds a NUL.
    """
    if not name or "\0" in name or len(name.encode()) > MAX_NAME:
        message = f"`{name[:40]}` cannot be a name in Redshift"
        raise SpecError(message, hint=f"names have 1 to {MAX_NAME} bytes")
    return '"' + name.replace('"', '""') + '"'


def identifiers(names: list[str] | tuple[str, ...]) -> str:
    """Return names in double quotes with commas between."""
    return ", ".join(identifier(name) for name in names)


def table_name(table: RedshiftTable) -> str:
    """Return a table's name with its schema, quoted."""
    return f"{identifier(table.schema)}.{identifier(table.table)}"


def literal(text: str) -> str:
    r"""Return a text in single quotes; a backslash in them would begin an escape, as in PostgreSQL 8.0."""
    return "'" + text.replace("\\", "\\\\").replace("'", "''") + "'"


def copy_role(arn: str | None) -> str:
    """Return the authorization of a COPY or UNLOAD: a role, or the namespace's default one; never keys.

    Raises:
        SpecError: it is not the ARN of a role.
    """
    if arn is None:
        return "IAM_ROLE default"
    if not all(_ROLE.fullmatch(part) for part in arn.split(",")):
        message = f"`pipelines.warehouse_copy_role_arn` is not the ARN of a role: `{arn}`"
        raise SpecError(message)
    return f"IAM_ROLE {literal(arn)}"
