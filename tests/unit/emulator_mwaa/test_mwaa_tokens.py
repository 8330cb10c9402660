"""Web and CLI tokens: 60 seconds, one purpose, one environment."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from mwaactl.emulator.mwaa.callers import airflow_identity
from mwaactl.emulator.mwaa.tokens import Caller, InvalidTokenError, TokenKind, TokenSigner

ARN = "arn:aws:airflow:us-east-1:123456789012:environment/one"
ANA = Caller("user/ana", "Op")


class Clock:
    def __init__(self) -> None:
        self.now = datetime(2026, 11, 23, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.mark.parametrize("kind", ["web", "cli"])
def test_token_gives_the_caller_back_for_sixty_seconds(kind: TokenKind) -> None:
    clock = Clock()
    signer = TokenSigner(clock)
    token = signer.issue(kind, ARN, ANA)
    clock.now += timedelta(seconds=59)
    assert signer.verify(kind, ARN, token) == ANA
    clock.now += timedelta(seconds=1)
    with pytest.raises(InvalidTokenError, match="expired"):
        signer.verify(kind, ARN, token)


def test_token_of_another_purpose_environment_or_process_is_refused() -> None:
    signer = TokenSigner()
    web = signer.issue("web", ARN, ANA)
    for kind, arn, token in (
        ("cli", ARN, web),
        ("web", f"{ARN}2", web),
        ("web", ARN, TokenSigner().issue("web", ARN, ANA)),
        ("web", ARN, f"{web}x"),
        ("web", ARN, ""),
    ):
        with pytest.raises(InvalidTokenError):
            signer.verify("cli" if kind == "cli" else "web", arn, token)


def test_airflow_knows_long_identities_by_a_hash_of_64_characters() -> None:
    short, long = Caller("x" * 64, "Admin"), Caller("x" * 65, "Admin")
    assert airflow_identity(short) == "x" * 64
    assert len(airflow_identity(long)) == 64
    assert airflow_identity(long) != airflow_identity(Caller("x" * 66, "Admin"))
