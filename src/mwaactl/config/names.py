"""The names of everything that an environment consists of, derived from four facts and nothing else."""

from dataclasses import dataclass
from typing import Literal

type LogKind = Literal["DAGProcessing", "Scheduler", "Task", "WebServer", "Worker"]


@dataclass(frozen=True, slots=True)
class Names:
    """Names of the AWS resources of one environment.

    Attributes:
        project: Name of the project, for example `flights`.
        environment: Name of the environment in mwaactl.toml, for example `prod`.
        account: AWS account, 12 digits.
        region: AWS region, for example `eu-west-1`.
    """

    project: str
    environment: str
    account: str
    region: str

    @property
    def prefix(self) -> str:
        """What every name begins with."""
        return f"{self.project}-{self.environment}"

    @property
    def tags(self) -> dict[str, str]:
        """Tags of every resource, which the configuration adds to or says otherwise."""
        return {"project": self.project, "environment": self.environment}

    @property
    def environment_name(self) -> str:
        """Name of the MWAA environment."""
        return self.prefix

    @property
    def network_stack(self) -> str:
        """CloudFormation stack with VPC, subnets and their way out."""
        return f"{self.prefix}-network"

    @property
    def storage_stack(self) -> str:
        """CloudFormation stack with the buckets and the key."""
        return f"{self.prefix}-storage"

    @property
    def warehouse_stack(self) -> str:
        """CloudFormation stack with the Redshift Serverless namespace and workgroup."""
        return f"{self.prefix}-warehouse"

    @property
    def functions_stack(self) -> str:
        """CloudFormation stack with the Lambda functions."""
        return f"{self.prefix}-functions"

    @property
    def environment_stack(self) -> str:
        """CloudFormation stack with the MWAA environment itself."""
        return f"{self.prefix}-environment"

    @property
    def observability_stack(self) -> str:
        """CloudFormation stack with alarms, dashboard, event rules and budget."""
        return f"{self.prefix}-observability"

    @property
    def endpoints_stack(self) -> str:
        """CloudFormation stack with the environment's VPC endpoints, in the account that shares the VPC."""
        return f"{self.prefix}-endpoints"

    @property
    def deployment_stack(self) -> str:
        """CloudFormation stack with the roles of continuous deployment, which no deployment touches."""
        return f"{self.prefix}-deployment"

    @property
    def foundation_stacks(self) -> tuple[str, ...]:
        """Stacks that must exist before anything is uploaded, in the order of their creation."""
        return (self.storage_stack, self.network_stack, self.warehouse_stack, self.functions_stack)

    @property
    def stacks(self) -> tuple[str, ...]:
        """All stacks that a deployment knows, in the order of their creation."""
        return (*self.foundation_stacks, self.environment_stack)

    @property
    def source_bucket(self) -> str:
        """Bucket that MWAA reads DAGs, plugins, requirements and startup script from.

        Account and region are part of the name, so that a stranger cannot have taken it.
        """
        return f"{self.prefix}-source-{self.account}-{self.region}"

    @property
    def data_bucket(self) -> str:
        """Bucket that the pipelines read from and write to."""
        return f"{self.prefix}-data-{self.account}-{self.region}"

    @property
    def key_alias(self) -> str:
        """Alias of the customer-managed KMS key."""
        return f"alias/{self.prefix}"

    @property
    def workgroup(self) -> str:
        """Redshift Serverless workgroup."""
        return self.prefix

    @property
    def namespace(self) -> str:
        """Redshift Serverless namespace."""
        return self.prefix

    @property
    def database(self) -> str:
        """Database in the Redshift Serverless namespace."""
        return "warehouse"

    @property
    def normalise_function(self) -> str:
        """Lambda function that validates and normalises landed files."""
        return f"{self.prefix}-normalise"

    @property
    def landed_queue(self) -> str:
        """Queue that tells of every file that lands in the data bucket."""
        return f"{self.prefix}-landed"

    @property
    def serving_table(self) -> str:
        """DynamoDB table from which applications read what pipelines have worked out."""
        return f"{self.prefix}-serving"

    def log_group(self, kind: LogKind) -> str:
        """CloudWatch log group of one kind of Airflow logs; MWAA allows no other name."""
        return f"airflow-{self.environment_name}-{kind}"
