"""One environment, resolved: every value is there and agrees with the catalogue."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from mwaactl.config.names import LogKind, Names

type LogLevel = Literal["CRITICAL", "ERROR", "WARNING", "INFO", "DEBUG"]
type AccessMode = Literal["PRIVATE_ONLY", "PUBLIC_ONLY", "PUBLIC_AND_PRIVATE"]
type Nat = Literal["one", "per-zone", "none"]


@dataclass(frozen=True, slots=True)
class NetworkConfig:
    """The VPC of an environment.

    Attributes:
        nat: NAT gateways: one for both of MWAA's zones, one for each, or none (interface endpoints instead).
        cidr: Address range of the VPC, for example `10.192.0.0/16`.
        zones: Letters of two or three availability zones, for example `("a", "b", "c")`; MWAA takes the
            first two.
    """

    nat: Nat
    cidr: str
    zones: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EnvironmentConfig:
    """Everything that is configured about one environment, with the defaults merged in.

    Attributes:
        endpoint_url: Address of an emulated AWS; None for AWS itself.
        maintenance_window: Start of the weekly maintenance in UTC, `DAY:HH:MM`; None lets MWAA choose.
        log_levels: Log kind as MWAA names its log groups to level; a kind that is absent is switched off.
        airflow_config_options: `section.option` to value, as MWAA takes them.
    """

    project: str
    environment: str
    account: str
    region: str
    endpoint_url: str | None
    airflow_version: str
    environment_class: str
    min_workers: int
    max_workers: int
    schedulers: int
    min_webservers: int
    max_webservers: int
    webserver_access_mode: AccessMode
    maintenance_window: str | None
    log_levels: Mapping[LogKind, LogLevel]
    airflow_config_options: Mapping[str, str]
    tags: Mapping[str, str]
    network: NetworkConfig

    @property
    def names(self) -> Names:
        """Names of the environment's AWS resources."""
        return Names(self.project, self.environment, self.account, self.region)

    @property
    def availability_zones(self) -> tuple[str, ...]:
        """Full names of the availability zones, for example `("eu-west-1a", "eu-west-1b", "eu-west-1c")`."""
        return tuple(f"{self.region}{letter}" for letter in self.network.zones)
