"""Role credentials for processes under the emulator, served as containers get them on AWS.

A task or a Lambda handler gets the address of a credentials endpoint and a token for exactly one role and
session; the AWS SDKs fetch and renew the credentials there by themselves.
https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

if TYPE_CHECKING:
    from pathlib import Path

    from mwaactl.emulator.settings import EmulatorSettings

CREDENTIALS_PATH = "/_emulator/credentials"
KEY_FILE = "credentials.key"


@dataclass(frozen=True, slots=True)
class OnBehalf:
    """A service of AWS that takes a role on for one of its resources; the role must trust it.

    Attributes:
        service: The service's principal, such as `lambda.amazonaws.com`.
        source_arn: The resource.
    """

    service: str
    source_arn: str


class RoleCredentials:
    """Hands out the environment variables with which a child process acts as a role."""

    def __init__(self, settings: EmulatorSettings) -> None:
        self._settings = settings
        self._key = _read_or_create_key(settings.state_dir / KEY_FILE)

    def environment_for(
        self, role_arn: str, session_name: str, on_behalf: OnBehalf | None = None
    ) -> dict[str, str]:
        """Return the variables that let a process reach the emulator as a role.

        Args:
            role_arn: The role to act as; must exist by the time of the process's first call.
            session_name: The role session's name, as CloudTrail would show it.
            on_behalf: Who takes the role on; None for the emulator itself, which every role trusts.
        """
        settings = self._settings
        query = urlencode(
            {"role": role_arn, "session": session_name, **(asdict(on_behalf) if on_behalf else {})}
        )
        return {
            "AWS_ENDPOINT_URL": settings.endpoint_url,
            "AWS_REGION": settings.region,
            "AWS_DEFAULT_REGION": settings.region,
            "AWS_DISABLE_HOST_PREFIX_INJECTION": "true",
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_CONTAINER_CREDENTIALS_FULL_URI": f"{settings.endpoint_url}{CREDENTIALS_PATH}?{query}",
            "AWS_CONTAINER_AUTHORIZATION_TOKEN": self.token_for(role_arn, session_name),
        }

    def token_for(self, role_arn: str, session_name: str) -> str:
        """Return the token that opens the credentials of this role and session, and of no other."""
        return hmac.new(self._key, f"{role_arn}\n{session_name}".encode(), hashlib.sha256).hexdigest()

    def allows(self, role_arn: str, session_name: str, token: str) -> bool:
        """Tell whether the token was given out for this role and session."""
        return hmac.compare_digest(self.token_for(role_arn, session_name).encode(), token.encode())


def _read_or_create_key(path: Path) -> bytes:
    """Return the emulator's signing key; it outlives a restart, so that tokens stay good."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with open(path, "xb", opener=_private) as file:
            file.write(secrets.token_bytes(32))
    except FileExistsError:
        if len(path.read_bytes()) < 32:  # noqa: PLR2004 - a write that a crash cut short
            path.unlink()
            return _read_or_create_key(path)
    return path.read_bytes()


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
