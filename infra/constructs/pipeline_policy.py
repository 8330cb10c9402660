"""What the DAGs themselves may do, beyond what MWAA needs."""

from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct

from infra.acknowledgements import acknowledge, wildcard_reasons
from infra.admin_secret import admin_secret_arn_pattern
from infra.arns import Arns


class PipelinePolicy(Construct):
    """Read and write pipeline data, invoke the function, and run SQL in the warehouse."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        role: iam.IRole,
        arns: Arns,
        key: kms.IKey,
        workgroup_arn: str,
    ) -> None:
        super().__init__(scope, construct_id)
        self.policy = iam.Policy(
            self,
            "Policy",
            roles=[role],
            statements=[
                *_data(arns),
                _function(arns),
                *_sql(workgroup_arn),
                *_admin_secret(arns, key.key_arn),
            ],
        )
        reasons = {
            f"{arns.data_bucket}/*": "The DAGs choose the names of their objects",
            "*": "Statements have no ARN; the Data API shows a role only its own",
        }
        acknowledge(self.policy, wildcard_reasons(reasons))


def _data(arns: Arns) -> list[iam.PolicyStatement]:
    return [
        iam.PolicyStatement(
            sid="ListData",
            actions=["s3:GetBucketLocation", "s3:ListBucket"],
            resources=[arns.data_bucket],
        ),
        iam.PolicyStatement(
            sid="ReadAndWriteData",
            actions=["s3:AbortMultipartUpload", "s3:DeleteObject", "s3:GetObject", "s3:PutObject"],
            resources=[f"{arns.data_bucket}/*"],
        ),
    ]


def _function(arns: Arns) -> iam.PolicyStatement:
    return iam.PolicyStatement(
        sid="InvokeFunction", actions=["lambda:InvokeFunction"], resources=[arns.normalise_function]
    )


def _sql(workgroup_arn: str) -> list[iam.PolicyStatement]:
    return [
        iam.PolicyStatement(
            sid="RunSql",
            actions=[
                "redshift-data:BatchExecuteStatement",
                "redshift-data:ExecuteStatement",
                "redshift-serverless:GetWorkgroup",
            ],
            resources=[workgroup_arn],
        ),
        # No condition on the statement's owner: it would mean the session, and a triggerer follows what a
        # worker began, in another session of the role.
        # https://docs.aws.amazon.com/redshift/latest/mgmt/redshift-iam-access-control-identity-based.html
        iam.PolicyStatement(
            sid="FollowOwnSql",
            actions=[
                "redshift-data:CancelStatement",
                "redshift-data:DescribeStatement",
                "redshift-data:GetStatementResult",
                "redshift-data:ListStatements",
            ],
            resources=["*"],
        ),
    ]


def _admin_secret(arns: Arns, key_arn: str) -> list[iam.PolicyStatement]:
    return [
        iam.PolicyStatement(
            sid="ReadAdminSecret",
            actions=["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"],
            resources=[admin_secret_arn_pattern(arns.names)],
        ),
        iam.PolicyStatement(
            sid="DecryptAdminSecret",
            actions=["kms:Decrypt"],
            resources=[key_arn],
            conditions={
                "StringEquals": {"kms:ViaService": f"secretsmanager.{arns.names.region}.amazonaws.com"}
            },
        ),
    ]
