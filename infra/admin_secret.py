"""The secret that Redshift keeps its administrator's password in.

CloudFormation does not hand out its ARN (https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/2021),
but its name follows from the namespace, and the Redshift Data API takes a name as well as an ARN.
"""

from mwaactl.config.names import Names

ADMIN_USER = "admin"


def secret_name_of(namespace: str) -> str:
    """Name of a namespace's secret, for example `redshift!flights-prod-admin`."""
    return f"redshift!{namespace}-{ADMIN_USER}"


def admin_secret_name(names: Names) -> str:
    """Name of the environment's secret."""
    return secret_name_of(names.namespace)


def admin_secret_arn_pattern(names: Names) -> str:
    """Pattern for its ARN: Secrets Manager adds a hyphen and six characters of its own."""
    secret = admin_secret_name(names)
    return f"arn:aws:secretsmanager:{names.region}:{names.account}:secret:{secret}-??????"
