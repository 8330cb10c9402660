"""What each pipeline of dags/ may do: the one place to declare it, pipeline by pipeline."""

from dataclasses import dataclass

from infra.admin_secret import admin_secret_arn_pattern
from infra.arns import Arns
from infra.constructs.pipeline_policy import PipelinePolicy
from infra.secrets_backend import secret_patterns
from mwaactl.config.environment import SecretsConfig


@dataclass(frozen=True, slots=True)
class Landscape:
    """What pipelines can be allowed to use.

    Attributes:
        arns: ARNs of everything whose name is fixed.
        key_arn: ARN of the environment's key.
        workgroup_arn: ARN of the warehouse's workgroup.
    """

    arns: Arns
    key_arn: str
    workgroup_arn: str


def grant_pipelines(
    policy: PipelinePolicy, landscape: Landscape, secrets: SecretsConfig | None = None
) -> None:
    """Declare what every pipeline needs.

    Args:
        policy: The policy that all of it lands in.
        landscape: What there is.
        secrets: Where Airflow itself looks connections and variables up, for all of them.
    """
    if secrets and (patterns := secret_patterns(landscape.arns.names, secrets)):
        region = landscape.arns.names.region
        policy.pipeline("airflow").grant_secrets(*patterns, key_arn=landscape.key_arn, region=region)
    _nyc_flights(policy, landscape)


def _nyc_flights(policy: PipelinePolicy, landscape: Landscape) -> None:
    """Wait for landed files, have the function normalise them, and run SQL in the warehouse."""
    names = landscape.arns.names
    grants = policy.pipeline("nyc_flights")
    grants.grant_list(names.data_bucket, "landing/nyc_flights")
    grants.grant_invoke(landscape.arns.normalise_function)
    grants.grant_sql(
        landscape.workgroup_arn,
        secret_arn=admin_secret_arn_pattern(names),
        key_arn=landscape.key_arn,
        region=names.region,
    )
