"""Web login and CLI tokens: good for 60 seconds, for one environment, and for one of the two purposes."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Literal

import jwt

from mwaactl.catalog.limits import limits

if TYPE_CHECKING:
    from collections.abc import Callable

    from jwt.types import Options

type TokenKind = Literal["web", "cli"]


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls, and as what Airflow knows them.

    Attributes:
        identity: IAM's name for the caller, such as `user/ana` or `assumed-role/Deployer/ana`.
        role: Airflow's role: Admin, Op, User, Viewer or Public.
    """

    identity: str
    role: str


class InvalidTokenError(Exception):
    """The token was not issued here, for this, or within the last 60 seconds."""


class TokenSigner:
    """Issues and verifies tokens with a secret that lives as long as the process."""

    def __init__(self, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._secret = secrets.token_bytes(32)
        self._now = now

    def issue(self, kind: TokenKind, environment_arn: str, caller: Caller) -> str:
        """Return a token for one purpose in one environment."""
        claims = {
            "aud": f"{kind}:{environment_arn}",
            "sub": caller.identity,
            "role": caller.role,
            "exp": (self._now() + timedelta(seconds=limits().token_seconds)).timestamp(),
            "jti": secrets.token_hex(8),
        }
        return jwt.encode(claims, self._secret, algorithm="HS256")

    def verify(self, kind: TokenKind, environment_arn: str, token: str) -> Caller:
        """Return whom the token was issued to.

        Raises:
            InvalidTokenError: The token is forged, too old, or meant for something else.
        """
        # The expiry is compared below, with the injected clock.
        options: Options = {"require": ["exp", "aud", "sub"], "verify_exp": False}
        try:
            claims = jwt.decode(
                token,
                self._secret,
                algorithms=["HS256"],
                audience=f"{kind}:{environment_arn}",
                options=options,
            )
        except jwt.InvalidTokenError as error:
            raise InvalidTokenError(str(error)) from error
        if claims["exp"] <= self._now().timestamp():
            msg = "the token has expired"
            raise InvalidTokenError(msg)
        return Caller(identity=claims["sub"], role=claims["role"])
