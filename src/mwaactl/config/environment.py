"""One environment, resolved: every value is there and agrees with the catalogue."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

from mwaactl.config.names import LogKind, Names
from mwaactl.config.size import EnvironmentSize

type LogLevel = Literal["CRITICAL", "ERROR", "WARNING", "INFO", "DEBUG"]
type AccessMode = Literal["PRIVATE_ONLY", "PUBLIC_ONLY", "PUBLIC_AND_PRIVATE"]
type Nat = Literal["one", "per-zone", "none"]
type Keeping = Literal["keep", "delete"]
type EndpointManagement = Literal["SERVICE", "CUSTOMER"]


@dataclass(frozen=True, slots=True)
class ExistingVpc:
    """A VPC that somebody else builds and keeps.

    Attributes:
        vpc_id: For example `vpc-0123456789abcdef0`.
        subnets: MWAA's two private subnets, in the first two of the network's zones.
        warehouse_subnets: Three subnets for the warehouse, spread over the network's zones.
        owner: Account that shares the VPC with this one, and whose people make the environment's VPC
            endpoints; None where the environment's stack makes them, or MWAA does.
    """

    vpc_id: str
    subnets: tuple[str, ...]
    warehouse_subnets: tuple[str, ...]
    owner: str | None = None


@dataclass(frozen=True, slots=True)
class NetworkConfig:
    """The VPC of an environment.

    Attributes:
        nat: NAT gateways: one for both of MWAA's zones, one for each, or none (interface endpoints instead);
            for an existing VPC, what it has.
        cidr: Address range of the VPC, for example `10.192.0.0/16`.
        zones: Letters of two or three availability zones, for example `("a", "b", "c")`; MWAA takes the
            first two.
        vpc: The VPC to use; None builds one.
        endpoint_management: Who makes the environment's VPC endpoints, MWAA or you.
        boundary: Whose callers and resources the endpoints let through: `account`, an organisation such as
            `o-a1b2c3d4e5`, or `none` for everybody's.
        readable_buckets: Buckets beyond the boundary that may be read through the gateway to S3.
        webserver_clients: Address ranges that reach a private web server.
    """

    nat: Nat
    cidr: str
    zones: tuple[str, ...]
    vpc: ExistingVpc | None = None
    endpoint_management: EndpointManagement = "SERVICE"
    boundary: str = "account"
    readable_buckets: tuple[str, ...] = ()
    webserver_clients: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AlarmsConfig:
    """The alarms of an environment, and who hears of them.

    Attributes:
        enabled: Whether there are any.
        page_emails: Who hears of what cannot wait.
        warn_emails: Who hears of what can wait until the morning.
        thresholds: Alarm to threshold, where it is not the catalogue's.
    """

    enabled: bool = True
    page_emails: tuple[str, ...] = ()
    warn_emails: tuple[str, ...] = ()
    thresholds: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class BudgetConfig:
    """What an environment may cost.

    Attributes:
        monthly_usd: Dollars in a month, of the whole account unless a tag says less.
        emails: Who hears of it, besides the topic for warnings.
        tag: A tag of the environment's that is activated for cost allocation; None counts everything.
    """

    monthly_usd: float
    emails: tuple[str, ...] = ()
    tag: str | None = None


@dataclass(frozen=True, slots=True)
class DeploymentConfig:
    """Who deploys continuously: a workflow on GitHub.

    Attributes:
        repository: The repository, `ORGANISATION/REPOSITORY`.
        branch: The branch from which is deployed.
        github_environment: The environment on GitHub in which the jobs that write run.
        oidc_provider_arn: ARN of the account's identity provider for GitHub; None makes it.
        creates_stacks: Whether the workflow may create stacks through the CDK's roles.
    """

    repository: str
    branch: str = "main"
    github_environment: str = "mwaactl"
    oidc_provider_arn: str | None = None
    creates_stacks: bool = False


@dataclass(frozen=True, slots=True)
class SecretsConfig:
    """Where Airflow looks connections and variables up in Secrets Manager.

    Attributes:
        connections_prefix: What the names of secrets with connections begin with; None looks none up.
        variables_prefix: What the names of secrets with variables begin with; None looks none up.
    """

    connections_prefix: str | None = None
    variables_prefix: str | None = None


@dataclass(frozen=True, slots=True)
class WritersConfig:
    """Who alone writes to the source bucket, by ARNs of roles and users or patterns of them.

    Attributes:
        dags: Who writes below `dags/`; none leaves it to the policies of IAM.
        artifacts: Who writes plugins, requirements and startup script; none leaves it to the policies of IAM.
    """

    dags: tuple[str, ...] = ()
    artifacts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EnvironmentConfig:
    """Everything that is configured about one environment, with the defaults merged in.

    Attributes:
        endpoint_url: Address of an emulated AWS; None for AWS itself.
        maintenance_window: Start of the weekly maintenance in UTC, `DAY:HH:MM`; None lets MWAA choose.
        log_levels: Log kind as MWAA names its log groups to level; a kind that is absent is switched off.
        airflow_config_options: `section.option` to value, as MWAA takes them.
        tags: Tags of every AWS resource: project and environment, and what the file adds.
        budget: What it may cost; None where nobody has said.
        data: Whether buckets, key and warehouse outlive their stacks; see `infra.retention`.
        deployment: Who deploys continuously; None if nobody does.
        writers: Who alone writes to the source bucket.
        secrets: Where connections and variables are looked up; None leaves Airflow's own database alone.
        running_airflow_version: Where an upgrade starts from; None where nobody has said.
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
    alarms: AlarmsConfig = AlarmsConfig()
    budget: BudgetConfig | None = None
    data: Keeping = "keep"
    deployment: DeploymentConfig | None = None
    secrets: SecretsConfig | None = None
    writers: WritersConfig = WritersConfig()
    running_airflow_version: str | None = None

    @property
    def names(self) -> Names:
        """Names of the environment's AWS resources."""
        return Names(self.project, self.environment, self.account, self.region)

    @property
    def availability_zones(self) -> tuple[str, ...]:
        """Full names of the availability zones, for example `("eu-west-1a", "eu-west-1b", "eu-west-1c")`."""
        return tuple(f"{self.region}{letter}" for letter in self.network.zones)

    @property
    def size(self) -> EnvironmentSize:
        """What it is charged for by the hour."""
        return EnvironmentSize(
            self.environment_class,
            self.min_workers,
            self.max_workers,
            self.schedulers,
            self.min_webservers,
            self.max_webservers,
        )
