"""Whether an execution role is one that MWAA can work with, by the policies of the emulated IAM.

https://docs.aws.amazon.com/mwaa/latest/userguide/mwaa-create-role.html
"""

from __future__ import annotations

from mwaactl.emulator.authorization.service_access import role_may
from mwaactl.emulator.authorization.trust import trusts

PRINCIPALS = ("airflow.amazonaws.com", "airflow-env.amazonaws.com")
SESSION_NAME = "AmazonMWAA-airflow"
REGION_AT = 3


def trusts_mwaa(role_arn: str, environment_arn: str) -> bool:
    """Tell whether both of MWAA's services may take on the role for an environment; it must exist."""
    return all(trusts(role_arn, principal, environment_arn) for principal in PRINCIPALS)


def may_read(role_arn: str, bucket: str, path: str, environment_arn: str) -> bool:
    """Tell whether a role may list the source bucket and read the DAGs folder.

    Args:
        role_arn: The role.
        bucket: The source bucket.
        path: The DAGs folder.
        environment_arn: The environment, whose region the requests go to.
    """
    folder, arn = path.strip("/"), f"arn:aws:s3:::{bucket}"
    keys = {"aws:requestedregion": environment_arn.split(":")[REGION_AT], "aws:sourceip": "127.0.0.1"}
    wanted = (
        ("s3:ListBucket", arn, {**keys, "s3:prefix": f"{folder}/"}),
        ("s3:GetObject", f"{arn}/{folder}/dag.py", keys),
    )
    return all(
        role_may(role_arn, action, resource, session_name=SESSION_NAME, more=given)
        for action, resource, given in wanted
    )
