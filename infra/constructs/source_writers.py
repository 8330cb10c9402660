"""Who may write to which part of the source bucket.

Whoever writes plugins, requirements or the startup script runs code in the scheduler and the web server,
whoever writes DAGs runs code in workers: https://docs.aws.amazon.com/mwaa/latest/userguide/security-best-practices.html
"""

from collections.abc import Sequence
from dataclasses import dataclass

from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from constructs import Construct

from infra.acknowledgements import acknowledge, wildcard_reasons

DAGS, ARTIFACTS = "dags", "artifacts"
_WRITES = ["s3:DeleteObject", "s3:DeleteObjectVersion", "s3:PutObject"]


@dataclass(frozen=True, slots=True)
class Writers:
    """Roles and users that alone may write, whatever else allows others.

    Attributes:
        dags: ARNs, or patterns of ARNs, of who writes below `dags/`; none leaves it to the policies of IAM.
        artifacts: The same for `artifacts/`: plugins, requirements and startup script.
    """

    dags: Sequence[str] = ()
    artifacts: Sequence[str] = ()


class WriterPolicy(Construct):
    """A managed policy for people and roles that write one folder of the source bucket, and nothing else."""

    def __init__(
        self, scope: Construct, construct_id: str, *, bucket: str, key_arn: str, folder: str, region: str
    ) -> None:
        """Make the policy.

        Args:
            scope: Where the construct belongs.
            construct_id: Its id there.
            bucket: Name of the source bucket.
            key_arn: ARN of the key that encrypts it.
            folder: `dags` or `artifacts`.
            region: Region of the bucket.
        """
        super().__init__(scope, construct_id)
        objects = f"arn:aws:s3:::{bucket}/{folder}/*"
        self.policy = iam.ManagedPolicy(
            self,
            "Policy",
            description=f"Write {folder}/ of {bucket}",
            statements=[
                iam.PolicyStatement(
                    sid="ListFolder",
                    actions=["s3:ListBucket"],
                    resources=[f"arn:aws:s3:::{bucket}"],
                    conditions={"StringLike": {"s3:prefix": [f"{folder}/*"]}},
                ),
                iam.PolicyStatement(
                    sid="WriteFolder",
                    actions=["s3:DeleteObject", "s3:GetObject", "s3:PutObject"],
                    resources=[objects],
                ),
                iam.PolicyStatement(
                    sid="UseKey",
                    actions=["kms:Decrypt", "kms:GenerateDataKey"],
                    resources=[key_arn],
                    conditions={"StringEquals": {"kms:ViaService": f"s3.{region}.amazonaws.com"}},
                ),
            ],
        )
        why = "Who has the policy chooses the names of the files in the folder"
        acknowledge(self.policy, wildcard_reasons({objects: why}))


def keep_writers_apart(bucket: s3.Bucket, writers: Writers) -> None:
    """Deny writing to a folder to everybody but its writers, by the bucket's own policy.

    Args:
        bucket: The source bucket.
        writers: Who writes what; a folder without writers is left as it is.
    """
    for sid, folder, allowed in (
        ("OnlyDagWriters", DAGS, writers.dags),
        ("OnlyArtifactWriters", ARTIFACTS, writers.artifacts),
    ):
        if allowed:
            bucket.add_to_resource_policy(
                iam.PolicyStatement(
                    sid=sid,
                    effect=iam.Effect.DENY,
                    principals=[iam.AnyPrincipal()],
                    actions=_WRITES,
                    resources=[bucket.arn_for_objects(f"{folder}/*")],
                    conditions={"ArnNotLike": {"aws:PrincipalArn": list(allowed)}},
                )
            )
