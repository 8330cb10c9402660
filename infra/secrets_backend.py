"""Where Airflow looks connections and variables up: Secrets Manager, below the configured prefixes."""

import json
from collections.abc import Mapping

from mwaactl.config.environment import SecretsConfig
from mwaactl.config.names import Names

BACKEND = "airflow.providers.amazon.aws.secrets.secrets_manager.SecretsManagerBackend"

# MWAA's own default for the backend; whoever sets the arguments has to keep it, or every task that uses
# `aws_default`, which MWAA gives as a variable, asks Secrets Manager in vain.
# https://docs.aws.amazon.com/mwaa/latest/userguide/connections-secrets-manager.html
CONNECTIONS_PATTERN = "^(?!aws_default$).*$"


def secrets_options(secrets: SecretsConfig | None) -> Mapping[str, str]:
    """Return the Airflow options that wire the backend in; none where nothing is configured.

    A prefix that is not configured is said as null: the backend then looks nothing of that kind up.
    """
    if secrets is None:
        return {}
    arguments = {
        "connections_prefix": secrets.connections_prefix,
        "connections_lookup_pattern": CONNECTIONS_PATTERN,
        "variables_prefix": secrets.variables_prefix,
        "config_prefix": None,
    }
    return {"secrets.backend": BACKEND, "secrets.backend_kwargs": json.dumps(arguments)}


def secret_patterns(names: Names, secrets: SecretsConfig) -> list[str]:
    """Return patterns for the ARNs of the secrets that Airflow may look up."""
    prefix = f"arn:aws:secretsmanager:{names.region}:{names.account}:secret"
    given = (secrets.connections_prefix, secrets.variables_prefix)
    return [f"{prefix}:{each}/*" for each in dict.fromkeys(given) if each]
