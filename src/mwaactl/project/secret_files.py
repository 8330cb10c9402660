"""Files that hold a secret under an innocent name."""

import codecs
import re
from itertools import chain

from mwaactl.catalog.credentials import connection_kinds, credentials_in
from mwaactl.project.ignore import SECRET

LARGEST = 256 * 1024  # bytes; no key is larger, and data files need not be read twice
_LABEL = re.compile(rb"-----BEGIN ([A-Z0-9 ]+)-----")
_PUBLIC = re.compile(rb"(?:TRUSTED |X509 )?CERTIFICATE|(?:RSA )?PUBLIC KEY|X509 CRL|(?:DH|EC) PARAMETERS")


def secret_in_file(name: str, content: bytes) -> str | None:
    """Says which secret a file holds, or None if none is known to stand in it.

    Args:
        name: The file's name, without folders.
        content: What it holds.

    Returns:
        Completes the sentence "… is not shipped: it …".
    """
    text = _as_utf8(content)
    if found := next(chain(credentials_in(text), credentials_in(text, connection_kinds())), None):
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
