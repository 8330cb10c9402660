"""Namespaces of Redshift Serverless: what holds the data, the admin user and the associated roles."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from threading import RLock
from typing import TYPE_CHECKING, Any, Protocol

from mwaactl.emulator.warehouse.faults import conflict, invalid, missing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

_DB_NAME = re.compile(r"[a-zA-Z_][\w$]{0,63}")
_UNMODELLED = ("redshiftIdcApplicationArn", "logDestinationType", "s3TableAction", "s3TableNames")
_PASSWORD = re.compile(r"(?=.*[a-z])(?=.*[A-Z])(?=.*\d)[!-~]{8,64}")
_FORBIDDEN_IN_PASSWORD = frozenset("/@\"'\\ ")


@dataclass(frozen=True, slots=True)
class Namespace:
    """One namespace; `to_wire` gives the members of the API's Namespace shape."""

    name: str
    region: str
    arn: str
    namespace_id: str
    db_name: str
    admin_username: str
    created: datetime
    iam_roles: tuple[str, ...] = ()
    default_role: str | None = None
    kms_key: str | None = None
    secret_arn: str | None = None
    secret_kms_key: str | None = None
    log_exports: tuple[str, ...] = ()
    status: str = "AVAILABLE"
    admin_password: str | None = field(default=None, repr=False)

    def to_wire(self) -> dict[str, Any]:
        """Return the members of the Namespace shape; never the password."""
        return {
            "namespaceName": self.name,
            "namespaceArn": self.arn,
            "namespaceId": self.namespace_id,
            "dbName": self.db_name,
            "adminUsername": self.admin_username,
            "creationDate": self.created,
            "iamRoles": list(self.iam_roles),
            "defaultIamRoleArn": self.default_role,
            "kmsKeyId": self.kms_key or "AWS_OWNED_KMS_KEY",
            "adminPasswordSecretArn": self.secret_arn,
            "adminPasswordSecretKmsKeyId": self.secret_kms_key,
            "logExports": list(self.log_exports),
            "status": self.status,
        }


class AdminSecrets(Protocol):
    """Where managed admin passwords are kept."""

    def create(self, namespace: Namespace) -> str:
        """Store a new password for the namespace's admin user and return the secret's ARN."""

    def delete(self, namespace: Namespace) -> None:
        """Remove the namespace's secret."""


class Namespaces:
    """The namespaces of one account, by region and name.

    Args:
        account_id: The account in ARNs.
        secrets: Where managed admin passwords are kept.
        in_use: Whether a workgroup is attached to a namespace.
        drop_data: What removes a namespace's data for good.
    """

    def __init__(
        self,
        account_id: str,
        secrets: AdminSecrets,
        in_use: Callable[[Namespace], bool],
        drop_data: Callable[[Namespace], None],
    ) -> None:
        self._account = account_id
        self._secrets = secrets
        self._in_use = in_use
        self._drop_data = drop_data
        self._items: dict[tuple[str, str], Namespace] = {}
        self._lock = RLock()

    def all(self) -> list[Namespace]:
        """Return the namespaces of all regions."""
        return list(self._items.values())

    def install(self, namespaces: Iterable[Namespace]) -> None:
        """Hold what another process held."""
        self._items = {(item.region, item.name): item for item in namespaces}

    def get(self, region: str, name: str) -> Namespace:
        """Return a namespace, or raise ResourceNotFoundException."""
        try:
            return self._items[region, name]
        except KeyError:
            msg = f"The namespace {name} wasn't found."
            raise missing(msg) from None

    def find_arn(self, arn: str) -> Namespace | None:
        """Return the namespace with this ARN, if there is one."""
        return next((item for item in self._items.values() if item.arn == arn), None)

    def list(self, region: str) -> list[Namespace]:
        """Return the namespaces of a region, by name."""
        return sorted((item for item in self._items.values() if item.region == region), key=lambda n: n.name)

    def create(self, params: Mapping[str, Any], region: str) -> Namespace:
        """Create a namespace from the parameters of CreateNamespace."""
        _validate(params)
        name = params["namespaceName"]
        with self._lock:
            if (region, name) in self._items:
                msg = f"A namespace with the name {name} already exists."
                raise conflict(msg)
            namespace = _apply(self._fresh(name, region, params), params)
            if params.get("manageAdminPassword"):
                namespace = replace(namespace, secret_arn=self._secrets.create(namespace))
            self._items[region, name] = namespace
        return namespace

    def _fresh(self, name: str, region: str, params: Mapping[str, Any]) -> Namespace:
        identity = str(uuid.uuid4())
        return Namespace(
            name=name,
            region=region,
            arn=f"arn:aws:redshift-serverless:{region}:{self._account}:namespace/{identity}",
            namespace_id=identity,
            db_name=params.get("dbName", "dev").lower(),
            admin_username="admin",
            created=datetime.now(UTC),
        )

    def update(self, params: Mapping[str, Any], region: str) -> Namespace:
        """Change a namespace as UpdateNamespace does: only what is given."""
        with self._lock:
            before = self.get(region, params["namespaceName"])
            _validate({"iamRoles": list(before.iam_roles), **params})
            after = self._managed_password(_apply(before, params), params)
            self._items[region, before.name] = after
        return after

    def _managed_password(self, namespace: Namespace, params: Mapping[str, Any]) -> Namespace:
        wanted = params.get("manageAdminPassword")
        if wanted and not namespace.secret_arn:
            return replace(namespace, secret_arn=self._secrets.create(namespace), admin_password=None)
        if namespace.secret_arn and (wanted is False or params.get("adminUserPassword")):
            if not params.get("adminUserPassword"):
                msg = "adminUserPassword is required to stop managing the admin password."
                raise invalid(msg)
            self._secrets.delete(namespace)
            return replace(namespace, secret_arn=None, secret_kms_key=None)
        return namespace

    def delete(self, params: Mapping[str, Any], region: str) -> Namespace:
        """Delete a namespace, its data and its managed secret."""
        if params.get("finalSnapshotName"):
            msg = "the emulator does not model snapshots: leave finalSnapshotName out"
            raise invalid(msg)
        with self._lock:
            namespace = self.get(region, params["namespaceName"])
            if self._in_use(namespace):
                msg = f"The namespace {namespace.name} has a workgroup: delete the workgroup first."
                raise conflict(msg)
            if namespace.secret_arn:
                self._secrets.delete(namespace)
            self._drop_data(namespace)
            del self._items[region, namespace.name]
        return replace(namespace, status="DELETING")


def _apply(namespace: Namespace, params: Mapping[str, Any]) -> Namespace:
    roles = params.get("iamRoles")
    return replace(
        namespace,
        admin_username=params.get("adminUsername", namespace.admin_username),
        admin_password=params.get("adminUserPassword", namespace.admin_password),
        iam_roles=tuple(dict.fromkeys(roles)) if roles is not None else namespace.iam_roles,
        default_role=params.get("defaultIamRoleArn", namespace.default_role) or None,
        kms_key=params.get("kmsKeyId", namespace.kms_key),
        secret_kms_key=params.get("adminPasswordSecretKmsKeyId", namespace.secret_kms_key),
        log_exports=tuple(params.get("logExports", namespace.log_exports)),
    )


def _validate(params: Mapping[str, Any]) -> None:
    for name in _UNMODELLED:
        if name in params:
            msg = f"the emulator does not model {name}"
            raise invalid(msg)
    if not _DB_NAME.fullmatch(params.get("dbName", "dev")):
        msg = "dbName must begin with a letter and hold letters, digits, _ and $ only"
        raise invalid(msg)
    role = params.get("defaultIamRoleArn")
    if role and role not in params.get("iamRoles", ()):
        msg = f"The default IAM role {role} isn't one of the namespace's IAM roles."
        raise invalid(msg)
    _validate_password(params)


def _validate_password(params: Mapping[str, Any]) -> None:
    password = params.get("adminUserPassword")
    if password is None:
        return
    if params.get("manageAdminPassword"):
        msg = "You can't use adminUserPassword if manageAdminPassword is true."
        raise invalid(msg)
    if not _PASSWORD.fullmatch(password) or _FORBIDDEN_IN_PASSWORD & set(password):
        msg = "adminUserPassword must have 8-64 characters with a capital, a small letter and a digit"
        raise invalid(msg)
