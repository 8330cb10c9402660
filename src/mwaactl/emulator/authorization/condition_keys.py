"""The condition keys that a call's parameters give, besides those about the caller and the circumstances."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mwaactl.emulator.authorization.parameters import values_at

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from mwaactl.catalog.iam_requests import ServiceRequests
    from mwaactl.emulator.authorization.call import Call

_TAGS = ("Tags", "tags", "Tagging.TagSet", "TagList")
_TAG_KEYS = ("TagKeys", "tagKeys")


def request_keys(call: Call, service: ServiceRequests) -> dict[str, str | tuple[str, ...]]:
    """Return the keys, in lower case; a key whose parameter is a list has several values.

    Args:
        call: The call.
        service: What IAM asks for calls of its service.
    """
    keys: dict[str, str | tuple[str, ...]] = {}
    for key, place in service.keys.items():
        if call.parameters.get(place) == "":  # as s3:prefix for what stands at the top
            keys[key] = ""
        if found := values_at(place, call.parameters):
            several = isinstance(call.parameters.get(place), list) or "." in place
            texts = tuple(_text(value) for value in found)
            keys[key] = texts if several and len(texts) > 1 else texts[0]
    if call.service == "kms":
        keys |= _kms_keys(call)
    return keys | _tag_keys(call.parameters)


def _kms_keys(call: Call) -> dict[str, str | tuple[str, ...]]:
    """Return the keys of a call of KMS that is made directly; a service's has others."""
    context: Mapping[str, str] = call.parameters.get("EncryptionContext") or {}
    pairs = {f"kms:encryptioncontext:{name.lower()}": value for name, value in context.items()}
    names: dict[str, str | tuple[str, ...]] = {"kms:encryptioncontextkeys": tuple(context)} if context else {}
    return {"kms:calleraccount": call.account, **pairs, **names}


def _tag_keys(parameters: Mapping[str, Any]) -> dict[str, str | tuple[str, ...]]:
    """Return the keys about the tags that a request sets or removes."""
    tags = dict(tag for place in _TAGS for tag in _tags(values_at(place, parameters)))
    removed = tuple(str(key) for place in _TAG_KEYS for key in values_at(place, parameters))
    keys: dict[str, str | tuple[str, ...]] = {
        f"aws:requesttag/{name.lower()}": value for name, value in tags.items()
    }
    if names := (*tags, *removed):
        keys["aws:tagkeys"] = names
    return keys


def _tags(found: tuple[Any, ...]) -> Iterator[tuple[str, str]]:
    """Yield names and values of tags: a map of them, or a list of pairs."""
    for each in found:
        if not isinstance(each, dict):
            continue
        lowered = {name.lower(): value for name, value in each.items()}
        if name := lowered.get("key") or lowered.get("tagkey"):
            yield str(name), str(lowered.get("value", lowered.get("tagvalue", "")))
        else:
            yield from ((str(name), str(value)) for name, value in each.items())


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
