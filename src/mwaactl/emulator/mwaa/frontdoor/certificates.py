"""A certificate authority of this emulator's own, so that a client can verify the front door's TLS."""

from __future__ import annotations

import os
import ssl
from pathlib import Path
from typing import TYPE_CHECKING

import trustme
from botocore.httpsession import where

if TYPE_CHECKING:
    from collections.abc import Mapping

CERTIFICATE_FILE = "ca.pem"
KEY_FILE = "ca-key.pem"
BUNDLE_FILE = "ca-bundle.pem"
SYSTEM_ROOTS = ("/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem")


def server_context(state_dir: Path) -> ssl.SSLContext:
    """Return a TLS context for localhost, signed by the authority kept in `state_dir`.

    Args:
        state_dir: Holds `ca.pem`, which clients may trust, and its private key; both are made if absent.
    """
    authority = _read_or_create(state_dir)
    write_trust_bundle(state_dir, os.environ)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost", "127.0.0.1", "::1").configure_cert(context)
    return context


def write_trust_bundle(state_dir: Path, environ: Mapping[str, str]) -> Path:
    """Write the public roots and the emulator's own authority into one file, and return its path.

    Args:
        state_dir: Holds the authority, which is made if absent, and the file.
        environ: Says by its own variables which roots this machine trusts.
    """
    bundle = state_dir / BUNDLE_FILE
    own = _read_or_create(state_dir).cert_pem.bytes()
    content = _public_roots(environ).read_bytes()
    if own not in content:
        content = content.rstrip() + b"\n\n" + own
    if not bundle.is_file() or bundle.read_bytes() != content:
        _write(bundle, content)
    return bundle


def _public_roots(environ: Mapping[str, str]) -> Path:
    """Return the file of roots that clients on this machine use; botocore brings one for who has none."""
    named = (environ.get(name) for name in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"))
    candidates = (*named, ssl.get_default_verify_paths().cafile, *SYSTEM_ROOTS, where())
    return next(path for each in candidates if each and (path := Path(each)).is_file())


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
