"""The clients that a statement may use: keys in the statement, or a session of an associated role."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from mwaactl.emulator.authorization.trust import trusts
from mwaactl.emulator.loopback import Keys, client, client_with
from mwaactl.emulator.warehouse.faults import StatementFailed
from mwaactl.emulator.warehouse.sql.load_options import DEFAULT_ROLE

if TYPE_CHECKING:
    from mwaactl.emulator.settings import EmulatorSettings
    from mwaactl.emulator.warehouse.namespaces import Namespace
    from mwaactl.emulator.warehouse.sql.load_options import Authorization

_SERVICES = ("redshift.amazonaws.com", "redshift-serverless.amazonaws.com")


class RoleSessions:
    """Opens clients with the rights that a statement has."""

    def __init__(self, settings: EmulatorSettings) -> None:
        self._settings = settings

    def client(self, service: str, namespace: Namespace, authorization: Authorization, region: str) -> Any:  # noqa: ANN401 - one type per service name
        """Return a client of a service.

        Raises:
            StatementFailed: If the role is not associated, does not exist, or does not trust Redshift.
        """
        if authorization.access_key:
            keys = Keys(authorization.access_key, authorization.secret_key, authorization.token or None)
        elif authorization.roles:
            keys = self._assume_chain(namespace, authorization.roles)
        else:
            message = "ERROR: No credentials: add IAM_ROLE default, or IAM_ROLE '<arn>'"
            raise StatementFailed(message)
        return client_with(keys, service, self._settings, region)

    def _assume_chain(self, namespace: Namespace, roles: tuple[str, ...]) -> Keys:
        first, *others = roles
        arn = _associated(namespace, first)
        self._refuse_unless_trusted(arn, namespace)
        keys = self._assume(client("sts", self._settings, namespace.region), arn, namespace)
        for role in others:
            sts = client_with(keys, "sts", self._settings, namespace.region)
            keys = self._assume(sts, role, namespace)
        return keys

    def _assume(self, sts: Any, arn: str, namespace: Namespace) -> Keys:  # noqa: ANN401
        try:
            answer = sts.assume_role(
                RoleArn=arn, RoleSessionName=f"RedshiftIamRoleSession-{namespace.name}"[:64]
            )
        except ClientError as error:
            raise _not_authorized(arn, error.response["Error"]["Message"]) from error
        found = answer["Credentials"]
        return Keys(found["AccessKeyId"], found["SecretAccessKey"], found["SessionToken"])

    def _refuse_unless_trusted(self, arn: str, namespace: Namespace) -> None:
        try:
            client("iam", self._settings).get_role(RoleName=arn.rsplit("/", 1)[-1])
        except ClientError as error:
            raise _not_authorized(arn, "the role does not exist") from error
        if not any(trusts(arn, service, namespace.arn) for service in _SERVICES):
            raise _not_authorized(arn, "its trust policy does not let redshift.amazonaws.com act as it")


def _associated(namespace: Namespace, role: str) -> str:
    if role == DEFAULT_ROLE:
        if not namespace.default_role:
            message = "ERROR: The namespace has no default IAM role: set defaultIamRoleArn"
            raise StatementFailed(message)
        return namespace.default_role
    if role not in namespace.iam_roles:
        raise _not_authorized(role, "the role is not associated with the namespace")
    return role


def _not_authorized(arn: str, detail: str) -> StatementFailed:
    return StatementFailed(f"ERROR: Not authorized to get credentials of role {arn} Detail: {detail}")
