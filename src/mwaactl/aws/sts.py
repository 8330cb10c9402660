"""Who the caller is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mwaactl.aws.failures import mapped

if TYPE_CHECKING:
    from mypy_boto3_sts import STSClient


@dataclass(frozen=True, slots=True)
class Caller:
    """An AWS identity."""

    account: str
    arn: str


@dataclass(frozen=True, slots=True)
class Identity:
    """STS, as far as a deployment needs it."""

    client: STSClient

    def caller(self) -> Caller:
        """Return whose credentials sign the requests."""
        with mapped("sts", "GetCallerIdentity"):
            answer = self.client.get_caller_identity()
        return Caller(answer["Account"], answer["Arn"])
