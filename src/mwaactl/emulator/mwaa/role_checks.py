"""Whether an execution role is one that MWAA can work with, by the policies of the emulated IAM.

https://docs.aws.amazon.com/mwaa/latest/userguide/mwaa-create-role.html
"""

from __future__ import annotations

from datetime import UTC, datetime

from mwaactl.emulator.authorization.callers import session_of
from mwaactl.emulator.authorization.policy_reading import policy_of
from mwaactl.emulator.authorization.trust import trusts
from mwaactl.emulator.iam.common_keys import Circumstances, caller_keys, circumstance_keys
from mwaactl.emulator.iam.evaluation import Applicable, decide
from mwaactl.emulator.iam.policy import Kind
from mwaactl.emulator.iam.request import Request

PRINCIPALS = ("airflow.amazonaws.com", "airflow-env.amazonaws.com")
SESSION_NAME = "AmazonMWAA-airflow"
REGION_AT, ACCOUNT_AT = 3, 4


def trusts_mwaa(role_arn: str, environment_arn: str) -> bool:
    """Tell whether both of MWAA's services may take on the role for an environment; it must exist."""
    return all(trusts(role_arn, principal, environment_arn) for principal in PRINCIPALS)


def may_read(role_arn: str, bucket: str, path: str, environment_arn: str, bucket_policy: str | None) -> bool:
    """Tell whether a role may list the source bucket and read the DAGs folder.

    Args:
        role_arn: The role.
        bucket: The source bucket.
        path: The DAGs folder.
        environment_arn: The environment, whose region the requests go to.
        bucket_policy: The bucket's policy; None if it has none.
    """
    segments = environment_arn.split(":")
    known = session_of(role_arn.rpartition("/")[2], segments[ACCOUNT_AT], SESSION_NAME)
    if known is None:
        return False
    circumstances = Circumstances(datetime.now(tz=UTC), segments[REGION_AT], source_ip="127.0.0.1")
    keys = caller_keys(known.caller) | circumstance_keys(known.caller, circumstances)
    resource = policy_of(bucket_policy, Kind.RESOURCE, bucket) if bucket_policy else None
    policies = Applicable(known.identity, known.boundary, resource=resource)
    folder = path.strip("/")
    wanted = (
        ("s3:ListBucket", f"arn:aws:s3:::{bucket}", keys | {"s3:prefix": f"{folder}/"}),
        ("s3:GetObject", f"arn:aws:s3:::{bucket}/{folder}/dag.py", keys),
    )
    owner = segments[ACCOUNT_AT]
    return all(
        decide(Request(known.caller, action, arn, given, owner), policies).allowed
        for action, arn, given in wanted
    )
