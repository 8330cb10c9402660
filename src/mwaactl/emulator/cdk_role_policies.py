"""What the roles of the CDK's bootstrap may do, by `bootstrap-template.yaml` of the CDK CLI 2.1148.1.

https://docs.aws.amazon.com/cdk/v2/guide/bootstrapping-env.html
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from mwaactl.emulator.settings import BootstrapTarget

type Statements = list[dict[str, Any]]

_READ = ["s3:GetObject*", "s3:GetBucket*", "s3:List*"]
_WRITE = ["s3:DeleteObject*", "s3:PutObject*", "s3:Abort*"]
_USE_KEY = ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*"]

MANAGED: Mapping[str, str] = MappingProxyType(
    {
        "cfn-exec-role": "AdministratorAccess",
        "deploy-role": "AWSCloudFormationReadOnlyAccess",
        "lookup-role": "ReadOnlyAccess",
    }
)
"""The policy of AWS's own that a role has, by the role's name."""


def statements_of(role: str, qualifier: str, target: BootstrapTarget) -> Statements:
    """Return the statements of a role's inline policy; [] if it has none.

    Args:
        role: The role, such as `deploy-role`.
        qualifier: The bootstrap's qualifier.
        target: Its account and region.
    """
    make = _STATEMENTS.get(role)
    return make(qualifier, target) if make else []


def _deploy(qualifier: str, target: BootstrapTarget) -> Statements:
    suffix = f"{target.account_id}-{target.region}"
    version = f"arn:aws:ssm:{target.region}:{target.account_id}:parameter/cdk-bootstrap/{qualifier}/version"
    execution = f"arn:aws:iam::{target.account_id}:role/cdk-{qualifier}-cfn-exec-role-{suffix}"
    changes = ("CreateChangeSet", "DeleteChangeSet", "ExecuteChangeSet", "CreateStack", "UpdateStack")
    others = ("RollbackStack", "ContinueUpdateRollback", "DeleteStack", "UpdateTerminationProtection")
    elsewhere = {"StringNotEquals": {"s3:ResourceAccount": target.account_id}}
    through_s3 = {"StringEquals": {"kms:ViaService": f"s3.{target.region}.amazonaws.com"}}
    return [
        _allow([f"cloudformation:{name}" for name in (*changes, *others)], "*"),
        _allow([*_READ, *_WRITE], "*") | {"Condition": elsewhere},
        _allow(_USE_KEY, "*") | {"Condition": through_s3},
        _allow(["iam:PassRole"], execution),
        _allow(["sts:GetCallerIdentity"], "*"),
        _allow(_READ, _staging(qualifier, suffix)),
        _allow(["ssm:GetParameter", "ssm:GetParameters"], version),
    ]


def _publish_files(qualifier: str, target: BootstrapTarget) -> Statements:
    bucket = _staging(qualifier, f"{target.account_id}-{target.region}")
    own = {"StringEquals": {"aws:ResourceAccount": target.account_id}}
    return [_allow([*_READ, "s3:GetEncryptionConfiguration", *_WRITE], bucket) | {"Condition": own}]


def _look_up(_: str, __: BootstrapTarget) -> Statements:
    return [{"Sid": "DontReadSecrets", "Effect": "Deny", "Action": ["kms:Decrypt"], "Resource": "*"}]


def _staging(qualifier: str, suffix: str) -> list[str]:
    bucket = f"arn:aws:s3:::cdk-{qualifier}-assets-{suffix}"
    return [bucket, f"{bucket}/*"]


def _allow(actions: list[str], resource: str | list[str]) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": actions, "Resource": resource}


_STATEMENTS: Mapping[str, Callable[[str, BootstrapTarget], Statements]] = MappingProxyType(
    {"deploy-role": _deploy, "file-publishing-role": _publish_files, "lookup-role": _look_up}
)
