"""Files that hold a secret under an innocent name."""

import codecs
import re
from collections.abc import Iterable

from mwaactl.catalog.credentials import CredentialKind, connection_kinds, credential_kinds, credentials_in
from mwaactl.project.ignore import SECRET

LARGEST = 256 * 1024  # bytes; no key is larger, and data files need not be read twice
_LABEL = re.compile(rb"-----BEGIN ([A-Z0-9 ]+)-----")
_PUBLIC = re.compile(rb"(?:TRUSTED |X509 )?CERTIFICATE|(?:RSA )?PUBLIC KEY|X509 CRL|(?:DH|EC) PARAMETERS")


def kinds_within(contents: Iterable[bytes]) -> tuple[CredentialKind, ...]:
    """Returns the kinds of secrets that may stand in some files: few, and found for many files at once."""
    text = b"\n".join(map(_as_utf8, contents))
    return tuple(kind for kind in (*credential_kinds(), *connection_kinds()) if kind.hint in text)


def secret_in_file(name: str, content: bytes, kinds: Iterable[CredentialKind]) -> str | None:
    """Says which secret a file holds, or None if none is known to stand in it.

    Args:
        name: The file's name, without folders.
        content: What it holds.
        kinds: What may stand in it.

    Returns:
        Completes the sentence "… is not shipped: it …".
    """
    if found := next(credentials_in(_as_utf8(content), kinds), None):
        return f"holds {found.kind}"
    if not name.casefold().endswith(".pem"):
        return None
    # A bundle of certificates is what a DAG may need; anything else in this form is a key.
    labels = _LABEL.findall(content)
    return None if labels and all(map(_PUBLIC.fullmatch, labels)) else SECRET


def _as_utf8(content: bytes) -> bytes:
    """Editors on Windows save text in UTF-16, with a mark at the beginning."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16", errors="replace").encode()
    return content
