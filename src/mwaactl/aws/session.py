"""Makes the boto3 session and clients of one environment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config

if TYPE_CHECKING:
    from botocore.client import BaseClient

CONNECTIONS = 16


@dataclass(frozen=True, slots=True)
class AwsSession:
    """Where and as whom requests are made.

    Attributes:
        region: AWS region.
        endpoint_url: Address of all services; None for AWS itself.
    """

    region: str
    endpoint_url: str | None = None

    def client(self, service: str) -> BaseClient:
        """Return a client of a service."""
        session = boto3.Session(region_name=self.region)
        config = Config(
            retries={"mode": "standard", "max_attempts": 5},
            max_pool_connections=CONNECTIONS,
            user_agent_extra="mwaactl",
            # MWAA's host prefixes (api., env.) name AWS's own hosts; a configured endpoint is one host.
            inject_host_prefix=self.endpoint_url is None,
        )
        client: BaseClient = session.client(
            service,
            region_name=self.region,
            endpoint_url=self.endpoint_url,
            config=config,
            **_credentials(session, self),
        )
        return client


def _credentials(session: boto3.Session, target: AwsSession) -> dict[str, str]:
    """Return placeholders where an own endpoint is configured and the caller has no credentials at all.

    botocore refuses to send what it cannot sign; AWS itself never gets these.
    """
    if target.endpoint_url is None or session.get_credentials() is not None:
        return {}
    return {"aws_access_key_id": "anonymous", "aws_secret_access_key": "anonymous"}
