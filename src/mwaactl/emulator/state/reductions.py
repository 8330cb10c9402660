"""How what pickle cannot write is written: locks, weak references, private keys, factories of default values.

Each function takes an object and returns what `object.__reduce__` would.
https://docs.python.org/3/library/pickle.html#reducer-override
"""

from __future__ import annotations

import copy
import copyreg
import threading
import weakref
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, cast

from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_der_private_key,
)
from cryptography.x509 import Certificate, load_der_x509_certificate
from moto.awslambda.models import lambda_backends
from moto.ec2.models import EC2Backend
from moto.iam.models import IAMBackend
from moto.logs.models import LogEvent, LogStream
from moto.s3.utils import _VersionedKeyStore

if TYPE_CHECKING:
    from collections import defaultdict
    from collections.abc import Callable

    from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes

type Reduction = tuple[Any, ...]


def reduce_versions(store: _VersionedKeyStore) -> Reduction:
    """Write all versions: moto's own `items` would give pickle the newest of each only."""
    return restore_versions, (dict(store),)


def restore_versions(lists: dict[str, Any]) -> _VersionedKeyStore:
    """Return the store of these versions by name."""
    store = _VersionedKeyStore()
    dict.update(store, lists)
    return store


def reduce_condition(_: threading.Condition) -> Reduction:
    """Write that there is a condition; nobody waits for it after a restart."""
    return threading.Condition, ()


def reduce_event(event: threading.Event) -> Reduction:
    """Write whether an event is set."""
    return restore_event, (event.is_set(),)


def restore_event(is_set: bool) -> threading.Event:  # noqa: FBT001 - pickle passes positions
    """Return an event."""
    event = threading.Event()
    if is_set:
        event.set()
    return event


def reduce_lock(_: object) -> Reduction:
    """Write that there is a lock; nobody holds it after a restart."""
    return threading.Lock, ()


def reduce_reentrant_lock(_: object) -> Reduction:
    """Write that there is a reentrant lock; nobody holds it after a restart."""
    return threading.RLock, ()


def reduce_weak_reference(reference: weakref.ref[Any]) -> Reduction:
    """Write a weak reference with what it refers to."""
    return weakref.ref, (reference(),)


def reduce_weak_values(values: weakref.WeakValueDictionary[Any, Any]) -> Reduction:
    """Write a dictionary of weak references with what they refer to."""
    return weakref.WeakValueDictionary, (), None, None, iter(list(values.items()))


def reduce_proxy(proxy: MappingProxyType[Any, Any]) -> Reduction:
    """Write a read-only view of a dictionary."""
    return MappingProxyType, (dict(proxy),)


def reduce_defaults(values: defaultdict[Any, Any]) -> Reduction:
    """Write a dictionary of default values; of a factory that has no name, an example of what it makes."""
    factory = values.default_factory
    named = factory is None or isinstance(factory, type | partial)
    made_by = (factory, None) if named else (None, [factory()] if factory else None)
    return restore_defaults, (type(values), *made_by), _fields(values), None, iter(list(dict.items(values)))


def restore_defaults(
    kind: type[defaultdict[Any, Any]], factory: Callable[[], Any] | None, example: list[Any] | None
) -> defaultdict[Any, Any]:
    """Return an empty dictionary with this factory, or with one that copies the example."""
    restored = kind.__new__(kind)
    restored.default_factory = partial(copy.deepcopy, example[0]) if example else factory
    return restored


def _fields(values: object) -> dict[str, Any] | None:
    return getattr(values, "__dict__", None) or None


def reduce_private_key(key: PrivateKeyTypes) -> Reduction:
    """Write a private key, as KMS and ACM keep them."""
    return restore_private_key, (key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()),)


def restore_private_key(written: bytes) -> PrivateKeyTypes:
    """Return a private key."""
    return load_der_private_key(written, password=None)


def reduce_certificate(certificate: Certificate) -> Reduction:
    """Write a certificate, as ACM keeps them."""
    return restore_certificate, (certificate.public_bytes(Encoding.DER),)


def restore_certificate(written: bytes) -> Certificate:
    """Return a certificate."""
    return load_der_x509_certificate(written)


def reduce_stream(stream: LogStream) -> Reduction:
    """Write a log stream's events as plain tuples: there are many, and nobody shares them."""
    events = [(each.ingestion_time, each.timestamp, each.message, each.event_id) for each in stream.events]
    state = {**stream.__dict__, "events": events}
    return copyreg.__newobj__, (LogStream,), state, None, None, restore_stream  # type: ignore[attr-defined]


def restore_stream(stream: LogStream, state: dict[str, Any]) -> None:
    """Fill a log stream."""
    events = [_event(*each) for each in state.pop("events")]
    stream.__dict__.update(state, events=events)


def _event(ingested: int, timestamp: int, message: str, number: int) -> LogEvent:
    event = cast("LogEvent", LogEvent.__new__(LogEvent))
    event.ingestion_time, event.timestamp = ingested, timestamp
    event.message, event.event_id = message, number
    return event


def reduce_iam(backend: IAMBackend) -> Reduction:
    """Write IAM without the policies that AWS provides and nobody has attached: 4 MB that moto has anyway."""
    provided = backend.aws_managed_policies
    idle = {each.arn for each in provided if not each.attachment_count}
    state = dict(backend.__dict__)
    state["aws_managed_policies"] = [each for each in provided if each.attachment_count]
    state["managed_policies"] = {
        arn: policy for arn, policy in backend.managed_policies.items() if arn not in idle
    }
    state["idle_policy_ids"] = {each.arn: each.id for each in provided if each.arn in idle}
    return copyreg.__newobj__, (type(backend),), state, None, None, restore_iam  # type: ignore[attr-defined]


def restore_iam(backend: IAMBackend, state: dict[str, Any]) -> None:
    """Fill IAM, and add the policies that were left out, under the ids that they had."""
    ids = state.pop("idle_policy_ids")
    backend.__dict__.update(state)
    attached = {policy.arn: policy for policy in backend.aws_managed_policies}
    fresh = [attached.get(policy.arn, policy) for policy in backend._init_aws_policies()]  # noqa: SLF001
    for policy in fresh:
        policy.id = ids.get(policy.arn, policy.id)
    backend.aws_managed_policies = fresh
    backend.managed_policies = {policy.arn: policy for policy in fresh} | backend.managed_policies


def reduce_ec2(backend: EC2Backend) -> Reduction:
    """Write EC2 without the images that AWS provides, and their snapshots: moto has them anyway."""
    provided = {ami.id: ami for ami in backend.amis.values() if ami.owner_alias == "amazon"}
    theirs = {ami.ebs_snapshot.id for ami in provided.values()}
    state = dict(backend.__dict__)
    state["amis"] = {name: ami for name, ami in backend.amis.items() if name not in provided}
    state["snapshots"] = {name: each for name, each in backend.snapshots.items() if name not in theirs}
    return copyreg.__newobj__, (type(backend),), state, None, None, restore_ec2  # type: ignore[attr-defined]


def restore_ec2(backend: EC2Backend, state: dict[str, Any]) -> None:
    """Fill EC2, and add the images that were left out."""
    backend.__dict__.update(state)
    backend._load_amis()  # noqa: SLF001 - what its constructor calls


def function_class() -> type:
    """Return the class of Lambda functions in this process; it is made at the start, and has no address."""
    found: type = lambda_backends.backend.function_class  # type: ignore[attr-defined]
    return found


def backend_class() -> type:
    """Return the class of Lambda's backends in this process."""
    return lambda_backends.backend


BY_TYPE: dict[type, Callable[[Any], Reduction]] = {
    _VersionedKeyStore: reduce_versions,
    threading.Condition: reduce_condition,
    threading.Event: reduce_event,
    type(threading.Lock()): reduce_lock,
    type(threading.RLock()): reduce_reentrant_lock,
    weakref.ref: reduce_weak_reference,
    weakref.WeakValueDictionary: reduce_weak_values,
    MappingProxyType: reduce_proxy,
    Certificate: reduce_certificate,
    LogStream: reduce_stream,
    IAMBackend: reduce_iam,
    EC2Backend: reduce_ec2,
}

RESTORERS = (
    restore_versions,
    restore_event,
    restore_defaults,
    restore_private_key,
    restore_certificate,
    restore_stream,
    restore_iam,
    restore_ec2,
    function_class,
    backend_class,
)
