"""The `Resource` and `NotResource` strings of a policy document, read strictly.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
"""

from __future__ import annotations

import re

from mwaactl.emulator.iam.malformed import LEGACY, MalformedPolicyError

_PARTITION_AT, _SERVICE_AT, _RESOURCE_AT = 1, 2, 5
_PARTITION = re.compile(r"\*|aws(?:-[a-z-]+)?")
_WILDCARD = re.compile(r"[*?]")


def check_resource(text: str) -> None:
    """Refuse what cannot name a resource.

    Args:
        text: The string.

    Raises:
        MalformedPolicyError: It is neither an ARN nor `*`.
    """
    if text != "*" and (message := _fault(text)):
        raise MalformedPolicyError(message)


def _fault(text: str) -> str | None:
    segments = text.split(":")
    if len(segments) == 1:
        return f'Resource {text} must be in ARN format or "*".'
    if not _PARTITION.fullmatch(segments[_PARTITION_AT]):
        rest = [*segments[_SERVICE_AT:], *"***"][:3]
        tail = ":".join(segments[_RESOURCE_AT:]) if len(segments) > _RESOURCE_AT else "*"
        partition = segments[_PARTITION_AT]
        shown = ":".join(["arn", partition, *(rest if len(segments) > _SERVICE_AT else "***"), tail])
        return f'Partition "{partition}" is not valid for resource "{shown}".'
    if len(segments) == _SERVICE_AT or _WILDCARD.search(segments[_SERVICE_AT]):
        return "Resource vendor must be fully qualified and cannot contain regexes."
    if not segments[_SERVICE_AT] or ("::" in text and len(segments) <= _RESOURCE_AT):
        return LEGACY
    return None
