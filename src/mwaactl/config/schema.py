"""What may stand in mwaactl.toml, as frozen models that know no other key.

A value that is wrong by itself is refused here; whether values agree with one another and with MWAA is the
business of `rules`, once the defaults are merged in.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictInt

from mwaactl.catalog.alarms import alarms
from mwaactl.catalog.classes import environment_classes
from mwaactl.catalog.versions import airflow_versions
from mwaactl.config.environment import AccessMode, EndpointManagement, Keeping, Nat
from mwaactl.config.shapes import (
    Account,
    AirflowNumber,
    Boundary,
    BranchName,
    BucketName,
    ClientRange,
    Email,
    EndpointUrl,
    MaintenanceWindow,
    Name,
    OidcProviderArn,
    Options,
    PrincipalArn,
    Region,
    RepositoryName,
    SecretPrefix,
    ThreeSubnets,
    TwoSubnets,
    VpcId,
    VpcRange,
    Zones,
)

type Level = Literal["OFF", "CRITICAL", "ERROR", "WARNING", "INFO", "DEBUG"]
type Count = Annotated[StrictInt, Field(ge=1)]
Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]


class Section(BaseModel):
    """Base of all tables: frozen, and a key that it does not know is an error."""

    # Input stays out of pydantic's own messages: a value may be a secret in the wrong place.
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class LogLevels(Section):
    """Level of each kind of Airflow logs in CloudWatch; `OFF` sends none."""

    dag_processing: Level | None = None
    scheduler: Level | None = None
    task: Level | None = None
    webserver: Level | None = None
    worker: Level | None = None


class Vpc(Section):
    """A VPC that somebody else builds and keeps, with its routes and its endpoints."""

    id: VpcId = Field(description="Id of the VPC.")
    subnets: TwoSubnets = Field(description="MWAA's two private subnets, in the first two of the zones.")
    warehouse_subnets: ThreeSubnets = Field(
        description="Three subnets for Redshift Serverless, spread over the zones."
    )
    owner: Account | None = Field(
        default=None,
        description="Account that shares the VPC: its people make the environment's VPC endpoints.",
    )


class Network(Section):
    """The VPC that the environment lives in."""

    nat: Nat | None = Field(
        default=None,
        description="NAT gateways: one, one per zone, or none and interface endpoints instead. "
        "For an existing VPC, what it has.",
    )
    cidr: VpcRange | None = Field(default=None, description="Address range, between /16 and /24.")
    zones: Zones | None = Field(
        default=None,
        description="Letters of three availability zones, of two in us-west-1; MWAA takes the first two.",
    )
    vpc: Vpc | None = Field(default=None, description="An existing VPC; without it one is built.")
    endpoint_management: EndpointManagement | None = Field(
        default=None,
        description="Who makes the environment's VPC endpoints: MWAA or you.",
    )
    boundary: Boundary | None = Field(
        default=None,
        description="Whose callers and resources VPC endpoints let through: `account`, an organisation such "
        "as `o-a1b2c3d4e5`, or `none` for everybody's.",
    )
    readable_buckets: tuple[BucketName, ...] | None = Field(
        default=None, description="Buckets beyond the boundary that may be read through the gateway to S3."
    )
    webserver_clients: tuple[ClientRange, ...] | None = Field(
        default=None, description="Address ranges that reach a private web server on port 443."
    )


class Alarms(Section):
    """The alarms of an environment, and who hears of them."""

    enabled: StrictBool | None = Field(default=None, description="Whether there are alarms; they are on.")
    page_emails: tuple[Email, ...] | None = Field(
        default=None, description="Addresses that hear of what cannot wait."
    )
    warn_emails: tuple[Email, ...] | None = Field(
        default=None, description="Addresses that hear of what can wait until the morning."
    )
    thresholds: dict[str, Number] | None = Field(
        default=None,
        description="Alarm to threshold, in the unit of its metric, where the default does not fit.",
        json_schema_extra={"propertyNames": {"enum": [*alarms()]}},
    )


class Budget(Section):
    """What an environment may cost."""

    monthly_usd: Annotated[Number, Field(gt=0)] | None = Field(
        default=None,
        description="Dollars in a month; beyond them, or if they are forecast, a warning is sent.",
    )
    emails: Annotated[tuple[Email, ...], Field(max_length=10)] | None = Field(
        default=None, description="Addresses that hear of it, besides those for warnings."
    )
    tag: str | None = Field(
        default=None,
        description="One of `tags`, activated for cost allocation: only what carries it counts.",
    )


class Deployment(Section):
    """The workflow on GitHub that deploys; without it there are no roles for one."""

    repository: RepositoryName | None = Field(
        default=None, description="Repository on GitHub, `ORGANISATION/REPOSITORY`."
    )
    branch: BranchName | None = Field(default=None, description="Branch from which is deployed.")
    github_environment: BranchName | None = Field(
        default=None, description="Environment on GitHub of the jobs that write."
    )
    oidc_provider_arn: OidcProviderArn | None = Field(
        default=None, description="The account's identity provider for GitHub, if it exists already."
    )
    creates_stacks: bool | None = Field(
        default=None, description="Whether the workflow may create stacks through the CDK's roles."
    )


class Writers(Section):
    """Who alone writes to the source bucket; without a list the policies of IAM decide."""

    dags: tuple[PrincipalArn, ...] | None = Field(
        default=None, description="ARNs of roles and users that write DAGs."
    )
    artifacts: tuple[PrincipalArn, ...] | None = Field(
        default=None,
        description="ARNs of roles and users that write plugins, requirements and startup script.",
    )


class Secrets(Section):
    """Connections and variables in Secrets Manager; what is not there is looked up in Airflow's database."""

    connections_prefix: SecretPrefix | None = Field(
        default=None, description="Beginning of the names of secrets with connections."
    )
    variables_prefix: SecretPrefix | None = Field(
        default=None, description="Beginning of the names of secrets with variables."
    )


class Settings(Section):
    """What can be set for one environment, or for all of them under `defaults`."""

    account: Account | None = Field(default=None, description="AWS account, 12 digits in quotes.")
    region: Region | None = Field(default=None, description="AWS region.")
    endpoint_url: EndpointUrl | None = Field(default=None, description="Address of an emulated AWS.")
    airflow_version: str | None = Field(
        default=None, description="Airflow version.", json_schema_extra={"enum": [*airflow_versions()]}
    )
    running_airflow_version: AirflowNumber | None = Field(
        default=None,
        description="Airflow version that an upgrade starts from, which `mwaactl check` judges.",
    )
    environment_class: str | None = Field(
        default=None, description="Size.", json_schema_extra={"enum": [*environment_classes()]}
    )
    min_workers: Count | None = Field(default=None, description="Workers that always run.")
    max_workers: Count | None = Field(default=None, description="Workers that run under load.")
    schedulers: Count | None = Field(default=None, description="Schedulers: 2 to 5; 1 for mw1.micro.")
    min_webservers: Count | None = Field(default=None, description="Web servers that always run.")
    max_webservers: Count | None = Field(default=None, description="Web servers that run under load.")
    webserver_access_mode: AccessMode | None = Field(
        default=None, description="Ways to the web server; PUBLIC_AND_PRIVATE needs Airflow 3.2.1."
    )
    maintenance_window: MaintenanceWindow | None = Field(
        default=None, description="Start of the weekly maintenance in UTC, `DAY:HH:MM`."
    )
    log_levels: LogLevels = LogLevels()
    airflow_config_options: Options = Field(
        default_factory=dict, description="Airflow options, `section.option` to value."
    )
    tags: dict[str, str] = Field(default_factory=dict, description="Tags on every AWS resource.")
    data: Keeping | None = Field(
        default=None,
        description="What becomes of buckets, key and warehouse when their stacks go: `keep`, or `delete`, "
        "which also needs `-c destroy_data=ENV` at the deployment.",
    )
    network: Network = Network()
    alarms: Alarms = Alarms()
    budget: Budget = Budget()
    deployment: Deployment = Deployment()
    secrets: Secrets = Secrets()
    writers: Writers = Writers()


class ProjectFile(Section):
    """The whole of mwaactl.toml."""

    project: Name = Field(description="Name of the project: the beginning of every resource's name.")
    default_environment: Name | None = Field(
        default=None, description="Environment that commands use when none is named."
    )
    defaults: Settings = Field(default=Settings(), description="Settings of all environments.")
    environments: dict[Name, Settings] = Field(min_length=1, description="Environments by name.")
