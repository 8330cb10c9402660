"""Makes the clients of one environment, and tells child processes where AWS is.

They are botocore's, which boto3 hands out too. boto3 itself would add resources and transfers, which nothing
uses here and every command would import.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import botocore.session
from botocore.config import Config
from botocore.utils import parse_timestamp

from mwaactl.aws.answers import refuse_broken
from mwaactl.aws.failures import configured

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mwaactl.aws.clock import AwsClock

# No more requests are under way at once; s5cmd allows itself 256, the AWS CLI 10.
CONNECTIONS = 64
# Seconds. A request without an answer is sent again, and must not outlast the lease of a deployment's lock; a
# call of Airflow through MWAA may take half a minute by itself.
CONNECT_TIMEOUT = 10.0
READ_TIMEOUTS: Mapping[str, float] = MappingProxyType({"s3": 20.0})
READ_TIMEOUT = 60.0
# botocore sends nothing that it cannot sign; AWS itself never gets these.
PLACEHOLDER = "anonymous"
LOOPBACK = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True, slots=True)
class AwsSession:
    """Where and as whom requests are made.

    Attributes:
        region: AWS region.
        endpoint_url: Address of all services; None for AWS itself.
        read_timeout: Seconds without an answer before a request is sent again; None for each service's own.
        clock: Put right by the answers.
    """

    region: str
    endpoint_url: str | None = None
    read_timeout: float | None = None
    clock: AwsClock | None = field(default=None, compare=False)
    _session: botocore.session.Session = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        with configured():
            object.__setattr__(self, "_session", self._new_session())

    def _new_session(self) -> botocore.session.Session:
        session = botocore.session.Session()
        if self.endpoint_url is not None:
            # The instance's own role is no credential for another endpoint, and asking for it takes seconds.
            session.get_component("credential_provider").remove("iam-role")
        session.register("before-parse", refuse_broken)
        if self.clock is not None:
            session.register("before-parse", self.clock.note)
        session.get_component("response_parser_factory").set_parser_defaults(timestamp_parser=moment)
        return session

    def client(self, service: str) -> Any:  # noqa: ANN401  each caller names the type of its service
        """Return a client of a service.

        Raises:
            MwaactlError: If the caller's profile, AWS files or variables cannot be used.
        """
        make: Any = self._session.create_client
        with configured():
            return make(
                service,
                region_name=self.region,
                endpoint_url=self.endpoint_url,
                config=self._config(service),
                **self._placeholders("aws_access_key_id", "aws_secret_access_key"),
            )

    def process_environment(self, present: Mapping[str, str] = MappingProxyType({})) -> Mapping[str, str]:
        """Return the variables with which a child process talks to the same AWS.

        Args:
            present: Variables that it has besides.
        """
        variables = {"AWS_REGION": self.region, "AWS_DEFAULT_REGION": self.region}
        if self.endpoint_url is None:
            return variables
        return {
            **variables,
            "AWS_ENDPOINT_URL": self.endpoint_url,
            "AWS_DISABLE_HOST_PREFIX_INJECTION": "true",
            "AWS_EC2_METADATA_DISABLED": "true",
            **(past_proxies(present) if self._is_loopback else {}),
            **self._placeholders("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"),
        }

    def _config(self, service: str) -> Config:
        return Config(
            retries={"mode": "standard", "max_attempts": 5},
            connect_timeout=CONNECT_TIMEOUT,
            read_timeout=self.read_timeout or READ_TIMEOUTS.get(service, READ_TIMEOUT),
            max_pool_connections=CONNECTIONS,
            # botocore puts its own line together anew, twice for each request: a seventh of what one costs.
            user_agent=f"{self._session.user_agent()} mwaactl",
            # MWAA's host prefixes (api., env.) name AWS's own hosts; a configured endpoint is one host.
            inject_host_prefix=self.endpoint_url is None,
            # A proxy would look for this machine's loopback on its own.
            proxies={} if self._is_loopback else None,
        )

    @property
    def _is_loopback(self) -> bool:
        return self.endpoint_url is not None and urlsplit(self.endpoint_url).hostname in LOOPBACK

    def _placeholders(self, *names: str) -> dict[str, str]:
        """Return stand-ins where an own endpoint is configured and the caller has no credentials at all."""
        if self.endpoint_url is None or self._session.get_credentials() is not None:
            return {}
        return dict.fromkeys(names, PLACEHOLDER)


def past_proxies(present: Mapping[str, str]) -> dict[str, str]:
    """Return the variables that keep requests to this machine from a proxy that others name.

    Args:
        present: The variables of the process; what is named there stays named.
    """
    named = present.get("no_proxy") or present.get("NO_PROXY") or ""
    hosts = [*filter(None, map(str.strip, named.split(","))), *LOOPBACK]
    if "*" in hosts:  # it means every host, and only where it stands alone
        hosts = ["*"]
    return dict.fromkeys(("NO_PROXY", "no_proxy"), ",".join(dict.fromkeys(hosts)))


def moment(told: Any) -> datetime:  # noqa: ANN401  text or a number, as the service writes moments
    """Read a moment; botocore's own reader guesses the format, which is most of what a long listing costs."""
    try:
        return datetime.fromisoformat(told)
    except (TypeError, ValueError):
        return parse_timestamp(told)
