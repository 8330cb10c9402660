"""Makes the boto3 clients of one environment, and tells child processes where AWS is."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import boto3
import botocore.session
from botocore.config import Config

from mwaactl.aws.failures import configured

if TYPE_CHECKING:
    from collections.abc import Mapping

CONNECTIONS = 16
# botocore sends nothing that it cannot sign; AWS itself never gets these.
PLACEHOLDER = "anonymous"


@dataclass(frozen=True, slots=True)
class AwsSession:
    """Where and as whom requests are made.

    Attributes:
        region: AWS region.
        endpoint_url: Address of all services; None for AWS itself.
    """

    region: str
    endpoint_url: str | None = None
    _session: boto3.Session = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        with configured():
            object.__setattr__(self, "_session", self._new_session())

    def _new_session(self) -> boto3.Session:
        core = botocore.session.Session()
        if self.endpoint_url is not None:
            # The instance's own role is no credential for another endpoint, and asking for it takes seconds.
            core.get_component("credential_provider").remove("iam-role")
        return boto3.Session(botocore_session=core, region_name=self.region)

    def client(self, service: str) -> Any:  # noqa: ANN401  each caller names the type of its service
        """Return a client of a service.

        Raises:
            MwaactlError: If the caller's profile, AWS files or variables cannot be used.
        """
        make: Any = self._session.client
        with configured():
            return make(
                service,
                region_name=self.region,
                endpoint_url=self.endpoint_url,
                config=self._config(),
                **self._placeholders("aws_access_key_id", "aws_secret_access_key"),
            )

    def process_environment(self) -> Mapping[str, str]:
        """Return the variables with which a child process talks to the same AWS."""
        variables = {"AWS_REGION": self.region, "AWS_DEFAULT_REGION": self.region}
        if self.endpoint_url is None:
            return variables
        return {
            **variables,
            "AWS_ENDPOINT_URL": self.endpoint_url,
            "AWS_DISABLE_HOST_PREFIX_INJECTION": "true",
            "AWS_EC2_METADATA_DISABLED": "true",
            **self._placeholders("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"),
        }

    def _config(self) -> Config:
        return Config(
            retries={"mode": "standard", "max_attempts": 5},
            max_pool_connections=CONNECTIONS,
            user_agent_extra="mwaactl",
            # MWAA's host prefixes (api., env.) name AWS's own hosts; a configured endpoint is one host.
            inject_host_prefix=self.endpoint_url is None,
        )

    def _placeholders(self, *names: str) -> dict[str, str]:
        """Return stand-ins where an own endpoint is configured and the caller has no credentials at all."""
        if self.endpoint_url is None or self._session.get_credentials() is not None:
            return {}
        return dict.fromkeys(names, PLACEHOLDER)
