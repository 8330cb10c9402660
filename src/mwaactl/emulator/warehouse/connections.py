"""Who may connect to what: the workgroup, the database and the secret of a Data API request."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from mwaactl.emulator.loopback import client
from mwaactl.emulator.warehouse.faults import ServiceFault, invalid

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mwaactl.emulator.settings import EmulatorSettings
    from mwaactl.emulator.warehouse.namespaces import Namespace, Namespaces
    from mwaactl.emulator.warehouse.workgroups import Workgroups


@dataclass(frozen=True, slots=True)
class Connection:
    """What a request is connected to."""

    workgroup: str
    namespace: Namespace
    database: str
    secret_arn: str | None

    @property
    def database_exists(self) -> bool:
        """Whether the namespace has the database."""
        return self.database.lower() == self.namespace.db_name


class Connections:
    """Checks requests as the Data API does before it submits anything."""

    def __init__(self, settings: EmulatorSettings, namespaces: Namespaces, workgroups: Workgroups) -> None:
        self._settings = settings
        self._namespaces = namespaces
        self._workgroups = workgroups

    def open(self, params: Mapping[str, Any], region: str, *, database: str = "Database") -> Connection:
        """Return the connection that a request asks for.

        Args:
            params: The request's parameters.
            region: The request's region.
            database: The parameter that names the database to connect to.

        Raises:
            ServiceFault: ValidationException if it may not connect.
        """
        if "ClusterIdentifier" in params:
            message = "the emulator does not model provisioned clusters: use WorkgroupName"
            raise invalid(message)
        if "DbUser" in params:
            message = (
                "DbUser isn't supported with WorkgroupName: use SecretArn, or the caller's IAM identity."
            )
            raise invalid(message)
        if "WorkgroupName" not in params or database not in params:
            message = f"WorkgroupName and {database} are required."
            raise invalid(message)
        namespace = self._namespace(params["WorkgroupName"], region)
        secret = params.get("SecretArn")
        if secret:
            self._check_secret(secret, namespace)
        return Connection(params["WorkgroupName"], namespace, params[database], secret)

    def _namespace(self, name: str, region: str) -> Namespace:
        try:
            found = self._workgroups.find_arn(name) or self._workgroups.get(region, name)
        except ServiceFault:
            message = "Redshift endpoint doesn't exist in this region."
            raise invalid(message) from None
        if found.status not in {"AVAILABLE", "MODIFYING"}:
            message = f"The workgroup {found.name} is not available: its status is {found.status}."
            raise invalid(message)
        return self._namespaces.get(found.region, found.namespace_name)

    def _check_secret(self, arn: str, namespace: Namespace) -> None:
        api = client("secretsmanager", self._settings, namespace.region)
        try:
            stored = api.get_secret_value(SecretId=arn)
            secret = json.loads(stored["SecretString"])
            user, password = secret["username"], secret["password"]
        except ClientError as error:
            raise invalid(error.response["Error"]["Message"]) from error
        except (ValueError, KeyError, TypeError):
            message = f"The secret {arn} does not hold a username and a password."
            raise invalid(message) from None
        managed = namespace.secret_arn == stored["ARN"]  # the caller may have given the name
        if user != namespace.admin_username or not (managed or password == namespace.admin_password):
            msg = f'FATAL: password authentication failed for user "{user}"'
            raise invalid(msg)
