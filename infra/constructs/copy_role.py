"""The role that COPY and UNLOAD take on."""

from collections.abc import Sequence

from aws_cdk import aws_iam as iam
from constructs import Construct

from infra.acknowledgements import acknowledge, wildcard_reasons


class CopyRole(Construct):
    """A role for Redshift that reads and writes some prefixes of one bucket, and nothing else.

    A serverless namespace asks for both service principals:
    https://docs.aws.amazon.com/redshift/latest/mgmt/serverless-security-other-services.html
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        bucket: str,
        key_arn: str,
        reads: Sequence[str],
        writes: Sequence[str],
    ) -> None:
        """Make the role and its policy.

        Args:
            scope: Where the construct belongs.
            construct_id: Its id there.
            bucket: Name of the bucket.
            key_arn: ARN of the key that encrypts it.
            reads: Prefixes that COPY reads.
            writes: Prefixes that UNLOAD writes.
        """
        super().__init__(scope, construct_id)
        self.role = iam.Role(
            self,
            "Role",
            description=f"COPY and UNLOAD in {bucket}",
            assumed_by=iam.CompositePrincipal(
                iam.ServicePrincipal("redshift-serverless.amazonaws.com"),
                iam.ServicePrincipal("redshift.amazonaws.com"),
            ),
        )
        arn = f"arn:aws:s3:::{bucket}"
        read, written = ([f"{arn}/{prefix}/*" for prefix in each] for each in (reads, writes))
        statements = [*_statements(arn, read, written), _use_of_key(key_arn)]
        policy = iam.Policy(self, "Policy", roles=[self.role], statements=statements)
        why = "COPY reads, and UNLOAD writes, objects whose names the DAGs choose"
        acknowledge(policy, wildcard_reasons(dict.fromkeys([*read, *written], why)))


def _statements(bucket_arn: str, read: list[str], written: list[str]) -> list[iam.PolicyStatement]:
    return [
        iam.PolicyStatement(
            sid="ListData",
            actions=["s3:ListBucket"],
            resources=[bucket_arn],
        ),
        iam.PolicyStatement(sid="ReadData", actions=["s3:GetObject"], resources=read),
        iam.PolicyStatement(
            # UNLOAD with CLEANPATH deletes what an earlier run left.
            sid="WriteLake",
            actions=["s3:AbortMultipartUpload", "s3:DeleteObject", "s3:PutObject"],
            resources=written,
        ),
    ]


def _use_of_key(key_arn: str) -> iam.PolicyStatement:
    return iam.PolicyStatement(
        sid="UseKey", actions=["kms:Decrypt", "kms:GenerateDataKey"], resources=[key_arn]
    )
