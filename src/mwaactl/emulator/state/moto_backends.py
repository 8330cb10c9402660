"""What moto holds: the backends of every service, account and region, read and put back."""

from __future__ import annotations

import importlib
import sys
import weakref
from typing import TYPE_CHECKING, Any

from moto.core.base_backend import AccountSpecificBackend, BackendDict
from moto.ec2.models import EC2Backend
from moto.iam.models import IAMBackend
from moto.logs.models import LogEvent
from moto.s3.models import FakeDeleteMarker, FakeKey, FakeMultipart, S3Backend, s3_backends

if TYPE_CHECKING:
    from collections.abc import Iterator

    from moto.core.base_backend import BaseBackend

type Address = tuple[str, str]
"""Module and attribute of a `BackendDict`."""

type Backends = dict[Address, dict[tuple[str, str], BaseBackend]]
"""Backends by address, then by account and region."""

# moto finds the backends of other accounts and regions through these sets of weak references.
_EC2_REFERENCES = ("vpc_refs", "backend_refs", "vpc_pcx_refs")


def read_backends() -> Backends:
    """Return all backends that hold something."""
    found: Backends = {}
    known: list[BackendDict[Any]] = BackendDict._instances  # type: ignore[misc]  # noqa: SLF001 - moto has no other list
    for services in list(known):
        address = _address(services)
        for account, region, backend in list(services.iter_backends()):
            if not _is_untouched(backend):
                found.setdefault(address, {})[account, region] = backend
    return found


def install_backends(backends: Backends) -> None:
    """Put backends in place; to be called before the first request."""
    for (module, attribute), members in backends.items():
        services = getattr(importlib.import_module(module), attribute)
        for (account, region), backend in members.items():
            dict.__setitem__(_regions(services, account), region, backend)
            if isinstance(backend, EC2Backend):
                _refer_to(backend)
            if isinstance(backend, S3Backend):
                _claim_names(backend)


def read_counters() -> dict[str, int]:
    """Return what moto counts on classes instead of backends."""
    return {"log_event": LogEvent._event_id}  # noqa: SLF001 - moto has no other way


def install_counters(counters: dict[str, int]) -> None:
    """Go on counting from there."""
    LogEvent._event_id = max(LogEvent._event_id, counters["log_event"])  # noqa: SLF001


def s3_of() -> list[S3Backend]:
    """Return the S3 backends of all accounts."""
    return [backend for _, _, backend in list(s3_backends.iter_backends()) if isinstance(backend, S3Backend)]


def object_versions() -> Iterator[FakeKey]:
    """Yield every object version, and every part of an upload."""
    for backend in s3_of():
        for bucket in list(backend.buckets.values()):
            for versions in list(dict(bucket.keys).values()):
                for version in list(versions):
                    if not isinstance(version, FakeDeleteMarker):
                        yield version
                        yield from _parts(version.multipart)
            for upload in list(bucket.multiparts.values()):
                yield from _parts(upload)


def _parts(upload: FakeMultipart | None) -> list[FakeKey]:
    return list(upload.parts.values()) if upload else []


def _regions(services: BackendDict[Any], account: str) -> AccountSpecificBackend[Any]:
    return services[account]


def _address(services: BackendDict[Any]) -> Address:
    """Return where moto keeps a service's backends, so that the next process finds the same place."""
    for kind in services.backend.__mro__:
        module = sys.modules[kind.__module__]
        for name, value in vars(module).items():
            if value is services:
                return module.__name__, name
    message = f"moto keeps the backends of {services.service_name} at an unknown place"
    raise LookupError(message)


def _is_untouched(backend: BaseBackend) -> bool:
    """Tell whether a backend is as moto makes it: IAM has one per partition, each with all AWS policies."""
    if not isinstance(backend, IAMBackend):
        return False
    own = len(backend.managed_policies) > len(backend.aws_managed_policies)
    held = (backend.roles, backend.users, backend.groups, backend.instance_profiles, backend.access_keys)
    return not own and not any(held)


def _refer_to(backend: EC2Backend) -> None:
    for name in _EC2_REFERENCES:
        getattr(backend, name)[type(backend)].add(weakref.ref(backend))


def _claim_names(backend: S3Backend) -> None:
    for name in backend.buckets:
        s3_backends.bucket_accounts[name] = (backend.partition, backend.account_id)
