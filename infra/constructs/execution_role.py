"""The execution role of the MWAA environment, and the permissions that MWAA documents for it.

Statement by statement: https://docs.aws.amazon.com/mwaa/latest/userguide/mwaa-create-role.html
"""

from dataclasses import dataclass

from aws_cdk import aws_iam as iam
from constructs import Construct

from infra.acknowledgements import acknowledge, wildcard_reasons
from infra.constructs.celery_queue import CeleryQueue


@dataclass(frozen=True, slots=True)
class RoleScope:
    """What an execution role is for.

    Attributes:
        environment_name: Name of the MWAA environment, which need not exist yet.
        account: Account of the environment, 12 digits.
        region: Region of the environment.
        source_bucket: Name of the bucket that the environment reads its DAGs from.
        key_arn: ARN of the customer-managed key of the environment and of its source bucket.
    """

    environment_name: str
    account: str
    region: str
    source_bucket: str
    key_arn: str

    @property
    def environment_arn(self) -> str:
        """The MWAA environment."""
        return f"arn:aws:airflow:{self.region}:{self.account}:environment/{self.environment_name}"

    @property
    def log_groups(self) -> str:
        """Pattern for the log groups of the environment and their streams."""
        return f"arn:aws:logs:{self.region}:{self.account}:log-group:airflow-{self.environment_name}-*"

    @property
    def bucket_arn(self) -> str:
        """The source bucket."""
        return f"arn:aws:s3:::{self.source_bucket}"


class ExecutionRole(Construct):
    """A role that only this account's environment of this name may take on.

    It may do what MWAA documents and nothing more; what DAGs need besides is granted by `PipelinePolicy`. It
    has no fixed name: MWAA warns against using the name of a deleted role again. Its trust names the one
    environment, as https://docs.aws.amazon.com/mwaa/latest/userguide/cross-service-confused-deputy-prevention.html
    asks for.
    """

    def __init__(
        self, scope: Construct, construct_id: str, *, role_scope: RoleScope, queue: CeleryQueue | None = None
    ) -> None:
        """Make the role and its policy.

        Args:
            scope: Where the construct belongs.
            construct_id: Its id there.
            role_scope: What the role is for.
            queue: The one queue that it may use; without it, as MWAA documents it, every account's queue
                whose name begins with `airflow-celery-`.
        """
        super().__init__(scope, construct_id)
        self.role = iam.Role(
            self,
            "Role",
            description=f"MWAA environment {role_scope.environment_name}",
            assumed_by=_mwaa(role_scope),
        )
        region = role_scope.region
        queues = queue.arn if queue else CeleryQueue.any_account(region)
        self.policy = iam.Policy(
            self, "Policy", roles=[self.role], statements=_documented_statements(role_scope, queues)
        )
        named = CeleryQueue.choice(region) if queue else queues
        acknowledge(self.policy, wildcard_reasons(_reasons(role_scope, named)))


def _mwaa(scope: RoleScope) -> iam.IPrincipal:
    conditions = {
        "ArnLike": {"aws:SourceArn": scope.environment_arn},
        "StringEquals": {"aws:SourceAccount": scope.account},
    }
    return iam.CompositePrincipal(
        iam.ServicePrincipal("airflow.amazonaws.com", conditions=conditions),
        iam.ServicePrincipal("airflow-env.amazonaws.com", conditions=conditions),
    )


def _documented_statements(scope: RoleScope, queues: str) -> list[iam.PolicyStatement]:
    return [_metrics(scope), *_source_bucket(scope), *_logs(scope), _queue(queues), _key(scope)]


def _metrics(scope: RoleScope) -> iam.PolicyStatement:
    return iam.PolicyStatement(
        sid="PublishMetrics", actions=["airflow:PublishMetrics"], resources=[scope.environment_arn]
    )


def _source_bucket(scope: RoleScope) -> list[iam.PolicyStatement]:
    bucket_and_objects = [scope.bucket_arn, f"{scope.bucket_arn}/*"]
    return [
        iam.PolicyStatement(
            sid="NoListOfBuckets",
            effect=iam.Effect.DENY,
            actions=["s3:ListAllMyBuckets"],
            resources=bucket_and_objects,
        ),
        iam.PolicyStatement(
            sid="ReadSource",
            actions=["s3:GetObject*", "s3:GetBucket*", "s3:List*"],
            resources=bucket_and_objects,
        ),
    ]


def _logs(scope: RoleScope) -> list[iam.PolicyStatement]:
    return [
        iam.PolicyStatement(
            sid="WriteLogs",
            actions=[
                "logs:CreateLogStream",
                "logs:CreateLogGroup",
                "logs:PutLogEvents",
                "logs:GetLogEvents",
                "logs:GetLogRecord",
                "logs:GetLogGroupFields",
                "logs:GetQueryResults",
                # Not in the documented policy, but Airflow 3 on MWAA calls it to show the triggerer's logs.
                "logs:DescribeLogStreams",
            ],
            resources=[scope.log_groups],
        ),
        iam.PolicyStatement(
            sid="AccountWide",
            actions=["logs:DescribeLogGroups", "s3:GetAccountPublicAccessBlock", "cloudwatch:PutMetricData"],
            resources=["*"],
        ),
    ]


def _queue(queues: str) -> iam.PolicyStatement:
    return iam.PolicyStatement(
        sid="CeleryQueue",
        actions=[
            "sqs:ChangeMessageVisibility",
            "sqs:DeleteMessage",
            "sqs:GetQueueAttributes",
            "sqs:GetQueueUrl",
            "sqs:ReceiveMessage",
            "sqs:SendMessage",
        ],
        resources=[queues],
    )


def _key(scope: RoleScope) -> iam.PolicyStatement:
    region = scope.region
    services = [f"sqs.{region}.amazonaws.com", f"s3.{region}.amazonaws.com"]
    return iam.PolicyStatement(
        sid="UseKey",
        actions=["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey*", "kms:Encrypt"],
        resources=[scope.key_arn],
        conditions={"StringLike": {"kms:ViaService": services}},
    )


def _reasons(scope: RoleScope, queues: str) -> dict[str, str]:
    documented = "As MWAA documents it for the execution role"
    return {
        "s3:GetObject*": documented,
        "s3:GetBucket*": documented,
        "s3:List*": documented,
        "kms:GenerateDataKey*": documented,
        f"{scope.bucket_arn}/*": "MWAA reads every object of its source bucket",
        scope.log_groups: "The environment's five log groups share this prefix",
        queues: "As MWAA documents it; `mwaactl harden` names the one queue once it exists",
        "*": "These three actions know no narrower resource",
    }
