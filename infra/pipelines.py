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
    _assets(policy, landscape)
    _nyc_flights(policy, landscape)
    _reference_pipelines(policy, landscape)


def _assets(policy: PipelinePolicy, landscape: Landscape) -> None:
    """What making any asset takes: its files, history, quarantine and state, and SQL in the warehouse."""
    names = landscape.arns.names
    grants = policy.pipeline("assets")
    places = ("_assets", "lake", "quarantine")
    grants.grant_list(names.data_bucket)
    grants.grant_read(names.data_bucket, "_state", *places)
    grants.grant_write(names.data_bucket, "_state", *places)
    grants.grant_delete(names.data_bucket, *places)
    grants.grant_sql(
        landscape.workgroup_arn,
        secret_arn=admin_secret_arn_pattern(names),
        key_arn=landscape.key_arn,
        region=names.region,
        single=True,
    )


def _nyc_flights(policy: PipelinePolicy, landscape: Landscape) -> None:
    """Have the function normalise landed files."""
    policy.pipeline("nyc_flights").grant_invoke(landscape.arns.normalise_function)


def _reference_pipelines(policy: PipelinePolicy, landscape: Landscape) -> None:
    """Read what lands and what is left of it, tell of failures, and serve applications."""
    names = landscape.arns.names
    grants = policy.pipeline("reference")
    landing = ("approvals", "nyc_flights", "on_arrival", "quality_gate")
    normalised = ("flights_by_file", "nyc_flights")
    places = (*(f"landing/{each}" for each in landing), *(f"normalised/{each}" for each in normalised))
    grants.grant_read(names.data_bucket, *places)
    grants.grant_publish(landscape.arns.warn_topic, key_arn=landscape.key_arn, region=names.region)
    grants.grant_receive(landscape.arns.landed_queue)
    grants.grant_items(landscape.arns.serving_table, key_arn=landscape.key_arn, region=names.region)
