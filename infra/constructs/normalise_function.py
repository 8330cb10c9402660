"""The Lambda function that validates and normalises landed files."""

from pathlib import Path

from aws_cdk import Duration, RemovalPolicy, Size
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from infra.acknowledgements import acknowledge, wildcard_reasons
from infra.arns import Arns
from infra.retention import LOGS

SOURCE = Path(__file__).parents[2] / "functions" / "normalise"
READ_PREFIX = "landing"
WRITE_PREFIXES = ("normalised", "quarantine")


class NormaliseFunction(Construct):
    """A function that reads what landed and writes good rows and bad rows to their places."""

    def __init__(
        self, scope: Construct, construct_id: str, *, arns: Arns, key: kms.IKey, source: Path = SOURCE
    ) -> None:
        super().__init__(scope, construct_id)
        log_group = logs.LogGroup(
            self,
            "LogGroup",
            log_group_name=f"/aws/lambda/{arns.names.normalise_function}",
            retention=LOGS,
            encryption_key=key,
            removal_policy=RemovalPolicy.DESTROY,
        )
        role = self._role(arns, key, log_group)
        function = lambda_.Function(
            self,
            "Function",
            function_name=arns.names.normalise_function,
            description="Validates and normalises landed files",
            code=lambda_.Code.from_asset(str(source), exclude=["**/__pycache__", "**/*.pyc"]),
            handler="handler.handle",
            runtime=lambda_.Runtime.PYTHON_3_12,
            architecture=lambda_.Architecture.ARM_64,
            memory_size=1024,
            ephemeral_storage_size=Size.mebibytes(1024),
            timeout=Duration.minutes(5),
            role=role,
            log_group=log_group,
        )
        acknowledge(function, {"AwsSolutions-L1": "Python 3.12 is what MWAA and the tests run"})

    def _role(self, arns: Arns, key: kms.IKey, log_group: logs.ILogGroup) -> iam.Role:
        role = iam.Role(
            self,
            "Role",
            description=f"Lambda function {arns.names.normalise_function}",
            assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"),
        )
        statements = _statements(arns, key.key_arn, log_group.log_group_arn)
        policy = iam.Policy(self, "Policy", roles=[role], statements=statements)
        objects = arns.data_objects(READ_PREFIX, *WRITE_PREFIXES)
        acknowledge(policy, wildcard_reasons(dict.fromkeys(objects, "The DAGs choose the file names")))
        return role


def _statements(arns: Arns, key_arn: str, log_group_arn: str) -> list[iam.PolicyStatement]:
    return [
        iam.PolicyStatement(
            sid="ReadLanding", actions=["s3:GetObject"], resources=arns.data_objects(READ_PREFIX)
        ),
        iam.PolicyStatement(
            sid="WriteRows",
            actions=["s3:AbortMultipartUpload", "s3:PutObject"],
            resources=arns.data_objects(*WRITE_PREFIXES),
        ),
        iam.PolicyStatement(
            sid="UseKey", actions=["kms:Decrypt", "kms:GenerateDataKey"], resources=[key_arn]
        ),
        iam.PolicyStatement(
            sid="WriteLogs", actions=["logs:CreateLogStream", "logs:PutLogEvents"], resources=[log_group_arn]
        ),
    ]
