"""How long what accumulates is kept."""

from aws_cdk import App, CfnDeletionPolicy, CfnResource, Duration, RemovalPolicy
from aws_cdk.aws_logs import RetentionDays

from mwaactl.config.environment import EnvironmentConfig
from mwaactl.errors import ConfigError

DESTROY_CONTEXT = "destroy_data"

LOGS = RetentionDays.THREE_MONTHS
"""Every log group: long enough to look into an incident, short enough to be cheap."""

ACCESS_LOGS = Duration.days(90)

HOLDS_DATA = RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE
"""Buckets, the key and the warehouse outlive their stack, unless the stack never came to be."""


def releases_data(config: EnvironmentConfig, named: str | None) -> bool:
    """Say whether what holds data may go with its stack: only if the file and the command say so.

    Args:
        config: The environment; its `data` is the first key.
        named: The environment that the context value `destroy_data` names, the second key; None for none.

    Raises:
        ConfigError: The command asks for it, and the file does not, or it names another environment.
    """
    if named is None:
        return False
    name = config.environment
    if named != name:
        message = f"`{DESTROY_CONTEXT}` is `{named}`, but this is `{name}`"
        raise ConfigError(
            message, hint=f"nothing is deleted: name the environment, `-c {DESTROY_CONTEXT}={name}`"
        )
    if config.data != "delete":
        message = f"`{name}` keeps its data: `environments.{name}.data` is `{config.data}`"
        raise ConfigError(message, hint='to let it go with its stacks, set `data = "delete"` as well')
    return True


def one_key_missing(config: EnvironmentConfig, named: str | None) -> str | None:
    """Say in words that data is kept although the file would let it go; None where that is not so."""
    if config.data != "delete" or named is not None:
        return None
    name = config.environment
    return (
        f'`{name}` keeps its data: deleting it needs `-c {DESTROY_CONTEXT}={name}` beside `data = "delete"`'
    )


def release_data(app: App) -> None:
    """Let everything that holds data go with its stack; call it when all stacks are there.

    A bucket goes only if it is empty, and no custom resource empties it.
    """
    for construct in app.node.find_all():
        if isinstance(construct, CfnResource) and _is_kept(construct):
            construct.apply_removal_policy(RemovalPolicy.DESTROY)


def _is_kept(resource: CfnResource) -> bool:
    return resource.cfn_options.deletion_policy == CfnDeletionPolicy.RETAIN_EXCEPT_ON_CREATE
