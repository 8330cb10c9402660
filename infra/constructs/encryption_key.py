"""The customer-managed key that encrypts everything of one environment."""

from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct

from infra.arns import Arns
from infra.retention import HOLDS_DATA


class EncryptionKey(Construct):
    """A rotated key that CloudWatch Logs may use for this account's log groups.

    MWAA needs the one key for its own data, its queue and the source bucket alike:
    https://docs.aws.amazon.com/mwaa/latest/userguide/custom-keys-certs.html
    """

    def __init__(self, scope: Construct, construct_id: str, *, arns: Arns) -> None:
        super().__init__(scope, construct_id)
        self.key = kms.Key(
            self,
            "Key",
            description=f"Encrypts everything of {arns.names.prefix}",
            enable_key_rotation=True,
            removal_policy=HOLDS_DATA,
        )
        self.key.add_to_resource_policy(_logs_grant(arns))
        kms.Alias(self, "Alias", alias_name=arns.names.key_alias, target_key=self.key)


def _logs_grant(arns: Arns) -> iam.PolicyStatement:
    """What CloudWatch Logs needs of a key, limited to log groups of this account."""
    return iam.PolicyStatement(
        sid="CloudWatchLogs",
        principals=[iam.ServicePrincipal(f"logs.{arns.names.region}.amazonaws.com")],
        actions=["kms:Encrypt*", "kms:Decrypt*", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"],
        resources=["*"],
        conditions={"ArnLike": {"kms:EncryptionContext:aws:logs:arn": arns.any_log_group}},
    )
