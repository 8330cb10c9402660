"""Who the caller is."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from mwaactl.aws.failures import mapped

if TYPE_CHECKING:
    from mypy_boto3_sts import STSClient


@dataclass(frozen=True, slots=True)
class Caller:
    """An AWS identity."""

    account: str
    arn: str


@dataclass(slots=True)
class Identity:
    """STS, as far as a deployment needs it."""

    client: STSClient
    _caller: Caller | None = field(default=None, init=False)

    def caller(self) -> Caller:
        """Return whose credentials sign the requests; AWS is asked once."""
        if self._caller is None:
            with mapped("sts", "GetCallerIdentity"):
                answer = self.client.get_caller_identity()
            self._caller = Caller(answer["Account"], answer["Arn"])
        return self._caller
