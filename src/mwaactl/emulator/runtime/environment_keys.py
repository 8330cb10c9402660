"""The secrets of one environment: made once, kept beside its files, readable by their owner only."""

from __future__ import annotations

import base64
import json
import secrets
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from mwaactl.emulator.atomic_file import write_atomically

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class EnvironmentKeys:
    """Keys that every process of the environment shares.

    Attributes:
        fernet: Encrypts connections and variables in the metadata database.
        session: Signs web sessions.
        jwt: Signs the tokens of users and tasks.
    """

    fernet: str
    session: str
    jwt: str


def read_or_create_keys(path: Path) -> EnvironmentKeys:
    """Return the keys in the file, which is written if it is missing or damaged."""
    try:
        return EnvironmentKeys(**json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        fernet = base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()
        keys = EnvironmentKeys(fernet, secrets.token_urlsafe(32), secrets.token_urlsafe(64))
        write_atomically(path, json.dumps(asdict(keys)))
        path.chmod(0o600)
        return keys
