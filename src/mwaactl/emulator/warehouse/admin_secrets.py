"""Managed admin passwords, kept in the emulated Secrets Manager as Redshift keeps them."""

from __future__ import annotations

import json
import secrets
import string
from typing import TYPE_CHECKING

from mwaactl.emulator.loopback import client

if TYPE_CHECKING:
    from mwaactl.emulator.settings import EmulatorSettings
    from mwaactl.emulator.warehouse.namespaces import Namespace

_ALPHABET = string.ascii_letters + string.digits + "!#$%&()*+-"


class SecretsManagerAdminSecrets:
    """Creates and deletes the secrets through the Secrets Manager API.

    https://docs.aws.amazon.com/redshift/latest/mgmt/redshift-secrets-manager-integration.html
    """

    def __init__(self, settings: EmulatorSettings) -> None:
        self._settings = settings

    def create(self, namespace: Namespace) -> str:
        """Store a new password for the namespace's admin user and return the secret's ARN."""
        secret = {"username": namespace.admin_username, "password": _password()}
        answer = client("secretsmanager", self._settings, namespace.region).create_secret(
            Name=f"redshift!{namespace.name}-{namespace.admin_username}",
            Description=f"Secret associated with Amazon Redshift Serverless namespace: {namespace.arn}",
            SecretString=json.dumps(secret),
            **({"KmsKeyId": namespace.secret_kms_key} if namespace.secret_kms_key else {}),
        )
        return str(answer["ARN"])

    def delete(self, namespace: Namespace) -> None:
        """Remove the namespace's secret at once, so that the name is free again."""
        api = client("secretsmanager", self._settings, namespace.region)
        try:
            api.delete_secret(SecretId=namespace.secret_arn, ForceDeleteWithoutRecovery=True)
        except api.exceptions.ResourceNotFoundException:
            return  # somebody deleted it by hand: nothing is left to remove


def _password() -> str:
    required = (string.ascii_lowercase, string.ascii_uppercase, string.digits)
    head = "".join(secrets.choice(letters) for letters in required)
    return head + "".join(secrets.choice(_ALPHABET) for _ in range(29))
