"""Lifecycle rules of a bucket, from the template's words to the S3 API's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mwaactl.emulator.cloudformation.service_calls import translated

if TYPE_CHECKING:
    from collections.abc import Mapping

_SAME = (
    "AbortIncompleteMultipartUpload",
    "NoncurrentVersionExpiration",
    "NoncurrentVersionTransitions",
    "Prefix",
    "Status",
)
_NAMES = {
    **{name: name for name in _SAME},
    "Id": "ID",
    "ExpirationDate": "Date",
    "ExpirationInDays": "Days",
    "ExpiredObjectDeleteMarker": "ExpiredObjectDeleteMarker",
    "Transitions": "Transitions",
}
_EXPIRATION = ("Date", "Days", "ExpiredObjectDeleteMarker")
_TRANSITION = {"StorageClass": "StorageClass", "TransitionDate": "Date", "TransitionInDays": "Days"}


def lifecycle_rules(configuration: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the rules for PutBucketLifecycleConfiguration.

    Raises:
        ResourceFailure: If a rule says something that is not modelled.
    """
    return [_rule(rule) for rule in configuration["Rules"]]


def _rule(rule: Mapping[str, Any]) -> dict[str, Any]:
    wanted = translated(rule, _NAMES, "LifecycleConfiguration")
    expiration = {name: wanted.pop(name) for name in _EXPIRATION if name in wanted}
    prefix = wanted.pop("Prefix", "")
    transitions = [translated(entry, _TRANSITION, "Transitions") for entry in wanted.pop("Transitions", ())]
    extra = {"Expiration": expiration} if expiration else {}
    moves = {"Transitions": transitions} if transitions else {}
    return {**wanted, **extra, **moves, "Filter": {"Prefix": prefix}}
