"""What `mwaactl plan` and `mwaactl deploy` ask AWS for, as statements of a policy."""

from collections.abc import Sequence
from dataclasses import dataclass

from aws_cdk import aws_iam as iam

# https://docs.aws.amazon.com/cdk/v2/guide/bootstrapping-env.html
BOOTSTRAP_ROLES = ("deploy-role", "file-publishing-role")


@dataclass(frozen=True, slots=True)
class DeploymentTarget:
    """One environment that is deployed to.

    Attributes:
        environment_name: Name of the MWAA environment.
        account: Its account, 12 digits.
        region: Its region.
        source_bucket: Name of the bucket that it reads its DAGs from.
        key_arn: ARN of the key that encrypts the bucket.
        environment_stack: Name of the stack that holds the environment.
        network_stack: Name of the stack whose endpoint of SQS `mwaactl harden` narrows.
        stacks: Names of all stacks of the environment, with those two.
        bootstrap_qualifier: The qualifier of the CDK's bootstrap in the account.
    """

    environment_name: str
    account: str
    region: str
    source_bucket: str
    key_arn: str
    environment_stack: str
    network_stack: str
    stacks: Sequence[str]
    bootstrap_qualifier: str = "hnb659fds"

    @property
    def bucket_arn(self) -> str:
        """The source bucket."""
        return f"arn:aws:s3:::{self.source_bucket}"

    @property
    def log_groups(self) -> str:
        """Pattern for the log groups of the environment and their streams."""
        return f"{self._arn('logs', 'log-group')}:airflow-{self.environment_name}-*"

    @property
    def environment_arn(self) -> str:
        """The MWAA environment."""
        return self._arn("airflow", f"environment/{self.environment_name}")

    @property
    def viewer_arn(self) -> str:
        """Airflow's role that sees everything and changes nothing."""
        return self._arn("airflow", f"role/{self.environment_name}/Viewer")

    def stack_arns(self, *names: str) -> list[str]:
        """Patterns for stacks: CloudFormation adds an id to a stack's name."""
        return [self._arn("cloudformation", f"stack/{name}/*") for name in names]

    @property
    def bootstrap_role_arns(self) -> list[str]:
        """The roles through which the CDK deploys."""
        prefix = f"arn:aws:iam::{self.account}:role/cdk-{self.bootstrap_qualifier}"
        return [f"{prefix}-{role}-{self.account}-{self.region}" for role in BOOTSTRAP_ROLES]

    def _arn(self, service: str, resource: str) -> str:
        return f"arn:aws:{service}:{self.region}:{self.account}:{resource}"


def reading(target: DeploymentTarget) -> list[iam.PolicyStatement]:
    """What comparing the working tree with the environment takes."""
    return [
        iam.PolicyStatement(sid="ListSource", actions=["s3:ListBucket"], resources=[target.bucket_arn]),
        iam.PolicyStatement(
            sid="ReadSource",
            actions=["s3:GetObject"],
            resources=[f"{target.bucket_arn}/*"],
        ),
        iam.PolicyStatement(
            # Whether the version that the environment runs is still there, once a newer object lies there.
            sid="ReadArtifactVersions",
            actions=["s3:GetObjectVersion"],
            resources=[f"{target.bucket_arn}/artifacts/*"],
        ),
        iam.PolicyStatement(
            sid="ReadStacks",
            actions=["cloudformation:DescribeStacks"],
            resources=target.stack_arns(*target.stacks),
        ),
        iam.PolicyStatement(
            sid="ReadEnvironment", actions=["airflow:GetEnvironment"], resources=[target.environment_arn]
        ),
        iam.PolicyStatement(
            sid="DecryptSource",
            actions=["kms:Decrypt"],
            resources=[target.key_arn],
            conditions=_through_s3(target),
        ),
    ]


def writing(target: DeploymentTarget) -> list[iam.PolicyStatement]:
    """What a release takes besides: objects, the stack's parameters, and Airflow's and pip's word on it."""
    return [
        iam.PolicyStatement(
            sid="WriteSource",
            actions=["s3:DeleteObject", "s3:PutObject"],
            resources=[f"{target.bucket_arn}/{each}/*" for each in ("artifacts", "dags", "releases")],
        ),
        iam.PolicyStatement(
            sid="ReadEarlierReleases",
            actions=["s3:GetObjectVersion"],
            resources=[f"{target.bucket_arn}/dags/*"],
        ),
        iam.PolicyStatement(
            sid="EncryptSource",
            actions=["kms:GenerateDataKey"],
            resources=[target.key_arn],
            conditions=_through_s3(target),
        ),
        iam.PolicyStatement(
            # The stack keeps the role that the CDK gave it: an update asks for no right to hand one over.
            # https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-iam-servicerole.html
            sid="UpdateStack",
            actions=["cloudformation:DescribeStackEvents", "cloudformation:UpdateStack"],
            resources=target.stack_arns(target.environment_stack, target.network_stack),
        ),
        iam.PolicyStatement(
            sid="RestoreArtifacts",
            actions=["airflow:UpdateEnvironment"],
            resources=[target.environment_arn],
        ),
        iam.PolicyStatement(
            sid="AskAirflow", actions=["airflow:InvokeRestApi"], resources=[target.viewer_arn]
        ),
        iam.PolicyStatement(
            sid="ReadInstallationLogs",
            actions=["logs:DescribeLogStreams", "logs:GetLogEvents"],
            resources=[target.log_groups],
        ),
    ]


def creating(target: DeploymentTarget) -> list[iam.PolicyStatement]:
    """What creating missing stacks takes: the CDK's roles, which may do whatever its bootstrap lets them."""
    return [
        iam.PolicyStatement(
            sid="CreateStacks", actions=["sts:AssumeRole"], resources=target.bootstrap_role_arns
        )
    ]


def reasons(target: DeploymentTarget) -> dict[str, str]:
    """Why wildcards stand in these statements."""
    objects = "DAGs, artifacts and releases are named by the project"
    stacks = "CloudFormation adds an id to a stack's name"
    return {
        f"{target.bucket_arn}/*": objects,
        **{f"{target.bucket_arn}/{each}/*": objects for each in ("artifacts", "dags", "releases")},
        **dict.fromkeys(target.stack_arns(*target.stacks), stacks),
        target.log_groups: "The environment's five log groups share this prefix",
    }


def _through_s3(target: DeploymentTarget) -> dict[str, dict[str, str]]:
    return {"StringEquals": {"kms:ViaService": f"s3.{target.region}.amazonaws.com"}}
