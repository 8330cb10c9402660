"""Which resources a call is about, by the rules of its service."""

from __future__ import annotations

import re
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from mwaactl.emulator.authorization.access import NO_RESOURCE
from mwaactl.emulator.authorization.parameters import fill, text_at, values_at

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from mwaactl.catalog.iam_requests import ResourceRule, ServiceRequests
    from mwaactl.emulator.authorization.call import Call
    from mwaactl.emulator.authorization.lookups import Lookups

type Reader = Callable[[Call, Lookups, Any], str | None]
"""Takes a name as it stands in a call, and returns the name or the ARN of what is meant; None if unknown."""

_KEY_ID_BYTES = 36


def actions_on_resources(call: Call, service: ServiceRequests, lookups: Lookups) -> Iterator[tuple[str, str]]:
    """Yield every action with its resource that IAM asks for a call, without what it entails elsewhere.

    Args:
        call: The call.
        service: What IAM asks for calls of its service.
        lookups: The state of the account.
    """
    action = service.action(call.operation)
    found: list[tuple[str, str]] = []
    for rule in service.rules_for(call.operation) or service.general_rules:
        if found and not rule.operations:
            break
        own = f"{service.prefix}:{rule.action}" if rule.action else action
        found += [(own, resource) for resource in _resources(rule, call, lookups)]
    yield from found or [(action, NO_RESOURCE)]


def _resources(rule: ResourceRule, call: Call, lookups: Lookups) -> list[str]:
    if rule.name is None:
        arn = fill(rule.arn or "", partial(_value, call, None))
        return [arn] if arn else []
    reader = READERS[rule.read] if rule.read else _plain
    names = (reader(call, lookups, value) for value in values_at(rule.name, call.parameters))
    arns = (_arn(rule, call, name) for name in names if name)
    return [arn for arn in dict.fromkeys(arns) if arn]


def _arn(rule: ResourceRule, call: Call, name: str) -> str | None:
    if name.startswith("arn:") or rule.arn is None:
        return name if name.startswith("arn:") else None
    return fill(rule.arn, partial(_value, call, name))


def _value(call: Call, name: str | None, place: str) -> str | None:
    known = {"partition": call.partition, "region": call.region, "account": call.account, "name": name}
    for alternative in place.split(" || "):
        value = known.get(alternative) or text_at(alternative, call.parameters)
        if value:
            # A function's qualifier follows its name after a colon.
            return f":{value}" if alternative == "Qualifier" else value
    return None


def _plain(_: Call, __: Lookups, name: Any) -> str | None:  # noqa: ANN401 - any JSON value
    return str(name)


def _queue(_: Call, __: Lookups, url: Any) -> str | None:  # noqa: ANN401 - any JSON value
    """Return `ACCOUNT:NAME` of a queue's address."""
    segments = [segment for segment in urlsplit(str(url)).path.split("/") if segment]
    return ":".join(segments[-2:]) or None


def _log_group(_: Call, __: Lookups, name: Any) -> str | None:  # noqa: ANN401 - any JSON value
    """Return the name of a log group, also of one that is given by its ARN."""
    return str(name).removesuffix(":*").rpartition(":log-group:")[2]


def _parameter(_: Call, __: Lookups, name: Any) -> str | None:  # noqa: ANN401 - any JSON value
    """Return a parameter's name without what is no part of its ARN: the first slash, and `:version`."""
    text = str(name)
    return text if text.startswith("arn:") else re.sub(r":[^/]*$", "", text).removeprefix("/")


_FUNCTION_COLONS = 6


def _function(call: Call, _: Lookups, name: Any) -> str | None:  # noqa: ANN401 - any JSON value
    """Return a function's name or ARN with its qualifier; it may be given by `ACCOUNT:function:NAME`."""
    text = str(name)
    if text.startswith("arn:"):
        qualifier = call.parameters.get("Qualifier")
        return f"{text}:{qualifier}" if qualifier and text.count(":") == _FUNCTION_COLONS else text
    return text.rpartition("function:")[2]


def _subscription(_: Call, __: Lookups, arn: Any) -> str | None:  # noqa: ANN401 - any JSON value
    """Return the topic's ARN: permissions of subscriptions are those of their topic."""
    return str(arn).rpartition(":")[0]


def _key(call: Call, lookups: Lookups, key: Any) -> str | None:  # noqa: ANN401 - any JSON value
    text = str(key)
    unknown = f"arn:{call.partition}:kms:{call.region}:{call.account}:key/{text}"
    return lookups.key_arn(call, text) or (text if text.startswith("arn:") else unknown)


def _ciphertext(call: Call, lookups: Lookups, blob: Any) -> str | None:  # noqa: ANN401 - any JSON value
    """Return the ARN of the key that moto wrote in front of what it encrypted."""
    content = blob if isinstance(blob, bytes) else str(blob).encode()
    try:
        return _key(call, lookups, content[:_KEY_ID_BYTES].decode("ascii"))
    except UnicodeDecodeError:
        return None


def _secret(call: Call, lookups: Lookups, secret: Any) -> str | None:  # noqa: ANN401 - any JSON value
    return lookups.secret_arn(call, str(secret)) or str(secret)


def _workgroup(call: Call, lookups: Lookups, name: Any) -> str | None:  # noqa: ANN401 - any JSON value
    text = str(name)
    unknown = f"arn:{call.partition}:redshift-serverless:{call.region}:{call.account}:workgroup/{text}"
    return text if text.startswith("arn:") else lookups.workgroup_arn(call, text) or unknown


def _namespace(call: Call, lookups: Lookups, name: Any) -> str | None:  # noqa: ANN401 - any JSON value
    text = str(name)
    unknown = f"arn:{call.partition}:redshift-serverless:{call.region}:{call.account}:namespace/{text}"
    return lookups.namespace_arn(call, text) or unknown


READERS: Mapping[str, Reader] = MappingProxyType(
    {
        "ciphertext": _ciphertext,
        "function": _function,
        "key": _key,
        "log-group": _log_group,
        "namespace": _namespace,
        "parameter": _parameter,
        "queue-url": _queue,
        "secret": _secret,
        "subscription": _subscription,
        "workgroup": _workgroup,
    }
)
