"""The role that COPY and UNLOAD take on."""

from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct

from infra.acknowledgements import acknowledge, wildcard_reasons
from infra.arns import Arns

READ_PREFIXES = ("normalised", "lake")
WRITE_PREFIX = "lake"


class CopyRole(Construct):
    """A role for Redshift that reads pipeline data and writes to the lake, in the data bucket alone.

    A serverless namespace asks for both service principals:
    https://docs.aws.amazon.com/redshift/latest/mgmt/serverless-security-other-services.html
    """

    def __init__(self, scope: Construct, construct_id: str, *, arns: Arns, key: kms.IKey) -> None:
        super().__init__(scope, construct_id)
        self.role = iam.Role(
            self,
            "Role",
            description=f"COPY and UNLOAD of {arns.names.prefix}",
            assumed_by=iam.CompositePrincipal(
                iam.ServicePrincipal("redshift-serverless.amazonaws.com"),
                iam.ServicePrincipal("redshift.amazonaws.com"),
            ),
        )
        policy = iam.Policy(self, "Policy", roles=[self.role], statements=_statements(arns, key.key_arn))
        reads = dict.fromkeys(
            arns.data_objects(*READ_PREFIXES),
            "COPY reads, and UNLOAD writes, objects whose names the DAGs choose",
        )
        acknowledge(policy, wildcard_reasons(reads))


def _statements(arns: Arns, key_arn: str) -> list[iam.PolicyStatement]:
    return [
        iam.PolicyStatement(
            sid="ListData",
            actions=["s3:GetBucketLocation", "s3:ListBucket"],
            resources=[arns.data_bucket],
        ),
        iam.PolicyStatement(
            sid="ReadData", actions=["s3:GetObject"], resources=arns.data_objects(*READ_PREFIXES)
        ),
        iam.PolicyStatement(
            # UNLOAD with CLEANPATH deletes what an earlier run left.
            sid="WriteLake",
            actions=["s3:AbortMultipartUpload", "s3:DeleteObject", "s3:PutObject"],
            resources=arns.data_objects(WRITE_PREFIX),
        ),
        iam.PolicyStatement(
            sid="UseKey", actions=["kms:Decrypt", "kms:GenerateDataKey"], resources=[key_arn]
        ),
    ]
