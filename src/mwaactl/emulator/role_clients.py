"""boto3 clients that act as a role, for what a service does in a role's name."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import boto3
import botocore.session
from botocore.credentials import ContainerProvider, CredentialResolver

from mwaactl.emulator.loopback import CONFIG

if TYPE_CHECKING:
    from mwaactl.emulator.credentials import OnBehalf, RoleCredentials


@cache
def role_client(
    service: str,
    credentials: RoleCredentials,
    region: str,
    role_arn: str,
    session_name: str,
    on_behalf: OnBehalf,
) -> Any:  # noqa: ANN401 - one type per service name
    """Return a boto3 client for a service of the emulator in a session of a role, which renews itself.

    Clients are cached, each with a session of its own; the role need not exist before the first call.

    Args:
        service: boto3's name of the service.
        credentials: Hands the role's credentials out.
        region: The region to sign for.
        role_arn: The role.
        session_name: The session's name.
        on_behalf: Who takes the role on.
    """
    variables = credentials.environment_for(role_arn, session_name, on_behalf)
    session = botocore.session.get_session()
    provider: Any = ContainerProvider(environ=variables)
    session.register_component("credential_provider", CredentialResolver([provider]))
    create: Any = boto3.session.Session(botocore_session=session).client
    return create(service, endpoint_url=variables["AWS_ENDPOINT_URL"], region_name=region, config=CONFIG)
