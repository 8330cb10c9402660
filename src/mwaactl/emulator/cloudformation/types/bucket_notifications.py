"""The NotificationConfiguration of AWS::S3::Bucket, as S3's API takes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mwaactl.emulator.cloudformation.service_calls import translated

if TYPE_CHECKING:
    from mwaactl.emulator.cloudformation.resource_type import Properties

_WHERE = "the NotificationConfiguration of AWS::S3::Bucket"
# The template's list, the API's list, and how both call the destination.
_KINDS = (
    ("LambdaConfigurations", "LambdaFunctionConfigurations", "Function", "LambdaFunctionArn"),
    ("QueueConfigurations", "QueueConfigurations", "Queue", "QueueArn"),
    ("TopicConfigurations", "TopicConfigurations", "Topic", "TopicArn"),
)
_BUS = "EventBridgeConfiguration"


def notification_configuration(value: Properties) -> dict[str, Any]:
    """Return the configuration for PutBucketNotificationConfiguration.

    Raises:
        ResourceFailure: If a member is not modelled.
    """
    kinds = {listed: listed for listed, *_ in _KINDS}
    given = translated(value, kinds | {_BUS: _BUS}, _WHERE)
    found: dict[str, Any] = {
        api: [_rule(rule, name, api_name) for rule in given[listed]]
        for listed, api, name, api_name in _KINDS
        if given.get(listed)
    }
    if _BUS in given and str(given[_BUS].get("EventBridgeEnabled", True)).lower() == "true":
        found[_BUS] = {}
    return found


def _rule(rule: Properties, name: str, api_name: str) -> dict[str, Any]:
    given = translated(rule, {name: api_name, "Event": "Events", "Filter": "Filter"}, _WHERE)
    made = given | {"Events": [given["Events"]]}
    if "Filter" in given:
        made["Filter"] = {"Key": {"FilterRules": given["Filter"]["S3Key"]["Rules"]}}
    return made
