"""The customer-managed key that encrypts everything of one environment."""

from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct

from infra.retention import HOLDS_DATA


class EncryptionKey(Construct):
    """A rotated key that CloudWatch Logs may use for this account's log groups.

    MWAA needs the one key for its own data, its queue and the source bucket alike:
    https://docs.aws.amazon.com/mwaa/latest/userguide/custom-keys-certs.html
    """

    def __init__(self, scope: Construct, construct_id: str, *, alias: str, account: str, region: str) -> None:
        """Make the key and its alias.

        Args:
            scope: Where the construct belongs.
            construct_id: Its id there.
            alias: Name of the alias, which begins with `alias/`. People use it; MWAA takes none.
            account: Account whose log groups may use the key.
            region: Region of those log groups.
        """
        super().__init__(scope, construct_id)
        self.key = kms.Key(
            self,
            "Key",
            description=f"Encrypts everything of {alias.removeprefix('alias/')}",
            enable_key_rotation=True,
            removal_policy=HOLDS_DATA,
        )
        self.key.add_to_resource_policy(_logs_grant(account, region))
        kms.Alias(self, "Alias", alias_name=alias, target_key=self.key)


def _logs_grant(account: str, region: str) -> iam.PolicyStatement:
    """What CloudWatch Logs needs of a key, limited to log groups of this account."""
    return iam.PolicyStatement(
        sid="CloudWatchLogs",
        principals=[iam.ServicePrincipal(f"logs.{region}.amazonaws.com")],
        actions=["kms:Encrypt*", "kms:Decrypt*", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"],
        resources=["*"],
        conditions={"ArnLike": {"kms:EncryptionContext:aws:logs:arn": f"arn:aws:logs:{region}:{account}:*"}},
    )
