"""Whether a service may publish to a topic: by the topic's policy, and by that of the key that encrypts it.

https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from moto.sns.models import sns_backends

from mwaactl.emulator.authorization.call import Call
from mwaactl.emulator.authorization.moto_resources import key_of
from mwaactl.emulator.authorization.service_access import service_may

if TYPE_CHECKING:
    from collections.abc import Mapping

_OF_AWS = "alias/aws/sns"
_NEEDED = ("kms:Decrypt", "kms:GenerateDataKey")


def service_may_publish(
    host: str,
    topic_arn: str,
    source_arn: str,
    source_account: str,
    more: Mapping[str, str] = MappingProxyType({}),
) -> bool:
    """Tell whether a message of a service reaches a topic.

    Args:
        host: The service, such as `cloudwatch.amazonaws.com`.
        topic_arn: The topic, of an account of the emulator.
        source_arn: For what the service acts.
        source_account: Whose that is.
        more: Further condition keys, in lower case.
    """
    if not service_may(host, "sns:Publish", topic_arn, source_arn, source_account, more):
        return False
    _, _, _, region, account, _ = topic_arn.split(":", 5)
    topic = sns_backends[account][region].topics.get(topic_arn)
    key_id = topic.kms_master_key_id if topic else ""
    if not key_id:
        return True
    key = key_of(Call("kms", "Decrypt", MappingProxyType({}), region, account), key_id)
    if key_id.endswith(_OF_AWS) or key is None:
        return False  # no service may use the key that AWS keeps for topics
    return all(service_may(host, action, key.arn, source_arn, source_account, more) for action in _NEEDED)
