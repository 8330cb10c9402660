"""boto3 clients on the emulator's own endpoint: its parts call one another's services, as in AWS."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from functools import cache
from threading import Lock
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config

if TYPE_CHECKING:
    from mwaactl.emulator.settings import EmulatorSettings

ACCESS_KEY = "emulator"
SECRET_KEY = "emulator"  # noqa: S105 - what `mwaactl emulator env` prints for everybody
OWN_KEY = f"EMULATOR{secrets.token_hex(6).upper()}"
"""The access key of this process's own calls, which nothing limits."""
FOREIGN_ROLE = "emulator"
"""The role, which need not exist, in whose sessions this process acts in other accounts."""

# Host prefixes (api., env.) make no sense before a loopback address, and a proxy must never see these calls.
CONFIG = Config(
    inject_host_prefix=False,
    proxies={},
    connect_timeout=5,
    read_timeout=120,
    max_pool_connections=32,
    retries={"mode": "standard", "total_max_attempts": 2},
    s3={"addressing_style": "path"},
)

_lock = Lock()


def client(
    service: str, settings: EmulatorSettings, region: str | None = None, account_id: str | None = None
) -> Any:  # noqa: ANN401 - one type per service name
    """Return a boto3 client for a service of the emulator, with the emulator's own credentials.

    Clients are thread-safe and cached; a boto3 session is not, hence the lock.

    Args:
        service: boto3's name of the service, for example `redshift-data`.
        settings: The emulator to talk to.
        region: The region to sign for; the emulator's default region if absent.
        account_id: The account to act in; the emulator's own if absent.
    """
    own = account_id in {None, settings.account_id}
    keys = Keys(OWN_KEY, SECRET_KEY) if own else _keys_in(settings, account_id or "")
    with _lock:
        return _cached_client(service, settings.endpoint_url, region or settings.region, keys)


@dataclass(frozen=True, slots=True)
class Keys:
    """What signs a request.

    Attributes:
        access_key: The access key's id.
        secret_key: Its secret.
        token: The session's token; None for keys that do not expire.
    """

    access_key: str
    secret_key: str
    token: str | None = None


def client_with(keys: Keys, service: str, settings: EmulatorSettings, region: str) -> Any:  # noqa: ANN401
    """Return a boto3 client that is not kept, for keys that nobody will use again.

    Args:
        keys: What signs its requests.
        service: boto3's name of the service.
        settings: The emulator to talk to.
        region: The region to sign for.
    """
    with _lock:
        return _new_client(service, settings.endpoint_url, region, keys)


@cache
def _keys_in(settings: EmulatorSettings, account_id: str) -> Keys:
    """Return a session in a foreign account; moto tells accounts apart by the credentials."""
    role = f"arn:aws:iam::{account_id}:role/{FOREIGN_ROLE}"
    given = client("sts", settings).assume_role(RoleArn=role, RoleSessionName="emulator")["Credentials"]
    return Keys(given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"])


@cache
def _session() -> boto3.session.Session:
    return boto3.session.Session()


def _new_client(service: str, endpoint_url: str, region: str, keys: Keys) -> Any:  # noqa: ANN401
    create: Any = _session().client  # the stubs know one overload per literal service name
    return create(
        service,
        endpoint_url=endpoint_url,
        region_name=region,
        config=CONFIG,
        aws_access_key_id=keys.access_key,
        aws_secret_access_key=keys.secret_key,
        aws_session_token=keys.token,
    )


_cached_client = cache(_new_client)
