"""COPY and UNLOAD read from their text into values; what is not modelled is refused by name."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from mwaactl.emulator.warehouse.faults import Refused, StatementFailed
from mwaactl.emulator.warehouse.sql.refusals import COPY_OPTIONS, UNLOAD_OPTIONS
from mwaactl.emulator.warehouse.sql.token_reader import TokenReader

DEFAULT_ROLE = "default"


@dataclass(frozen=True, slots=True)
class Authorization:
    """How a COPY or UNLOAD gets at S3: role ARNs (a chain, or `default`), or keys; never shown."""

    roles: tuple[str, ...] = ()
    access_key: str = field(default="", repr=False)
    secret_key: str = field(default="", repr=False)
    token: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class CopyCommand:
    """One COPY statement."""

    schema: str
    table: str
    columns: tuple[str, ...]
    source: str
    authorization: Authorization
    options: dict[str, Any]


@dataclass(frozen=True, slots=True)
class UnloadCommand:
    """One UNLOAD statement."""

    query: str
    target: str
    authorization: Authorization
    options: dict[str, Any]


# Option → what follows it: nothing, a string, a number, a word, or a string that may be left out.
_SHARED = {
    "BZIP2": "", "CSV": "", "DELIMITER": "string", "ESCAPE": "", "FORMAT": "", "GZIP": "", "JSON": "string?",
    "MANIFEST": "", "NULL": "string", "PARQUET": "", "REGION": "string", "ZSTD": "",
}  # fmt: skip
COPY = _SHARED | {
    "ACCEPTANYDATE": "", "ACCEPTINVCHARS": "string?", "BLANKSASNULL": "", "COMPROWS": "number",
    "COMPUPDATE": "word?", "DATEFORMAT": "string", "EMPTYASNULL": "", "ENCODING": "word", "EXPLICIT_IDS": "",
    "FILLRECORD": "", "FIXEDWIDTH": "string", "IGNOREBLANKLINES": "", "IGNOREHEADER": "number",
    "MAXERROR": "number", "NOLOAD": "", "QUOTE": "string", "REMOVEQUOTES": "", "ROUNDEC": "",
    "STATUPDATE": "word?", "TIMEFORMAT": "string", "TRIMBLANKS": "", "TRUNCATECOLUMNS": "",
}  # fmt: skip
UNLOAD = _SHARED | {
    "ADDQUOTES": "", "ALLOWOVERWRITE": "", "CLEANPATH": "", "EXTENSION": "string", "HEADER": "",
    "MAXFILESIZE": "size", "PARALLEL": "word?", "PARTITION BY": "names",
    "ROWGROUPSIZE": "size", "VERBOSE": "",
}  # fmt: skip
_WORDS = {"ON", "OFF", "TRUE", "FALSE", "PRESET", "UTF8", "UTF16", "UTF16LE", "UTF16BE"}


def read_copy(sql: str) -> CopyCommand:
    """Read a COPY statement.

    Raises:
        StatementFailed: If it is wrong, or uses what is not modelled.
    """
    reader = TokenReader(sql)
    reader.expect("COPY")
    schema, table = reader.name()
    columns = tuple(_columns(reader))
    reader.expect("FROM")
    source = reader.string("FROM")
    if not source.startswith("s3://"):
        msg = f"COPY from {source.split(':', 1)[0]}"
        raise Refused(msg, "sources are s3:// keys, prefixes and manifests")
    authorization, options = _rest(reader, COPY, COPY_OPTIONS, "COPY")
    return CopyCommand(schema, table, columns, source, authorization, options)


def read_unload(sql: str) -> UnloadCommand:
    """Read an UNLOAD statement.

    Raises:
        StatementFailed: If it is wrong, or uses what is not modelled.
    """
    reader = TokenReader(sql)
    reader.take()  # UNLOAD itself
    reader.expect("(")
    query = reader.string("UNLOAD")
    reader.expect(")")
    reader.expect("TO")
    target = reader.string("TO")
    if not target.startswith("s3://"):
        message = "ERROR: UNLOAD destination is not supported. (Hint: only S3 based unload is allowed)"
        raise StatementFailed(message)
    authorization, options = _rest(reader, UNLOAD, UNLOAD_OPTIONS, "UNLOAD")
    return UnloadCommand(query, target, authorization, options)


def _columns(reader: TokenReader) -> list[str]:
    names: list[str] = []
    if reader.skip("("):
        while not reader.skip(")"):
            names.append(reader.take().text.lower())
            reader.skip(",")
    return names


def _rest(
    reader: TokenReader, known: dict[str, str], refused: dict[str, Any], command: str
) -> tuple[Authorization, dict[str, Any]]:
    authorization, options = Authorization(), {}
    while reader.word:
        reader.skip("WITH")
        found = _authorization(reader, authorization)
        if found is not None:
            authorization = found
            continue
        word = reader.take().text.upper()
        if word in refused:
            raise refused[word].error()
        if word not in known:
            message = f'ERROR: syntax error at or near "{word.lower()}" in {command}'
            raise StatementFailed(message)
        if word == "FORMAT":
            reader.skip("AS")
            continue
        options[word] = _value(reader, word, known[word])
        if word == "PARTITION BY":
            options["INCLUDE"] = reader.skip("INCLUDE")
    return authorization, options


def _value(reader: TokenReader, word: str, kind: str) -> str | int | bool | list[str]:
    if kind == "names":
        return _columns(reader)
    if kind == "string" or (kind == "string?" and reader.at_string()):
        return reader.string(word)
    if kind == "number":
        reader.skip("AS")
        return _number(reader.take().text, word)
    if kind == "word" or (kind == "word?" and reader.word in _WORDS):
        reader.skip("AS")
        return reader.take().text.upper()
    if kind == "size":
        reader.skip("AS")
        return _size(reader, word)
    return True


def _size(reader: TokenReader, word: str) -> int:
    text = reader.take().text.upper()
    unit = text.lstrip("0123456789. ") or reader.word
    try:
        number = float(text.removesuffix(unit))
    except ValueError:
        message = f'ERROR: syntax error at or near "{text}": {word} takes a size'
        raise StatementFailed(message) from None
    if text.removesuffix(unit) == text:
        reader.skip("MB", "GB")
    return int(number * (2**30 if unit == "GB" else 2**20))


def _number(text: str, word: str) -> int:
    try:
        return int(text)
    except ValueError:
        message = f'ERROR: syntax error at or near "{text}": {word} takes a number'
        raise StatementFailed(message) from None


def _authorization(reader: TokenReader, before: Authorization) -> Authorization | None:
    match reader.word:
        case "IAM_ROLE":
            reader.take()
            if reader.skip("DEFAULT"):
                return Authorization(roles=(DEFAULT_ROLE,))
            return Authorization(roles=tuple(reader.string("IAM_ROLE").split(",")))
        case "CREDENTIALS":
            reader.take()
            return _credentials(reader.string("CREDENTIALS"))
        case "ACCESS_KEY_ID" | "SECRET_ACCESS_KEY" | "SESSION_TOKEN" | "TOKEN" as word:
            reader.take()
            keys = {"ACCESS_KEY_ID": before.access_key, "SECRET_ACCESS_KEY": before.secret_key}
            keys |= {"TOKEN": before.token, word.removeprefix("SESSION_"): reader.string(word)}
            return Authorization((), keys["ACCESS_KEY_ID"], keys["SECRET_ACCESS_KEY"], keys["TOKEN"])
        case _:
            return None


def _credentials(text: str) -> Authorization:
    pairs = dict(part.partition("=")[::2] for part in text.split(";") if part.strip())
    if "aws_iam_role" in pairs:
        return Authorization(roles=tuple(pairs["aws_iam_role"].split(",")))
    if not pairs.get("aws_access_key_id") or not pairs.get("aws_secret_access_key"):
        message = "ERROR: Invalid credentials. Must be of the format: credentials 'aws_iam_role=...' or keys"
        raise StatementFailed(message)
    return Authorization(
        (), pairs["aws_access_key_id"], pairs["aws_secret_access_key"], pairs.get("token", "")
    )


_SECRETS = (
    re.compile(
        r"((?:secret_access_key|session_token|token|access_key_id)\s+(?:as\s+)?')[^']*'", re.IGNORECASE
    ),
    re.compile(r"(credentials\s+(?:as\s+)?')(?!aws_iam_role)[^']*'", re.IGNORECASE),
)


def masked(sql: str) -> str:
    """Return a statement's text without the keys that stand in it; this form is what is kept and shown."""
    for pattern in _SECRETS:
        sql = pattern.sub(r"\1***'", sql)
    return sql
