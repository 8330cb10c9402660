"""The S3 client that a COPY or UNLOAD may use: keys in the statement, or a session of an associated role."""

from __future__ import annotations

import json
from functools import cache
from threading import Lock
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from mwaactl.emulator.loopback import client
from mwaactl.emulator.warehouse.faults import StatementFailed
from mwaactl.emulator.warehouse.sql.load_options import DEFAULT_ROLE

if TYPE_CHECKING:
    from mwaactl.emulator.settings import EmulatorSettings
    from mwaactl.emulator.warehouse.namespaces import Namespace
    from mwaactl.emulator.warehouse.sql.load_options import Authorization

_SERVICES = {"redshift.amazonaws.com", "redshift-serverless.amazonaws.com"}
_CONFIG = Config(
    inject_host_prefix=False, proxies={}, s3={"addressing_style": "path"}, retries={"total_max_attempts": 2}
)
_lock = Lock()


@cache
def _session() -> boto3.session.Session:
    return boto3.session.Session()


class RoleSessions:
    """Opens S3 clients with the rights that a statement has."""

    def __init__(self, settings: EmulatorSettings) -> None:
        self._settings = settings

    def s3(self, namespace: Namespace, authorization: Authorization, region: str) -> Any:  # noqa: ANN401
        """Return an S3 client.

        Raises:
            StatementFailed: If the role is not associated, does not exist, or does not trust Redshift.
        """
        if authorization.access_key:
            keys = (authorization.access_key, authorization.secret_key, authorization.token)
        elif authorization.roles:
            keys = self._assume_chain(namespace, authorization.roles)
        else:
            message = "ERROR: No credentials: add IAM_ROLE default, or IAM_ROLE '<arn>'"
            raise StatementFailed(message)
        return self._client("s3", keys, region)

    def _client(self, service: str, keys: tuple[str, str, str], region: str) -> Any:  # noqa: ANN401
        with _lock:  # a boto3 session is not thread-safe; a new one would read the services' models again
            create: Any = _session().client
            return create(
                service,
                endpoint_url=self._settings.endpoint_url,
                region_name=region,
                config=_CONFIG,
                aws_access_key_id=keys[0],
                aws_secret_access_key=keys[1],
                aws_session_token=keys[2] or None,
            )

    def _assume_chain(self, namespace: Namespace, roles: tuple[str, ...]) -> tuple[str, str, str]:
        first, *others = roles
        arn = _associated(namespace, first)
        self._trusts_redshift(arn)
        keys = self._assume(client("sts", self._settings, namespace.region), arn, namespace)
        for role in others:
            keys = self._assume(self._client("sts", keys, namespace.region), role, namespace)
        return keys

    def _assume(self, sts: Any, arn: str, namespace: Namespace) -> tuple[str, str, str]:  # noqa: ANN401
        try:
            answer = sts.assume_role(
                RoleArn=arn, RoleSessionName=f"RedshiftIamRoleSession-{namespace.name}"[:64]
            )
        except ClientError as error:
            raise _not_authorized(arn, error.response["Error"]["Message"]) from error
        found = answer["Credentials"]
        return found["AccessKeyId"], found["SecretAccessKey"], found["SessionToken"]

    def _trusts_redshift(self, arn: str) -> None:
        try:
            role = client("iam", self._settings).get_role(RoleName=arn.rsplit("/", 1)[-1])["Role"]
        except ClientError as error:
            raise _not_authorized(arn, "the role does not exist") from error
        document = role["AssumeRolePolicyDocument"]
        policy = json.loads(document) if isinstance(document, str) else document
        if not any(_SERVICES & _trusted(statement) for statement in _listed(policy.get("Statement"))):
            raise _not_authorized(arn, "the role's trust policy does not name redshift.amazonaws.com")


def _associated(namespace: Namespace, role: str) -> str:
    if role == DEFAULT_ROLE:
        if not namespace.default_role:
            message = "ERROR: The namespace has no default IAM role: set defaultIamRoleArn"
            raise StatementFailed(message)
        return namespace.default_role
    if role not in namespace.iam_roles:
        raise _not_authorized(role, "the role is not associated with the namespace")
    return role


def _trusted(statement: dict[str, Any]) -> set[str]:
    principal = statement.get("Principal", {})
    if statement.get("Effect") != "Allow" or not isinstance(principal, dict):
        return set()
    return set(_listed(principal.get("Service")))


def _listed(value: Any) -> list[Any]:  # noqa: ANN401
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _not_authorized(arn: str, detail: str) -> StatementFailed:
    return StatementFailed(f"ERROR: Not authorized to get credentials of role {arn} Detail: {detail}")
