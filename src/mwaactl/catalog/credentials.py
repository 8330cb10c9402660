"""Shapes of credentials: keys and tokens that can be told from ordinary text."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from mwaactl.catalog.tables import read_table


@dataclass(frozen=True, slots=True)
class CredentialKind:
    """One kind of credential.

    Attributes:
        name: What it is called in a sentence, for example `a private key`.
        hint: Text that stands in each one.
        pattern: Finds it; the group `value`, where there is one, is the secret itself.
    """

    name: str
    hint: bytes
    pattern: re.Pattern[bytes]


@dataclass(frozen=True, slots=True)
class FoundCredential:
    """A credential in a text.

    Attributes:
        kind: What it is called in a sentence.
        begin: Offset of its first byte.
        end: Offset after its last byte.
        host: Host of an address; empty for others.
    """

    kind: str
    begin: int
    end: int
    host: bytes = b""


@cache
def credential_kinds() -> tuple[CredentialKind, ...]:
    """Keys and tokens, in the order of the table."""
    return _kinds("kind")


@cache
def address_kinds() -> tuple[CredentialKind, ...]:
    """Addresses that hold a password; many are examples, so that one of them proves nothing by itself."""
    return _kinds("address")


@cache
def connection_kinds() -> tuple[CredentialKind, ...]:
    """Airflow connections that were written to a file with their passwords; not meant for code."""
    return _kinds("connection")


def credentials_in(
    content: bytes, kinds: Iterable[CredentialKind] | None = None
) -> Iterator[FoundCredential]:
    """Finds credentials.

    Args:
        content: A text, in any encoding that contains ASCII.
        kinds: What to look for; all keys and tokens if None.
    """
    for kind in credential_kinds() if kinds is None else kinds:
        if kind.hint in content:
            for match in kind.pattern.finditer(content):
                if not any(example in match[0] for example in _examples()):
                    yield _found(kind, match)


def _found(kind: CredentialKind, match: re.Match[bytes]) -> FoundCredential:
    groups = match.groupdict()
    begin, end = match.span("value" if "value" in groups else 0)
    return FoundCredential(kind.name, begin, end, groups.get("host", b""))


@cache
def _examples() -> tuple[bytes, ...]:
    return tuple(text.encode() for text in read_table("credentials")["examples"]["text"])


def _kinds(table: str) -> tuple[CredentialKind, ...]:
    return tuple(
        CredentialKind(row["name"], row["hint"].encode(), re.compile(row["pattern"].encode(), re.DOTALL))
        for row in read_table("credentials")[table]
    )
