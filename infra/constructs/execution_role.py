"""The execution role of the MWAA environment, and the permissions that MWAA documents for it.

Statement by statement: https://docs.aws.amazon.com/mwaa/latest/userguide/mwaa-create-role.html
"""

from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct

from infra.acknowledgements import acknowledge, wildcard_reasons
from infra.arns import Arns


class ExecutionRole(Construct):
    """A role that only this account's environment of this name may take on.

    It has no fixed name: MWAA warns against using the name of a deleted role again.
    """

    def __init__(self, scope: Construct, construct_id: str, *, arns: Arns, key: kms.IKey) -> None:
        super().__init__(scope, construct_id)
        self.role = iam.Role(
            self,
            "Role",
            description=f"MWAA environment {arns.names.environment_name}",
            assumed_by=_mwaa(arns),
        )
        self.policy = iam.Policy(
            self, "Policy", roles=[self.role], statements=_documented_statements(arns, key.key_arn)
        )
        acknowledge(self.policy, wildcard_reasons(_reasons(arns)))


def _mwaa(arns: Arns) -> iam.IPrincipal:
    conditions = {
        "ArnLike": {"aws:SourceArn": arns.environment},
        "StringEquals": {"aws:SourceAccount": arns.names.account},
    }
    return iam.CompositePrincipal(
        iam.ServicePrincipal("airflow.amazonaws.com", conditions=conditions),
        iam.ServicePrincipal("airflow-env.amazonaws.com", conditions=conditions),
    )


def _documented_statements(arns: Arns, key_arn: str) -> list[iam.PolicyStatement]:
    return [_metrics(arns), *_source_bucket(arns), *_logs(arns), _queue(arns), _key(arns, key_arn)]


def _metrics(arns: Arns) -> iam.PolicyStatement:
    return iam.PolicyStatement(
        sid="PublishMetrics", actions=["airflow:PublishMetrics"], resources=[arns.environment]
    )


def _source_bucket(arns: Arns) -> list[iam.PolicyStatement]:
    bucket_and_objects = [arns.source_bucket, f"{arns.source_bucket}/*"]
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


def _logs(arns: Arns) -> list[iam.PolicyStatement]:
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
            resources=[arns.airflow_log_groups],
        ),
        iam.PolicyStatement(
            sid="AccountWide",
            actions=["logs:DescribeLogGroups", "s3:GetAccountPublicAccessBlock", "cloudwatch:PutMetricData"],
            resources=["*"],
        ),
    ]


def _queue(arns: Arns) -> iam.PolicyStatement:
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
        resources=[arns.celery_queues],
    )


def _key(arns: Arns, key_arn: str) -> iam.PolicyStatement:
    region = arns.names.region
    services = [f"sqs.{region}.amazonaws.com", f"s3.{region}.amazonaws.com"]
    return iam.PolicyStatement(
        sid="UseKey",
        actions=["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey*", "kms:Encrypt"],
        resources=[key_arn],
        conditions={"StringLike": {"kms:ViaService": services}},
    )


def _reasons(arns: Arns) -> dict[str, str]:
    documented = "As MWAA documents it for the execution role"
    return {
        "s3:GetObject*": documented,
        "s3:GetBucket*": documented,
        "s3:List*": documented,
        "kms:GenerateDataKey*": documented,
        f"{arns.source_bucket}/*": "MWAA reads every object of its source bucket",
        arns.airflow_log_groups: "The environment's five log groups share this prefix",
        arns.celery_queues: "The queue stands in an account of MWAA's own and gets its name at creation",
        "*": "These three actions know no narrower resource",
    }
