"""The CDK app: `cdk synth` and `cdk deploy` run this module (see cdk.json).

The environment is the context value `environment` (`-c environment=prod`), else the environment variable
MWAACTL_ENVIRONMENT, else `default_environment` of mwaactl.toml.
"""

import sys
from functools import cache
from pathlib import Path

from aws_cdk import App, CloudFormationValidatePlugin, Tags, Validations

from infra.constructs.existing_network import ExistingNetwork
from infra.context import file_context, zones_context
from infra.mwaa_checks import MwaaChecks
from infra.retention import DESTROY_CONTEXT, one_key_missing, release_data, releases_data
from infra.stacks.deployment import DeploymentStack
from infra.stacks.endpoints import EndpointsStack
from infra.stacks.environment import EnvironmentStack
from infra.stacks.functions import FunctionsStack
from infra.stacks.network import NetworkStack
from infra.stacks.observability import ObservabilityStack
from infra.stacks.storage import StorageStack
from infra.stacks.warehouse import WarehouseStack
from mwaactl.config.environment import EnvironmentConfig
from mwaactl.config.load import load_config, select_environment
from mwaactl.config.location import find_config
from mwaactl.errors import MwaactlError

CHECKS_CONTEXT, EVERY_CHECK = "checks", "all"
"""`-c checks=all` has cdk-nag look on as well, as `mwaactl check` does: it takes a while to load."""


def new_app(outdir: Path | None = None) -> App:
    """Make an empty app whose synthesis fails on a finding of our own rules.

    Args:
        outdir: Where the templates go; None where the command `cdk` wants them.
    """
    app = App(
        outdir=None if outdir is None else str(outdir),
        context=file_context(),
        analytics_reporting=False,
        tree_metadata=False,
    )
    Validations.of(app).add_plugins(MwaaChecks(), _schemas_of_resources())
    return app


@cache
def _schemas_of_resources() -> CloudFormationValidatePlugin:
    """The CDK's own validation, once for all apps of a process.

    Its default rules are about GameLift alone and cost a third of a small app's synthesis.
    """
    return CloudFormationValidatePlugin(include_default_rules=False)


def add_stacks(app: App, config: EnvironmentConfig) -> None:
    """Add the stacks of one environment; what one needs of another becomes an export of the other."""
    for key, zones in zones_context(config).items():
        app.node.set_context(key, zones)
    storage = StorageStack(app, config=config)
    network = _network(app, config, storage)
    warehouse = WarehouseStack(
        app, config=config, key=storage.key, vpc=network.vpc, subnets=network.warehouse_subnets
    )
    functions = FunctionsStack(app, config=config, key=storage.key)
    environment = EnvironmentStack(
        app,
        config=config,
        key=storage.key,
        vpc=network.vpc,
        subnets=network.private_subnets,
        copy_role_arn=warehouse.copy_role_arn,
        workgroup_arn=warehouse.workgroup_arn,
    )
    environment.add_stack_dependency(functions, "The DAGs invoke the functions")
    observability = ObservabilityStack(app, config=config, key=storage.key)
    observability.add_stack_dependency(environment, "Filters need log groups, and alarms what they watch")
    if config.deployment:
        DeploymentStack(app, config=config, deployment=config.deployment, key=storage.key)
    for tag, value in config.tags.items():
        Tags.of(app).add(tag, value)


def _network(app: App, config: EnvironmentConfig, storage: StorageStack) -> NetworkStack | ExistingNetwork:
    """The network's stack, or references to a VPC that somebody else keeps, which make no stack."""
    vpc = config.network.vpc
    if vpc is None:
        return NetworkStack(app, config=config, key=storage.key)
    if vpc.owner:
        EndpointsStack(app, config=config, vpc=vpc)
    return ExistingNetwork(
        storage,
        "Network",
        vpc_id=vpc.vpc_id,
        zones=config.availability_zones,
        subnet_ids=vpc.subnets,
        warehouse_subnet_ids=vpc.warehouse_subnets,
    )


def configured(app: App) -> EnvironmentConfig:
    """Read the configuration of the environment that the app is for.

    Raises:
        ConfigError: There is no such environment, or the configuration cannot be used.
    """
    config = load_config(find_config(Path(__file__).parent))
    return select_environment(config, app.node.try_get_context("environment"))


def main() -> int:
    """Synthesise the chosen environment; return the exit code."""
    app = new_app()
    try:
        config = configured(app)
        named = app.node.try_get_context(DESTROY_CONTEXT)
        released = releases_data(config, named)
        add_stacks(app, config)
    except MwaactlError as error:
        hint = f"\n\nhint: {error.hint}" if error.hint else ""
        sys.stderr.write(f"error: {error.message}{hint}\n")
        return 1
    if released:
        release_data(app)
    if (kept := one_key_missing(config, named)) is not None:
        sys.stderr.write(f"note: {kept}\n")
    if app.node.try_get_context(CHECKS_CONTEXT) == EVERY_CHECK:
        from infra.compliance import hold_to_every_pack

        hold_to_every_pack(app)
    app.synth()
    return 0


if __name__ == "__main__":
    sys.exit(main())
