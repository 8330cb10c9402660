"""Whether a role lets a service of AWS act as it, by the role's trust policy.

https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from moto.iam.models import iam_backends

from mwaactl.emulator.authorization.callers import PARTITION
from mwaactl.emulator.authorization.policy_reading import policy_of, text_of
from mwaactl.emulator.iam.common_keys import Circumstances, caller_keys, circumstance_keys
from mwaactl.emulator.iam.evaluation import Applicable, decide
from mwaactl.emulator.iam.policy import Kind
from mwaactl.emulator.iam.principals import service
from mwaactl.emulator.iam.request import Request

_SEGMENTS = 6
_REGION_AT, _ACCOUNT_AT = 3, 4


def trusts(role_arn: str, host: str, source_arn: str) -> bool:
    """Tell whether a role, which must exist, may be taken on by a service.

    Args:
        role_arn: The role.
        host: The service, such as `airflow-env.amazonaws.com`.
        source_arn: The resource for which it acts: `aws:SourceArn`.
    """
    account, source = role_arn.split(":")[_ACCOUNT_AT], source_arn.split(":", _SEGMENTS - 1)
    backend: Any = iam_backends[account][PARTITION]
    role = backend.get_role_by_arn(role_arn)
    caller = service(host)
    circumstances = Circumstances(datetime.now(tz=UTC), source[_REGION_AT], source_ip=None)
    keys = caller_keys(caller) | circumstance_keys(caller, circumstances)
    keys |= {"aws:sourcearn": source_arn, "aws:sourceaccount": source[_ACCOUNT_AT]}
    policy = policy_of(text_of(role.assume_role_policy_document), Kind.TRUST, role_arn)
    request = Request(caller, "sts:AssumeRole", role_arn, keys)
    return decide(request, Applicable(resource=policy, resource_decides=True)).allowed
