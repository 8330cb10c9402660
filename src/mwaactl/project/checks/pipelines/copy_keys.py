"""Access keys in the text of COPY and UNLOAD: they stand in Redshift's logs and in STL_QUERY."""

import re
from collections.abc import Iterator

from mwaactl.catalog.versions import AirflowVersion
from mwaactl.project.checks.finding import Finding
from mwaactl.project.checks.pipelines.source import PipelineSource, argument, text_of
from mwaactl.project.clues import ACCESS_KEY

RULE = "copy-keys"
_KEYS = re.compile(
    r"\b(?:access_key_id|secret_access_key)\b|credentials\s+(?:as\s+)?'aws_access_key", re.IGNORECASE
)
_STATEMENT = re.compile(r"\b(?:copy|unload)\b", re.IGNORECASE)
_TRANSFERS = ("S3ToRedshiftOperator", "RedshiftToS3Operator")
COPY_CLUES = frozenset({ACCESS_KEY, *_TRANSFERS})
_DEFAULT = "aws_default"


def copy_keys(source: PipelineSource, _: AirflowVersion) -> Iterator[Finding]:
    """Reports keys in statements, and transfers whose connection cannot have a role."""
    for line, text in source.texts:
        if _keys(text):
            yield from source.finding(RULE, "error", line, _MESSAGE, _HINT)
    for call in source.calls:
        name = source.operator(call).rpartition(".")[2]
        connection = argument(call, "aws_conn_id")
        if name in _TRANSFERS and (connection is None or text_of(connection) == _DEFAULT):
            message = f"`{name}` writes temporary keys into the statement: `aws_default` of MWAA has no role"
            hint = "run COPY with IAM_ROLE by RedshiftDataOperator, or give the connection a `role_arn`"
            yield from source.finding(RULE, "warning", call.lineno, message, hint)


_MESSAGE = "a COPY or UNLOAD has access keys in its text, which Redshift logs"
_HINT = "write IAM_ROLE default, or IAM_ROLE with the role's ARN"


def keys_in_sql(path: str, text: str) -> Iterator[Finding]:
    """Reports keys in the statements of a SQL file."""
    if found := _keys(text):
        yield Finding(RULE, "error", path, text.count("\n", 0, found.start()) + 1, _MESSAGE, _HINT)


def _keys(text: str) -> re.Match[str] | None:
    # Most texts lack what both kinds of keys have, which is found many times faster than an expression.
    lacks = ACCESS_KEY not in text.lower() or not _STATEMENT.search(text)
    return None if lacks else _KEYS.search(text)
