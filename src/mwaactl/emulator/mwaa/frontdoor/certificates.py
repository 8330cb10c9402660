"""A certificate authority of this emulator's own, so that a client can verify the front door's TLS."""

from __future__ import annotations

import os
import ssl
from typing import TYPE_CHECKING

import trustme

if TYPE_CHECKING:
    from pathlib import Path

CERTIFICATE_FILE = "ca.pem"
KEY_FILE = "ca-key.pem"


def server_context(state_dir: Path) -> ssl.SSLContext:
    """Return a TLS context for localhost, signed by the authority kept in `state_dir`.

    Args:
        state_dir: Holds `ca.pem`, which clients may trust, and its private key; both are made if absent.
    """
    authority = _read_or_create(state_dir)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost", "127.0.0.1", "::1").configure_cert(context)
    return context


def _read_or_create(state_dir: Path) -> trustme.CA:
    certificate, key = state_dir / CERTIFICATE_FILE, state_dir / KEY_FILE
    if certificate.is_file() and key.is_file():
        return trustme.CA.from_pem(certificate.read_bytes(), key.read_bytes())
    authority = trustme.CA(organization_name="mwaactl emulator")
    state_dir.mkdir(parents=True, exist_ok=True)
    _write(key, authority.private_key_pem.bytes())
    _write(certificate, authority.cert_pem.bytes())
    return authority


def _write(path: Path, content: bytes) -> None:
    """Replace a file in one step, readable by its owner only."""
    temporary = path.with_suffix(f".{os.getpid()}.new")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    temporary.replace(path)
